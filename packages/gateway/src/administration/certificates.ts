import type { AdapterRecord, CertificateRecord, Change } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import { certificateValidityAt, PkiError, parseFingerprint } from '@claviger/pki';
import type { Installation } from '../installation.ts';
import {
  type Administrator,
  actorOf,
  commitDeeds,
  type Deed,
  recordFailure,
} from './administrator.ts';
import {
  CERTIFICATE_RESOURCE,
  certificateDeed,
  type NewCertificate,
  toCertificateRecord,
} from './certificate-record.ts';
import { nameProblem } from './check-name.ts';
import { findAdapter } from './find-adapter.ts';

/**
 * Lets the client that holds a certificate in, as the adapter.
 *
 * @param withIt - What changes in the same commit.
 * @throws ClavigerError `item-not-found` (no such adapter), `name-already-exists` (the certificate is
 * registered), `invalid-field` (expired).
 */
export async function addCertificate(
  installation: Installation,
  administrator: Administrator,
  adapterIdOrName: string,
  request: NewCertificate,
  withIt: readonly Change[] = [],
): Promise<{ readonly adapter: AdapterRecord; readonly certificate: CertificateRecord }> {
  const { ambient } = installation;
  const adapter = await findAdapter(
    installation,
    administrator,
    adapterIdOrName,
    'create',
    CERTIFICATE_RESOURCE,
  );
  const certificate = toCertificateRecord(ambient, adapter, request, actorOf(administrator));
  const deed = certificateDeed('create', certificate);
  const problem =
    nameProblem('a certificate', request.name) ?? expiryProblem(certificate, ambient.clock.now());
  if (problem !== undefined) {
    // A name that cannot be kept does not belong into the log either.
    const nameless: Deed = { ...deed, target: { kind: 'instance' } };
    await recordFailure(installation, administrator, [nameless], problem);
    throw problem;
  }
  const changes = [{ kind: 'insert-certificate', certificate } as const, ...withIt];
  await commitDeeds(installation, administrator, { changes, deeds: [deed] }, (refused) => {
    if (refused.kind !== 'duplicate') {
      return refused.kind === 'not-found' && refused.what === 'adapter'
        ? `The adapter ${adapter.name} was deleted by somebody else.`
        : 'Somebody else was faster; look again and retry.';
    }
    return refused.what === 'certificate-name'
      ? `The adapter ${adapter.name} has a certificate named ${certificate.name} already; choose another with --name.`
      : `The certificate ${certificate.fingerprintSha256} is registered already, with this adapter or another; \`claviger cert list\` shows where.`;
  });
  return { adapter, certificate };
}

/**
 * Shuts a client out: its next request is refused, also on a connection that is open.
 *
 * @param which - Id, name or fingerprint (SHA-256 or SHA-1, colons or none).
 * @throws ClavigerError `item-not-found`; `invalid-field` when a name means several.
 */
export async function removeCertificate(
  installation: Installation,
  administrator: Administrator,
  which: string,
): Promise<CertificateRecord> {
  const certificate = await findCertificate(installation, administrator, which);
  const changes = [{ kind: 'delete-certificate', id: certificate.id } as const];
  const deeds = [certificateDeed('delete', certificate)];
  await commitDeeds(
    installation,
    administrator,
    { changes, deeds },
    () => `The certificate ${certificate.name} was removed by somebody else.`,
  );
  return certificate;
}

/** @throws ClavigerError `item-not-found` when an adapter is named that is not there. */
export async function listCertificates(
  installation: Installation,
  administrator: Administrator,
  adapterIdOrName: string | undefined,
): Promise<readonly CertificateRecord[]> {
  const adapter =
    adapterIdOrName === undefined
      ? undefined
      : await findAdapter(
          installation,
          administrator,
          adapterIdOrName,
          'list',
          CERTIFICATE_RESOURCE,
        );
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    adapterId: adapter?.id,
    requestData: { resourceType: CERTIFICATE_RESOURCE },
  };
  const certificates = await installation.store.listCertificates(adapter?.id);
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return certificates;
}

function expiryProblem(certificate: CertificateRecord, now: number): ClavigerError | undefined {
  if (certificateValidityAt(certificate, now) !== 'expired') return undefined;
  return new ClavigerError(
    'invalid-field',
    `The certificate expired on ${new Date(certificate.notAfter).toISOString()}; have a new one made.`,
  );
}

async function findCertificate(
  installation: Installation,
  administrator: Administrator,
  which: string,
): Promise<CertificateRecord> {
  const fingerprint = fingerprintIn(which);
  const found = (await installation.store.listCertificates(undefined)).filter(
    ({ id, name, fingerprintSha256, fingerprintSha1 }) =>
      id === which ||
      name === which ||
      fingerprintSha256 === fingerprint ||
      fingerprintSha1 === fingerprint,
  );
  const [certificate, another] = found;
  if (certificate !== undefined && another === undefined) return certificate;
  const error =
    certificate === undefined
      ? new ClavigerError(
          'item-not-found',
          `There is no certificate ${JSON.stringify(which)}; \`claviger cert list\` shows all.`,
        )
      : new ClavigerError(
          'invalid-field',
          `${found.length} certificates are named ${JSON.stringify(which)}; give the id or fingerprint.`,
        );
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.delete',
    target: { kind: 'instance' },
    requestData: { resourceType: CERTIFICATE_RESOURCE },
  };
  await recordFailure(installation, administrator, [deed], error);
  throw error;
}

export function fingerprintIn(text: string): string | undefined {
  try {
    return parseFingerprint(text);
  } catch (error) {
    if (error instanceof PkiError) return undefined; // then it is an id or a name
    throw error;
  }
}
