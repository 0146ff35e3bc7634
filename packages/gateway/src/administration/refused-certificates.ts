/** Certificates that were refused at the door, and how their owners are let in after all. */
import type {
  AdapterRecord,
  CertificateRecord,
  RefusedCertificateRecord,
} from '@claviger/key-store';
import { MAX_REFUSED_CERTIFICATES } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import { type CertificateWarning, parseCertificate } from '@claviger/pki';
import type { Installation } from '../installation.ts';
import { type Administrator, commitDeeds, type Deed, recordFailure } from './administrator.ts';
import { CERTIFICATE_RESOURCE, commonNameOf } from './certificate-record.ts';
import { addCertificate, fingerprintIn } from './certificates.ts';
import { clientWarnings } from './client-warnings.ts';

/** Newest first; those that were let in since are left out. */
export async function listRefusedCertificates(
  installation: Installation,
  administrator: Administrator,
): Promise<readonly RefusedCertificateRecord[]> {
  const { store } = installation;
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    requestData: { resourceType: CERTIFICATE_RESOURCE },
  };
  const page = { offset: 0, limit: MAX_REFUSED_CERTIFICATES };
  const { items } = await store.listRefusedCertificates(page);
  // Attempts are counted by the minute: the last of them may be written after the client was let in.
  const trustedAt = new Map(
    (await store.listCertificates(undefined)).map((certificate) => [
      certificate.fingerprintSha256,
      certificate.createdAt,
    ]),
  );
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return items.filter(
    ({ fingerprintSha256, lastAt }) => lastAt > (trustedAt.get(fingerprintSha256) ?? -Infinity),
  );
}

export interface TrustedCertificate {
  readonly adapter: AdapterRecord;
  readonly certificate: CertificateRecord;
  /** What should be known of it. */
  readonly warnings: readonly CertificateWarning[];
}

/**
 * Makes a certificate that was refused the one of a client of an adapter, at once.
 *
 * @param fingerprint - SHA-256 or SHA-1, colons or none.
 * @throws ClavigerError `item-not-found` (never refused, no such adapter), `name-already-exists`,
 * `invalid-field` (expired, weak).
 */
export async function trustCertificate(
  installation: Installation,
  administrator: Administrator,
  request: {
    readonly fingerprint: string;
    readonly adapter: string;
    /** Default: the common name of its subject. */
    readonly name: string | undefined;
  },
): Promise<TrustedCertificate> {
  const given = fingerprintIn(request.fingerprint);
  const refused =
    given === undefined ? undefined : await installation.store.findRefusedCertificate(given);
  if (refused === undefined) {
    const error = new ClavigerError(
      'item-not-found',
      `No certificate ${JSON.stringify(request.fingerprint)} was refused; \`claviger cert refused\` shows all.`,
    );
    await fail(installation, administrator, error);
    throw error;
  }
  const certificate = parseCertificate(refused.pem);
  const warnings = clientWarnings(certificate);
  if (warnings instanceof ClavigerError) {
    await fail(installation, administrator, warnings);
    throw warnings;
  }
  const name = request.name ?? commonNameOf(certificate.subject);
  const { fingerprintSha256 } = refused;
  const added = await addCertificate(
    installation,
    administrator,
    request.adapter,
    { certificate, name },
    [{ kind: 'forget-refused-certificate', fingerprintSha256 }],
  );
  return { ...added, warnings };
}

async function fail(
  installation: Installation,
  administrator: Administrator,
  error: ClavigerError,
): Promise<void> {
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.create',
    target: { kind: 'instance' },
    requestData: { resourceType: CERTIFICATE_RESOURCE },
  };
  await recordFailure(installation, administrator, [deed], error);
}
