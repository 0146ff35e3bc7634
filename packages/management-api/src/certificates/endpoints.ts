/** `/kmip_adapters/{adapter}/certificates`: add, list, read, delete. */

import type { AdapterRecord, CertificateRecord } from '@claviger/key-store';
import { z } from 'zod';
import { AdapterPath } from '../adapters/adapter-resource.ts';
import { findAdapter } from '../adapters/find-adapter.ts';
import type { Call } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { answerPage } from '../http/answer-page.ts';
import {
  itemEnvelope,
  itemOf,
  listEnvelope,
  onlyResource,
  requestEnvelope,
  warnedItemOf,
  warningEnvelope,
  warningFacts,
} from '../http/envelope.ts';
import { detailsParameter, pageParameters } from '../http/query.ts';
import {
  CERTIFICATE_COLLECTION,
  CERTIFICATE_RESOURCE,
  Certificate,
  CertificateSummary,
  NewCertificate,
  toCertificate,
  toCertificateSummary,
  toDetailedCertificateSummary,
} from './certificate-resource.ts';
import { type CertificateRules, readClientCertificate } from './read-certificate.ts';
import { factsOf, registerCertificate } from './register-certificate.ts';

const PATH = '/kmip_adapters/:adapter/certificates';
const CertificatePath = AdapterPath.extend({
  certificate: z.string().describe('Id or name of the certificate.'),
});
const OF_A_CERTIFICATE = { resourceType: CERTIFICATE_RESOURCE, origin: 'key-protect' } as const;

export function certificateEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'randomness'>,
  rules: CertificateRules,
): readonly Endpoint[] {
  const { store } = deps;

  async function findCertificate(
    call: Call,
    path: z.output<typeof CertificatePath>,
  ): Promise<{ readonly adapter: AdapterRecord; readonly certificate: CertificateRecord }> {
    const adapter = await findAdapter(store, call, path.adapter);
    const certificate = await store.findCertificate(adapter.id, path.certificate);
    if (certificate === undefined) throw certificateNotFound();
    call.tell(factsOf(certificate));
    return { adapter, certificate };
  }

  const add = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'POST',
    path: PATH,
    summary: 'Let the client with this certificate in as the adapter.',
    failed: 'KMIP client certificate could not be created',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: AdapterPath,
    body: requestEnvelope(NewCertificate),
    status: 201,
    oneByOne: true,
    response: warningEnvelope(CERTIFICATE_COLLECTION, Certificate),
    refusals: [
      'KMIP_ADAPTER_NOT_FOUND_ERR',
      'KMIP_CERT_DUPLICATE_ERR',
      'KMIP_CERT_DUPLICATE_NAME_ERR',
      'KMIP_CERT_QUOTA_ERR',
    ],
    async handle(call, { params, body }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const { name, certificate: pem } = onlyResource(body);
      const { certificate, warnings } = readClientCertificate(pem, call.now, rules);
      const { record, work } = await registerCertificate(deps, call, adapter, {
        certificate,
        name,
      });
      call.tell(warningFacts(warnings));
      return { body: warnedItemOf(CERTIFICATE_COLLECTION, toCertificate(record), warnings), work };
    },
  });

  const list = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'GET',
    path: PATH,
    summary: 'List the certificates of an adapter, without their PEM.',
    failed: 'KMIP client certificates could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    params: AdapterPath,
    query: z.object({
      ...pageParameters({ max: 200, default: 100 }),
      details: detailsParameter,
    }),
    status: 200,
    response: listEnvelope(CERTIFICATE_COLLECTION, CertificateSummary),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const { limit, offset, details } = query;
      const adapter = await findAdapter(store, call, params.adapter);
      const page = await store.pageCertificates(adapter.id, { limit, offset });
      const view = details ? toDetailedCertificateSummary : toCertificateSummary;
      return answerPage(call, CERTIFICATE_COLLECTION, page, view, query);
    },
  });

  const read = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'GET',
    path: `${PATH}/:certificate`,
    summary: 'Read a certificate.',
    failed: 'KMIP client certificate could not be read',
    action: 'hs-crypto.kmip-management.read',
    right: 'kmip-management.read',
    params: CertificatePath,
    status: 200,
    response: itemEnvelope(CERTIFICATE_COLLECTION, Certificate),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'KMIP_CERT_NOT_FOUND_ERR'],
    async handle(call, { params }) {
      const { certificate } = await findCertificate(call, params);
      return { body: itemOf(CERTIFICATE_COLLECTION, toCertificate(certificate)) };
    },
  });

  const remove = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'DELETE',
    path: `${PATH}/:certificate`,
    summary: 'Shut the client with this certificate out: its next request is refused.',
    failed: 'KMIP client certificate could not be deleted',
    action: 'hs-crypto.kmip-management.delete',
    right: 'kmip-management.delete',
    params: CertificatePath,
    status: 204,
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'KMIP_CERT_NOT_FOUND_ERR'],
    async handle(call, { params }) {
      const { adapter, certificate } = await findCertificate(call, params);
      return {
        work: {
          changes: [
            { kind: 'delete-certificate', id: certificate.id },
            { kind: 'touch-adapter', id: adapter.id, by: call.by },
          ],
          refused: ({ kind }) => (kind === 'not-found' ? certificateNotFound() : undefined),
        },
      };
    },
  });

  return [add, list, read, remove];
}

function certificateNotFound(): ApiError {
  return new ApiError(
    'KMIP_CERT_NOT_FOUND_ERR',
    'The adapter has no certificate of this id or name; list its certificates to see all.',
  );
}
