import type { AdapterRecord, CertificateRecord, Change, KeyStore } from '@claviger/key-store';
import type { ParsedCertificate } from '@claviger/pki';
import { adapterNotFound } from '../adapters/find-adapter.ts';
import type { Call, Refused, Work } from '../calls/call.ts';
import type { Randomness } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { generatedName } from '../http/resource-name.ts';
import { CERTIFICATE_RESOURCE } from './certificate-resource.ts';

/** As many certificates as an adapter may have. */
const MAX_CERTIFICATES = 200;

export interface Registration {
  readonly record: CertificateRecord;
  readonly work: Work;
}

/**
 * Lets whoever has the key of a certificate in as an adapter: the record, and the changes by which it
 * comes about; the event is told.
 *
 * @throws ApiError `KMIP_CERT_QUOTA_ERR`.
 */
export async function registerCertificate(
  deps: { readonly store: Pick<KeyStore, 'pageCertificates'>; readonly randomness: Randomness },
  call: Call,
  adapter: AdapterRecord,
  request: { readonly certificate: ParsedCertificate; readonly name?: string | undefined },
): Promise<Registration> {
  const { total } = await deps.store.pageCertificates(adapter.id, { offset: 0, limit: 0 });
  if (total >= MAX_CERTIFICATES) {
    throw new ApiError(
      'KMIP_CERT_QUOTA_ERR',
      `The adapter has ${MAX_CERTIFICATES} certificates, as many as it can have; delete one first.`,
    );
  }
  const { certificate } = request;
  const record: CertificateRecord = {
    id: deps.randomness.uuid(),
    adapterId: adapter.id,
    name: request.name ?? generatedName('kmip_cert', deps.randomness.bytes),
    pem: certificate.pem,
    fingerprintSha256: certificate.fingerprintSha256,
    fingerprintSha1: certificate.fingerprintSha1,
    subject: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: call.now,
    createdBy: call.caller.iamId,
  };
  call.tell(factsOf(record));
  const changes: Change[] = [
    { kind: 'insert-certificate', certificate: record },
    { kind: 'touch-adapter', id: adapter.id, by: call.by },
  ];
  return { record, work: { changes, refused: registrationRefused } };
}

/** What events tell of a certificate. */
export function factsOf({ id, name, adapterId, fingerprintSha256 }: CertificateRecord) {
  return {
    target: {
      kind: 'resource',
      resourceType: CERTIFICATE_RESOURCE,
      id,
      name,
      parent: { type: 'kmip_adapter', id: adapterId },
    },
    responseData: { certificateId: id, certificateFingerprint: fingerprintSha256 },
  } as const;
}

export function registrationRefused(outcome: Refused): ApiError | undefined {
  if (outcome.kind === 'not-found') return adapterNotFound();
  if (outcome.kind !== 'duplicate') return undefined;
  return outcome.what === 'certificate-name'
    ? new ApiError(
        'KMIP_CERT_DUPLICATE_NAME_ERR',
        'The adapter has a certificate of this name already; choose another name.',
      )
    : new ApiError(
        'KMIP_CERT_DUPLICATE_ERR',
        'The certificate is registered already, with this adapter or another; delete it there first.',
      );
}
