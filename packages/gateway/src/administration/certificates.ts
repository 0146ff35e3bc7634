import type { AdapterRecord, CertificateRecord } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import {
  certificateValidityAt,
  type ParsedCertificate,
  PkiError,
  parseFingerprint,
} from '@claviger/pki';
import type { Ambient, Installation } from '../installation.ts';
import { findAdapter } from './adapters.ts';
import { type Administrator, commitDeeds, type Deed, recordFailure } from './administrator.ts';

export interface NewCertificate {
  readonly certificate: ParsedCertificate;
  /** Stands in events as the name of the client. */
  readonly name: string;
}

const RESOURCE_TYPE = 'certificate';

/**
 * Lets the client that holds a certificate in, as the adapter.
 *
 * @throws ClavigerError `item-not-found` (no such adapter), `name-already-exists` (the certificate is
 * registered), `invalid-field` (expired).
 */
export async function addCertificate(
  installation: Installation,
  administrator: Administrator,
  adapterIdOrName: string,
  request: NewCertificate,
): Promise<{ readonly adapter: AdapterRecord; readonly certificate: CertificateRecord }> {
  const { ambient } = installation;
  const adapter = await findAdapter(
    installation,
    administrator,
    adapterIdOrName,
    'create',
    RESOURCE_TYPE,
  );
  const certificate = toCertificateRecord(ambient, adapter, request);
  const deed = certificateDeed('create', certificate);
  if (certificateValidityAt(certificate, ambient.clock.now()) === 'expired') {
    const error = new ClavigerError(
      'invalid-field',
      `The certificate expired on ${new Date(certificate.notAfter).toISOString()}; have a new one made.`,
    );
    await recordFailure(installation, administrator, [deed], error);
    throw error;
  }
  const changes = [{ kind: 'insert-certificate', certificate } as const];
  await commitDeeds(installation, administrator, { changes, deeds: [deed] }, (refused) =>
    refused.kind === 'duplicate'
      ? `The certificate ${certificate.fingerprintSha256} is registered already, with this adapter or another; \`claviger cert list\` shows where.`
      : `The adapter ${adapter.name} was deleted by somebody else.`,
  );
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
      : await findAdapter(installation, administrator, adapterIdOrName, 'list', RESOURCE_TYPE);
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    adapterId: adapter?.id,
    requestData: { resourceType: RESOURCE_TYPE },
  };
  const certificates = await installation.store.listCertificates(adapter?.id);
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return certificates;
}

/** The record of a certificate that is to be registered with an adapter. */
export function toCertificateRecord(
  { clock, randomness }: Ambient,
  adapter: AdapterRecord,
  { certificate, name }: NewCertificate,
): CertificateRecord {
  return {
    id: randomness.uuid(),
    adapterId: adapter.id,
    name,
    pem: certificate.pem,
    fingerprintSha256: certificate.fingerprintSha256,
    fingerprintSha1: certificate.fingerprintSha1,
    subject: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: clock.now(),
  };
}

export function certificateDeed(verb: 'create' | 'delete', record: CertificateRecord): Deed {
  const { id, name, adapterId, fingerprintSha256 } = record;
  return {
    action: `hs-crypto.kmip-management.${verb}`,
    target: {
      kind: 'resource',
      resourceType: RESOURCE_TYPE,
      id,
      name,
      parent: { type: 'kmip_adapter', id: adapterId },
    },
    adapterId,
    requestData: { resourceType: RESOURCE_TYPE },
    responseData: { certificateId: id, certificateFingerprint: fingerprintSha256 },
    reasonCode: verb === 'create' ? 201 : 200,
  };
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
    requestData: { resourceType: RESOURCE_TYPE },
  };
  await recordFailure(installation, administrator, [deed], error);
  throw error;
}

function fingerprintIn(text: string): string | undefined {
  try {
    return parseFingerprint(text);
  } catch (error) {
    if (error instanceof PkiError) return undefined; // then it is an id or a name
    throw error;
  }
}
