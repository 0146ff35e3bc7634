/** Whose certificate a peer has shown: a registered one, or one that a client authority has issued. */

import type { ClientAuthorityRecord, KeyStore } from '@claviger/key-store';
import {
  type CertificatePolicy,
  findAdmittingAuthority,
  type ParsedCertificate,
} from '@claviger/pki';
import type { ClientRecord } from './principal.ts';
import type { Peer } from './transport/peer.ts';

type ClientStore = Pick<
  KeyStore,
  'findPrincipal' | 'findAuthorityPrincipal' | 'listClientAuthorities'
>;

/**
 * A registered certificate counts before any authority; of several authorities, the oldest.
 *
 * @param now - Milliseconds since the epoch.
 * @param policy - For certificates that nobody has looked at: those that an authority has issued.
 */
export async function findClient(
  store: ClientStore,
  peer: Pick<Peer, 'fingerprintSha256' | 'certificate'>,
  now: number,
  policy: CertificatePolicy = {},
): Promise<ClientRecord | undefined> {
  if (peer.fingerprintSha256 === undefined) return undefined;
  const registered = await store.findPrincipal(peer.fingerprintSha256);
  if (registered !== undefined) return registered;
  // Parsed by the peer when it is asked for: of a registered client it never is.
  const { certificate } = peer;
  if (certificate === undefined) return undefined;
  const authorities = await store.listClientAuthorities(undefined);
  const admission = findAdmittingAuthority(authorities, now, policy)(certificate.toString());
  return admission && (await issuedClient(store, admission.authority, admission.certificate));
}

/** The same client as the store knows it now; undefined when it is shut out. */
export async function findClientAgain(
  store: ClientStore,
  { authority, certificate }: ClientRecord,
): Promise<ClientRecord | undefined> {
  if (authority === undefined) return await store.findPrincipal(certificate.fingerprintSha256);
  const current = await store.findAuthorityPrincipal(authority.id);
  return current && { ...current, certificate };
}

async function issuedClient(
  store: ClientStore,
  { id }: ClientAuthorityRecord,
  { fingerprintSha256, notBefore, notAfter }: ParsedCertificate,
): Promise<ClientRecord | undefined> {
  const principal = await store.findAuthorityPrincipal(id);
  if (principal === undefined) return undefined; // removed just now
  const { authority } = principal;
  return {
    ...principal,
    certificate: {
      fingerprintSha256,
      // The client is let in while both hold.
      notBefore: Math.max(notBefore, authority.notBefore),
      notAfter: Math.min(notAfter, authority.notAfter),
      createdBy: authority.createdBy ?? undefined,
    },
  };
}
