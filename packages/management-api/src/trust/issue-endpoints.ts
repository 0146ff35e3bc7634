/**
 * Certificates that are made here: for a signing request, or together with a key that is handed out once
 * and kept nowhere. Extensions of ours.
 */

import {
  type CertificateProfile,
  type CertifiedKey,
  encodePkcs12,
  issueCertificate,
  PkiError,
  signCertificateRequest,
} from '@claviger/pki';
import { z } from 'zod';
import { AdapterPath } from '../adapters/adapter-resource.ts';
import { findAdapter } from '../adapters/find-adapter.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import {
  CERTIFICATE_COLLECTION,
  CERTIFICATE_RESOURCE,
  Certificate,
  toCertificate,
} from '../certificates/certificate-resource.ts';
import { registerCertificate } from '../certificates/register-certificate.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { invalidField } from '../errors/api-error.ts';
import { sentence } from '../errors/to-api-error.ts';
import {
  COLLECTION_TYPES,
  itemEnvelope,
  itemOf,
  onlyResource,
  requestEnvelope,
} from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { generatedName, ResourceName } from '../http/resource-name.ts';
import { visibleText } from '../http/visible-text.ts';

/** What signs the certificates of clients. */
export interface ClientCertificateIssuer {
  /** Asked for at each use; its key stays with whoever gave it. */
  authority(): Promise<CertifiedKey>;
  readonly profile: CertificateProfile;
  /** Longest life that may be asked for; 36,500 days unless told. None outlives the authority. */
  readonly maxValidityDays?: number | undefined;
}

const IDENTITY_COLLECTION = COLLECTION_TYPES.clientIdentity;
const REQUEST_WORDS = 'must be: one certificate signing request in PEM';
const VALIDITY_WORDS = 'must be: 1 to 36500 days';
const PASSWORD_WORDS = 'must be: 8 to 256 characters, for pkcs12 only';

const ValidityDays = z
  .int(VALIDITY_WORDS)
  .min(1, VALIDITY_WORDS)
  .max(36_500, VALIDITY_WORDS)
  .optional();

const NewCertificateRequest = fields({
  name: ResourceName.optional(),
  certificate_request: z.string(REQUEST_WORDS).min(1, REQUEST_WORDS).max(65_536, REQUEST_WORDS),
  validity_days: ValidityDays,
  alternative_names: z.enum(['copy', 'leave-out'], 'must be: copy or leave-out').optional(),
}).meta({ id: 'NewCertificateRequest' });

const NewClientIdentity = fields({
  name: ResourceName.optional(),
  common_name: visibleText('must be: 1 to 64 visible characters', { min: 1, max: 64 }).optional(),
  validity_days: ValidityDays,
  format: z.enum(['pem', 'pkcs12'], 'must be: pem or pkcs12').optional(),
  password: z.string(PASSWORD_WORDS).min(8, PASSWORD_WORDS).max(256, PASSWORD_WORDS).optional(),
})
  .refine(({ format, password }) => (format === 'pkcs12') === (password !== undefined), {
    path: ['password'],
    message: PASSWORD_WORDS,
  })
  .meta({ id: 'NewClientIdentity' });

const ClientIdentity = Certificate.extend({
  authority: z.string().describe('PEM of the authority that has signed it.'),
  private_key: z.string().optional().describe('PKCS#8 in PEM; shown this once.'),
  pkcs12: z.string().optional().describe('Certificate and key in base64; shown this once.'),
}).meta({
  id: 'ClientIdentity',
  description: 'A certificate with its key, which is kept nowhere.',
});

const OF_A_CERTIFICATE = { resourceType: CERTIFICATE_RESOURCE, origin: 'claviger' } as const;
const REFUSALS = [
  'KMIP_ADAPTER_NOT_FOUND_ERR',
  'KMIP_CERT_DUPLICATE_ERR',
  'KMIP_CERT_DUPLICATE_NAME_ERR',
  'KMIP_CERT_QUOTA_ERR',
] as const;

