/** The certificates whose end is announced: those of the store, of the servers, and of the authority here. */
import type { ClientCertificateIssuer } from '@claviger/management-api';
import type { ParsedCertificate } from '@claviger/pki';
import type { CertificateKind, WatchedCertificate } from './certificate-expiry.ts';
import type { Installation } from './installation.ts';
import type { ServerCertificate } from './server-certificate.ts';

export interface CertificateSources {
  readonly store: Pick<Installation['store'], 'listCertificates' | 'listClientAuthorities'>;
  /** What the servers show now. */
  serverCertificate(): ServerCertificate;
  /** Whether the gateway renews that by itself. */
  readonly isRenewedHere: boolean;
  readonly issuer: Pick<ClientCertificateIssuer, 'authority'>;
  /** The authority cannot be read: the others are watched all the same. */
  onUnreadableAuthority(error: unknown): undefined;
}

const RENEWED_HERE =
  'It is renewed with the same key in its last 30 days; clients that trust the certificate itself, such as vCenter, must trust the new one then. SIGHUP renews it at once when it ends that soon.';

export async function watchedCertificates(
  sources: CertificateSources,
): Promise<readonly WatchedCertificate[]> {
  const [clients, authorities, issuing] = await Promise.all([
    sources.store.listCertificates(undefined),
    sources.store.listClientAuthorities(undefined),
    sources.issuer.authority().catch(sources.onUnreadableAuthority),
  ]);
  const { certificate: server } = sources.serverCertificate();
  return [
    { ...own('server', server), ...(sources.isRenewedHere && { advice: RENEWED_HERE }) },
    ...(issuing === undefined ? [] : [own('issuing-authority', issuing.certificate)]),
    ...clients.map((record) => ({ kind: 'client' as const, ...record })),
    ...authorities.map((record) => ({ kind: 'client-authority' as const, ...record })),
  ];
}

/** A certificate that is no record of the store: the kind is its id. */
function own(kind: CertificateKind, certificate: ParsedCertificate): WatchedCertificate {
  const { fingerprintSha256, subject, notBefore, notAfter } = certificate;
  const adapterId = undefined;
  return { kind, id: kind, name: kind, adapterId, fingerprintSha256, subject, notBefore, notAfter };
}
