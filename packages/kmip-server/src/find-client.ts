/** Whose certificate a peer has shown: a registered one, or one that a client authority has issued. */

import type { ClientAuthorityRecord, KeyStore } from '@claviger/key-store';
import {
  assessClientCertificate,
  certificateValidityAt,
  isIssuedBy,
  matchesSubjectRule,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
  parseSubjectRule,
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
 */
export async function findClient(
  store: ClientStore,
  { fingerprintSha256, certificate }: Pick<Peer, 'fingerprintSha256' | 'certificate'>,
  now: number,
): Promise<ClientRecord | undefined> {
  if (fingerprintSha256 === undefined || certificate === undefined) return undefined;
  const registered = await store.findPrincipal(fingerprintSha256);
  if (registered !== undefined) return registered;
  const authorities = await store.listClientAuthorities(undefined);
  if (authorities.length === 0) return undefined;
  const leaf = acceptable(certificate.toString());
  if (leaf === undefined) return undefined;
  const authority = authorities.find((candidate) => hasIssued(candidate, leaf, now));
  return authority && (await issuedClient(store, authority, leaf));
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

function hasIssued(
  authority: ClientAuthorityRecord,
  leaf: ParsedCertificate,
  now: number,
): boolean {
  if (certificateValidityAt(authority, now) !== 'valid') return false;
  const { subjectRule, pem } = authority;
  if (subjectRule !== null && !matchesSubjectRule(leaf.subject, parseSubjectRule(subjectRule))) {
    return false;
  }
  return isIssuedBy(leaf, parseCertificate(pem));
}

/** What a stranger shows may be anything: what cannot be read or is weak is nobody's certificate. */
function acceptable(pem: string): ParsedCertificate | undefined {
  try {
    const certificate = parseCertificate(pem);
    return assessClientCertificate(certificate).kind === 'acceptable' ? certificate : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
