/** The certificate that Certify or Re-certify makes: by a request for it, or for a public key alone. */

import { type KeyObject, X509Certificate } from 'node:crypto';
import {
  type Attribute,
  type AttributeName,
  type CertificateRequest,
  ClavigerError,
  type ManagedObject as ProtocolObject,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import {
  type CertificateProfile,
  type ParsedCertificate,
  PkiError,
  type PublicKeyContent,
  signCertificateRequest,
  signPublicKey,
} from '@claviger/pki';
import type { OperationContext } from '../operations/operation-handler.ts';
import { certificateAttributes } from './certificate-attributes.ts';
import { issuingAuthority } from './issuing-authority.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';

/** No Extended Key Usage: what the certificate is for, its readers decide. Key and subject are the request's. */
const PROFILE: CertificateProfile = {
  subject: { commonName: 'unused' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 365,
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: [],
};

export interface CertificateOrder {
  /** Undefined: for the public key alone. */
  readonly request: CertificateRequest | undefined;
  /** The key that the certificate must be for; a request has one of its own. */
  readonly publicKey: KeyObject | undefined;
  /** For a certificate without a request. */
  readonly subject: PublicKeyContent['subject'];
  readonly alternativeNames?: PublicKeyContent['alternativeNames'];
}

export interface IssuedCertificate {
  readonly content: ProtocolObject;
  readonly implied: readonly StandardAttribute[];
  /** The objects of the authority when it was made for this. */
  readonly save: readonly ManagedObject[];
}

/**
 * Lets the authority of the adapter sign.
 *
 * @throws ClavigerError `invalid-certificate-request` for a request that is none, is damaged or is for another
 * key; `unsuitable-key` for a key that is too weak; `feature-not-supported` for CRMF and PGP.
 */
export async function issueCertificate(
  context: OperationContext,
  order: CertificateOrder,
): Promise<IssuedCertificate> {
  const request = order.request === undefined ? undefined : requestText(order.request);
  const { authority, save } = await issuingAuthority(context);
  const deps = { now: () => context.nowSeconds * 1000, randomBytes: context.randomBytes };
  const { publicKey, subject, alternativeNames = [] } = order;
  const issued = await refusing(async () => {
    if (request !== undefined) {
      return await signCertificateRequest(
        authority,
        request,
        // Whose the key is says the object that is certified, not the signature of the request.
        { profile: PROFILE, alternativeNames: 'copy', weakSignatures: 'tolerate' },
        deps,
      );
    }
    if (publicKey === undefined) throw new PkiError('not-a-request', 'there is nothing to certify');
    const content = { profile: PROFILE, publicKey, subject, alternativeNames };
    return await signPublicKey(authority, content, deps);
  });
  if (publicKey !== undefined) assertFor(issued, publicKey);
  const certificate = { certificateType: 'X_509', certificateValue: issued.der } as const;
  return { content: { certificate }, implied: certificateAttributes(certificate), save };
}

/**
 * The wishes that are left when the certificate has said what it is: what it says takes precedence
 * (1.4 §4.7).
 */
export function besidesCertificate(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.filter(
    ({ kind, name }) => kind === 'vendor' || !OF_THE_CERTIFICATE.test(name as AttributeName),
  );
}

const OF_THE_CERTIFICATE =
  /^(?:Certificate(?!RequestUniqueIdentifier)|X_509Certificate|CryptographicAlgorithm$|CryptographicLength$|DigitalSignatureAlgorithm$)/;

/** @throws ClavigerError `feature-not-supported` when another type than X.509 is wished for. */
export function assertX509(attributes: readonly Attribute[]): void {
  const type = attributeValue({ attributes }, 'CertificateType');
  if (type === undefined || type === 'X_509') return;
  throw new ClavigerError('feature-not-supported', 'only X.509 certificates are made');
}

function requestText({
  certificateRequestType: type,
  certificateRequestValue: value,
}: CertificateRequest): Uint8Array {
  if (type !== 'PKCS_10' && type !== 'PEM') {
    throw new ClavigerError(
      'feature-not-supported',
      `requests of the type ${type} are not supported; use PKCS#10 or PEM`,
    );
  }
  // PEM begins with dashes, or text before them; DER with the tag of a sequence.
  if ((value[0] === 0x30) === (type === 'PKCS_10')) return value;
  throw new ClavigerError(
    'invalid-certificate-request',
    `the Certificate Request is not of the Certificate Request Type ${type}`,
  );
}

function assertFor({ der }: ParsedCertificate, publicKey: KeyObject): void {
  if (new X509Certificate(der).publicKey.equals(publicKey)) return;
  throw new ClavigerError(
    'invalid-certificate-request',
    'the Certificate Request is for another key than the object that is to be certified',
  );
}

async function refusing(sign: () => Promise<ParsedCertificate>): Promise<ParsedCertificate> {
  try {
    return await sign();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    const isKey = cause.code === 'weak-key' || cause.code === 'unsupported-key';
    throw new ClavigerError(
      isKey ? 'unsuitable-key' : 'invalid-certificate-request',
      cause.message,
      { cause },
    );
  }
}
