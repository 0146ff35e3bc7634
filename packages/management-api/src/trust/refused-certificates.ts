/** `/refused_certificates`: who was not let in and why, and how to let them in. An extension of ours. */

import {
  type KeyStore,
  MAX_REFUSED_CERTIFICATES,
  type RefusedCertificateRecord,
} from '@claviger/key-store';
import {
  certificateValidityAt,
  findAdmittingAuthority,
  PkiError,
  parseFingerprint,
} from '@claviger/pki';
import { z } from 'zod';
import { findAdapter } from '../adapters/find-adapter.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import {
  CERTIFICATE_COLLECTION,
  CERTIFICATE_RESOURCE,
  Certificate,
  toCertificate,
} from '../certificates/certificate-resource.ts';
import { type CertificateRules, readClientCertificate } from '../certificates/read-certificate.ts';
import { registerCertificate } from '../certificates/register-certificate.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { answerPage, pageOf } from '../http/answer-page.ts';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import {
  COLLECTION_TYPES,
  listEnvelope,
  onlyResource,
  requestEnvelope,
  warnedItemOf,
  warningEnvelope,
  warningFacts,
} from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { pageParameters } from '../http/query.ts';
import { ResourceName } from '../http/resource-name.ts';

const PATH = '/refused_certificates';
const COLLECTION = COLLECTION_TYPES.refusedCertificate;
const OF_A_CERTIFICATE = { resourceType: CERTIFICATE_RESOURCE, origin: 'claviger' } as const;

const RefusedCertificate = z
  .object({
    fingerprint_sha256: z.string(),
    fingerprint_sha1: z.string(),
    subject: z.string(),
    certificate: z.string(),
    reason: z.string().describe('Why it was refused last, in words.'),
    address: z.string().describe('From where it was shown last.'),
    adapter_id: z.string().optional(),
    listener: z.string(),
    first_at: DateTime,
    last_at: DateTime,
    attempts: z.int(),
  })
  .meta({ id: 'RefusedCertificate' });

const TrustRequest = fields({
  adapter: z.string('must be: the id or name of an adapter').min(1).max(100),
  name: ResourceName.optional(),
}).meta({ id: 'TrustRequest' });

export function refusedCertificateEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'randomness'>,
  rules: CertificateRules,
): readonly Endpoint[] {
  const { store } = deps;

  const list = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'GET',
    path: PATH,
    summary: 'List the certificates that were refused and would be now, newest first.',
    failed: 'Refused certificates could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    query: z.object(pageParameters({ max: 1000, default: 100 })),
    status: 200,
    response: listEnvelope(COLLECTION, RefusedCertificate),
    refusals: [],
    async handle(call, { query }) {
      const page = pageOf(await stillRefused(call.now), query);
      return answerPage(call, COLLECTION, page, toRefusedCertificate, query);
    },
  });

  /** Without those that were let in since, by whatever way; one that has ended is refused all the same. */
  async function stillRefused(now: number): Promise<readonly RefusedCertificateRecord[]> {
    const { items } = await store.listRefusedCertificates({
      offset: 0,
      limit: MAX_REFUSED_CERTIFICATES,
    });
    const principals = await Promise.all(
      items.map(({ fingerprintSha256 }) => store.findPrincipal(fingerprintSha256)),
    );
    const authorities = await store.listClientAuthorities(undefined);
    const policy = { allowWeak: rules.allowWeakCertificates };
    const admission = findAdmittingAuthority(authorities, now, policy);
    return items.filter(({ pem }, position) => {
      const { certificate } = principals[position] ?? admission(pem) ?? {};
      return certificate === undefined || certificateValidityAt(certificate, now) !== 'valid';
    });
  }

  const trust = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'POST',
    path: `${PATH}/:fingerprint/trust`,
    summary: 'Let a client that was refused in as an adapter, at once.',
    failed: 'Refused certificate could not be trusted',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: z.object({
      fingerprint: z.string().describe('SHA-256 or SHA-1, with colons or without, in any case.'),
    }),
    body: requestEnvelope(TrustRequest),
    status: 201,
    oneByOne: true,
    response: warningEnvelope(CERTIFICATE_COLLECTION, Certificate),
    refusals: [
      'REFUSED_CERT_NOT_FOUND_ERR',
      'KMIP_ADAPTER_NOT_FOUND_ERR',
      'KMIP_CERT_DUPLICATE_ERR',
      'KMIP_CERT_DUPLICATE_NAME_ERR',
      'KMIP_CERT_QUOTA_ERR',
    ],
    async handle(call, { params, body }) {
      const request = onlyResource(body);
      const refused = await findRefused(store, params.fingerprint);
      const adapter = await findAdapter(store, call, request.adapter);
      const { certificate, warnings } = readClientCertificate(refused.pem, call.now, rules);
      const { name } = request;
      const { record, work } = await registerCertificate(deps, call, adapter, {
        certificate,
        name,
      });
      call.tell(warningFacts(warnings));
      const { fingerprintSha256 } = refused;
      return {
        body: warnedItemOf(CERTIFICATE_COLLECTION, toCertificate(record), warnings),
        work: {
          ...work,
          changes: [...work.changes, { kind: 'forget-refused-certificate', fingerprintSha256 }],
          refused: (outcome) =>
            outcome.kind === 'not-found' && outcome.what === 'refused-certificate'
              ? refusedNotFound()
              : work.refused(outcome),
        },
      };
    },
  });

  return [list, trust];
}

function toRefusedCertificate(
  record: RefusedCertificateRecord,
): z.output<typeof RefusedCertificate> {
  const { subject, pem, reason, address, adapterId, listener, attempts } = record;
  return {
    fingerprint_sha256: record.fingerprintSha256,
    fingerprint_sha1: record.fingerprintSha1,
    subject,
    certificate: pem,
    reason,
    address,
    ...(adapterId === null ? {} : { adapter_id: adapterId }),
    listener,
    first_at: formatDateTime(record.firstAt),
    last_at: formatDateTime(record.lastAt),
    attempts,
  };
}

async function findRefused(
  store: Pick<KeyStore, 'findRefusedCertificate'>,
  text: string,
): Promise<RefusedCertificateRecord> {
  const refused = await store.findRefusedCertificate(fingerprintIn(text));
  if (refused === undefined) throw refusedNotFound();
  return refused;
}

/** What is no fingerprint is that of no certificate. */
function fingerprintIn(text: string): string {
  try {
    return parseFingerprint(text);
  } catch (error) {
    if (error instanceof PkiError) throw refusedNotFound();
    throw error;
  }
}

function refusedNotFound(): ApiError {
  return new ApiError(
    'REFUSED_CERT_NOT_FOUND_ERR',
    'No certificate of this fingerprint was refused; list the refused certificates to see all.',
  );
}