export function issueEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'randomness'>,
  issuer: ClientCertificateIssuer,
): readonly Endpoint[] {
  const { store, randomness } = deps;

  const sign = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'POST',
    path: '/kmip_adapters/:adapter/certificate_requests',
    summary: 'Sign a certificate signing request and let its maker in as the adapter.',
    failed: 'Certificate signing request could not be signed',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: AdapterPath,
    body: requestEnvelope(NewCertificateRequest),
    status: 201,
    oneByOne: true,
    response: itemEnvelope(CERTIFICATE_COLLECTION, Certificate),
    refusals: REFUSALS,
    async handle(call, { params, body }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const request = onlyResource(body);
      checkValidity(request.validity_days);
      const authority = await issuer.authority();
      const certificate = await refusing('certificate_request', () =>
        signCertificateRequest(
          authority,
          request.certificate_request,
          {
            profile: issuer.profile,
            ...(request.validity_days && { validityDays: request.validity_days }),
            ...(request.alternative_names && { alternativeNames: request.alternative_names }),
          },
          { now: () => call.now, randomBytes: randomness.bytes },
        ),
      );
      const { name } = request;
      const { record, work } = await registerCertificate(deps, call, adapter, {
        certificate,
        name,
      });
      return { body: itemOf(CERTIFICATE_COLLECTION, toCertificate(record)), work };
    },
  });

  const make = defineEndpoint({
    ...OF_A_CERTIFICATE,
    method: 'POST',
    path: '/kmip_adapters/:adapter/client_identities',
    summary: 'Make a key and its certificate, and let whoever gets them in as the adapter.',
    failed: 'Client identity could not be made',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: AdapterPath,
    body: requestEnvelope(NewClientIdentity),
    status: 201,
    oneByOne: true,
    response: itemEnvelope(IDENTITY_COLLECTION, ClientIdentity),
    refusals: REFUSALS,
    async handle(call, { params, body }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const request = onlyResource(body);
      checkValidity(request.validity_days);
      const name = request.name ?? generatedName('kmip_cert', randomness.bytes);
      const authority = await issuer.authority();
      const made = await refusing('common_name', () =>
        issueCertificate(
          authority,
          {
            profile: issuer.profile,
            subject: { commonName: request.common_name ?? name },
            ...(request.validity_days && { validityDays: request.validity_days }),
          },
          { now: () => call.now, randomBytes: randomness.bytes },
        ),
      );
      const { certificate } = made;
      const { record, work } = await registerCertificate(deps, call, adapter, {
        certificate,
        name,
      });
      const { password } = request;
      const secret =
        password === undefined
          ? { private_key: made.privateKeyPem }
          : { pkcs12: await toPkcs12(made, authority, name, password) };
      const identity = {
        ...toCertificate(record),
        authority: authority.certificate.pem,
        ...secret,
      };
      return {
        body: itemOf(IDENTITY_COLLECTION, identity),
        headers: { 'cache-control': 'no-store' },
        work,
      };
    },
  });

  function checkValidity(days: number | undefined): void {
    const { maxValidityDays } = issuer;
    if (days === undefined || maxValidityDays === undefined || days <= maxValidityDays) return;
    throw invalidField('validity_days', `At most ${maxValidityDays} days are given here.`);
  }

  async function toPkcs12(
    made: CertifiedKey,
    authority: CertifiedKey,
    friendlyName: string,
    password: string,
  ): Promise<string> {
    const content = { ...made, chain: [authority.certificate], password, friendlyName };
    const bytes = await refusing('password', () =>
      encodePkcs12(content, { randomBytes: randomness.bytes }),
    );
    return Buffer.from(bytes).toString('base64');
  }

  return [sign, make];
}

/** What the room for certificates refuses is wrong with this field. */
async function refusing<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PkiError) throw invalidField(field, sentence(cause.message), { cause });
    throw cause;
  }
}
