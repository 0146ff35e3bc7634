/** `/kmip_adapters/{adapter}/client_authorities`: whose certificates are clients. An extension of ours. */

import type { ClientAuthorityRecord } from '@claviger/key-store';
import { PkiError, parseSubjectRule } from '@claviger/pki';
import { z } from 'zod';
import { AdapterPath, UNKNOWN_ACTOR } from '../adapters/adapter-resource.ts';
import { adapterNotFound, findAdapter } from '../adapters/find-adapter.ts';
import type { Refused } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import { CERTIFICATE_RESOURCE, CertificatePem } from '../certificates/certificate-resource.ts';
import {
  type CertificateRules,
  readAuthorityCertificate,
} from '../certificates/read-certificate.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError, invalidField } from '../errors/api-error.ts';
import { sentence } from '../errors/to-api-error.ts';
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
import { generatedName, ResourceName } from '../http/resource-name.ts';

const PATH = '/kmip_adapters/:adapter/client_authorities';
const COLLECTION = COLLECTION_TYPES.clientAuthority;
const MAX_AUTHORITIES = 20;
const RULE_WORDS = 'must be: one attribute and its value, CN=vcenter-*.example.com for example';

const AuthorityPath = AdapterPath.extend({
  authority: z.string().describe('Id or name of the authority.'),
});

const NewClientAuthority = fields({
  name: ResourceName.optional(),
  certificate: CertificatePem,
  subject_rule: z.string(RULE_WORDS).max(256, RULE_WORDS).optional(),
}).meta({ id: 'NewClientAuthority' });

const ClientAuthority = z
  .object({
    id: z.uuid(),
    name: z.string(),
    certificate: z.string(),
    subject: z.string(),
    subject_rule: z.string().optional(),
    not_before: DateTime,
    not_after: DateTime,
    created_by: z.string(),
    created_at: DateTime,
  })
  .meta({
    id: 'ClientAuthority',
    description: 'An authority: every certificate that it issues is a client of the adapter.',
  });

const OF_AN_AUTHORITY = { resourceType: CERTIFICATE_RESOURCE, origin: 'claviger' } as const;
const REQUEST_DATA = { certificateRole: 'client-authority' } as const;

export function clientAuthorityEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'randomness'>,
  rules: CertificateRules,
): readonly Endpoint[] {
  const { store, randomness } = deps;

  const add = defineEndpoint({
    ...OF_AN_AUTHORITY,
    method: 'POST',
    path: PATH,
    summary: 'Let every client in as the adapter whose certificate this authority has issued.',
    failed: 'Client authority could not be created',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: AdapterPath,
    body: requestEnvelope(NewClientAuthority),
    status: 201,
    oneByOne: true,
    response: warningEnvelope(COLLECTION, ClientAuthority),
    refusals: [
      'KMIP_ADAPTER_NOT_FOUND_ERR',
      'CLIENT_AUTHORITY_DUPLICATE_ERR',
      'CLIENT_AUTHORITY_QUOTA_ERR',
    ],
    async handle(call, { params, body }) {
      call.tell({ requestData: REQUEST_DATA });
      const adapter = await findAdapter(store, call, params.adapter);
      const request = onlyResource(body);
      const subjectRule = readSubjectRule(request.subject_rule);
      const { certificate, warnings } = readAuthorityCertificate(
        request.certificate,
        call.now,
        rules,
      );
      if ((await store.listClientAuthorities(adapter.id)).length >= MAX_AUTHORITIES) {
        throw new ApiError(
          'CLIENT_AUTHORITY_QUOTA_ERR',
          `The adapter has ${MAX_AUTHORITIES} authorities, as many as it can have; delete one first.`,
        );
      }
      const authority: ClientAuthorityRecord = {
        id: randomness.uuid(),
        adapterId: adapter.id,
        name: request.name ?? generatedName('kmip_cert', randomness.bytes),
        pem: certificate.pem,
        fingerprintSha256: certificate.fingerprintSha256,
        subject: certificate.subject,
        subjectRule,
        notBefore: certificate.notBefore,
        notAfter: certificate.notAfter,
        createdAt: call.now,
        createdBy: call.caller.iamId,
      };
      call.tell(factsOf(authority));
      call.tell(warningFacts(warnings));
      return {
        body: warnedItemOf(COLLECTION, toClientAuthority(authority), warnings),
        work: {
          changes: [
            { kind: 'insert-client-authority', authority },
            { kind: 'touch-adapter', id: adapter.id, by: call.by },
          ],
          refused: additionRefused,
        },
      };
    },
  });

  const list = defineEndpoint({
    ...OF_AN_AUTHORITY,
    method: 'GET',
    path: PATH,
    summary: 'List the authorities whose certificates are clients of the adapter.',
    failed: 'Client authorities could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    params: AdapterPath,
    query: z.object(pageParameters({ max: 200, default: 100 })),
    status: 200,
    response: listEnvelope(COLLECTION, ClientAuthority),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const adapter = await findAdapter(store, call, params.adapter);
      call.tell({ requestData: REQUEST_DATA });
      const page = pageOf(await store.listClientAuthorities(adapter.id), query);
      return answerPage(call, COLLECTION, page, toClientAuthority, query);
    },
  });

  const remove = defineEndpoint({
    ...OF_AN_AUTHORITY,
    method: 'DELETE',
    path: `${PATH}/:authority`,
    summary: 'Shut out the clients of an authority: their next requests are refused.',
    failed: 'Client authority could not be deleted',
    action: 'hs-crypto.kmip-management.delete',
    right: 'kmip-management.delete',
    params: AuthorityPath,
    status: 204,
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'CLIENT_AUTHORITY_NOT_FOUND_ERR'],
    async handle(call, { params }) {
      call.tell({ requestData: REQUEST_DATA });
      const adapter = await findAdapter(store, call, params.adapter);
      const authority = await store.findClientAuthority(adapter.id, params.authority);
      if (authority === undefined) throw authorityNotFound();
      call.tell(factsOf(authority));
      return {
        work: {
          changes: [
            { kind: 'delete-client-authority', id: authority.id },
            { kind: 'touch-adapter', id: adapter.id, by: call.by },
          ],
          refused: ({ kind }) => (kind === 'not-found' ? authorityNotFound() : undefined),
        },
      };
    },
  });

  return [add, list, remove];
}

function toClientAuthority(record: ClientAuthorityRecord): z.output<typeof ClientAuthority> {
  const { id, name, pem, subject, subjectRule, createdBy } = record;
  return {
    id,
    name,
    certificate: pem,
    subject,
    ...(subjectRule === null ? {} : { subject_rule: subjectRule }),
    not_before: formatDateTime(record.notBefore),
    not_after: formatDateTime(record.notAfter),
    created_by: createdBy ?? UNKNOWN_ACTOR,
    created_at: formatDateTime(record.createdAt),
  };
}

function factsOf({ id, name, adapterId, fingerprintSha256 }: ClientAuthorityRecord) {
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

function readSubjectRule(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return parseSubjectRule(text).text;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw invalidField('subject_rule', sentence(cause.message), { cause });
  }
}

function additionRefused({ kind }: Refused): ApiError | undefined {
  if (kind === 'not-found') return adapterNotFound();
  if (kind !== 'duplicate') return undefined;
  return new ApiError(
    'CLIENT_AUTHORITY_DUPLICATE_ERR',
    'The adapter has an authority of this certificate or name already.',
  );
}

function authorityNotFound(): ApiError {
  return new ApiError(
    'CLIENT_AUTHORITY_NOT_FOUND_ERR',
    'The adapter has no client authority of this id or name; list them to see all.',
  );
}
