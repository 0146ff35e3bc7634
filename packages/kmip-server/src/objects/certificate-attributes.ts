/** What a certificate says of itself (1.4 §3.8 to §3.16, 2.1 §4.5 to §4.8 and §4.61 to §4.63). */

import { X509Certificate } from 'node:crypto';
import {
  type AttributeName,
  attribute,
  type Certificate,
  ClavigerError,
  type EnumerationValue,
  type Infer,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { type CertificateNames, certificateNames, type EncodedName } from '@claviger/pki';
import { keyAlgorithm, keyLengthBits } from '../cryptography/asymmetric-keys.ts';

/** The Digital Signature Algorithms of 1.4 §9.1.3.2.7, by scheme and hash. */
const SIGNATURES: Readonly<Record<string, EnumerationValue<'DigitalSignatureAlgorithm'>>> = {
  'rsa md2': 'MD2WithRSAEncryption',
  'rsa md5': 'MD5WithRSAEncryption',
  'rsa sha1': 'SHA_1WithRSAEncryption',
  'rsa sha224': 'SHA_224WithRSAEncryption',
  'rsa sha256': 'SHA_256WithRSAEncryption',
  'rsa sha384': 'SHA_384WithRSAEncryption',
  'rsa sha512': 'SHA_512WithRSAEncryption',
  'rsa sha3-256': 'SHA3_256WithRSAEncryption',
  'rsa sha3-384': 'SHA3_384WithRSAEncryption',
  'rsa sha3-512': 'SHA3_512WithRSAEncryption',
  'dsa sha1': 'DSAWithSHA_1',
  'dsa sha256': 'DSAWithSHA256',
  'ecdsa sha1': 'ECDSAWithSHA_1',
  'ecdsa sha224': 'ECDSAWithSHA224',
  'ecdsa sha256': 'ECDSAWithSHA256',
  'ecdsa sha384': 'ECDSAWithSHA384',
  'ecdsa sha512': 'ECDSAWithSHA512',
};

type NamePart =
  | 'CN'
  | 'O'
  | 'OU'
  | 'Email'
  | 'C'
  | 'ST'
  | 'L'
  | 'UID'
  | 'SerialNumber'
  | 'Title'
  | 'DC'
  | 'DNQualifier';

/** The parts of a name that have an attribute of their own, as OpenSSL calls them. */
const NAME_PARTS: Readonly<Record<string, NamePart>> = {
  CN: 'CN',
  O: 'O',
  OU: 'OU',
  emailAddress: 'Email',
  C: 'C',
  ST: 'ST',
  L: 'L',
  UID: 'UID',
  serialNumber: 'SerialNumber',
  title: 'Title',
  DC: 'DC',
  dnQualifier: 'DNQualifier',
};

/** @throws ClavigerError `invalid-field` for an X.509 certificate that cannot be read. */
export function certificateAttributes({
  certificateType,
  certificateValue,
}: Infer<typeof Certificate>): readonly StandardAttribute[] {
  const known = [
    attribute('CertificateType', certificateType),
    attribute('CertificateLength', certificateValue.length),
  ];
  if (certificateType !== 'X_509') return known;
  const { publicKey, names } = readCertificate(certificateValue);
  const algorithm = keyAlgorithm(publicKey);
  const length = keyLengthBits(publicKey);
  return [
    ...known,
    ...(algorithm === undefined ? [] : [attribute('CryptographicAlgorithm', algorithm)]),
    ...(length === undefined ? [] : [attribute('CryptographicLength', length)]),
    ...signatureAttribute(names),
    ...identifiers(names),
    ...partsOfName('Subject', names.subject),
    ...partsOfName('Issuer', names.issuer),
  ];
}

function signatureAttribute({ signatureAlgorithm }: CertificateNames): StandardAttribute[] {
  const { scheme, hash } = signatureAlgorithm;
  const name = scheme === 'rsa-pss' ? 'RSASSA_PSS' : SIGNATURES[`${scheme} ${hash ?? ''}`];
  return name === undefined ? [] : [attribute('DigitalSignatureAlgorithm', name)];
}

function identifiers({ issuer, subject, ...names }: CertificateNames): StandardAttribute[] {
  return [
    attribute('X_509CertificateIdentifier', {
      issuerDistinguishedName: issuer.der,
      certificateSerialNumber: names.serialNumberDer,
    }),
    attribute('X_509CertificateSubject', {
      subjectDistinguishedName: subject.der,
      subjectAlternativeName: [],
    }),
    attribute('X_509CertificateIssuer', {
      issuerDistinguishedName: issuer.der,
      issuerAlternativeName: [],
    }),
    attribute('CertificateIdentifier', { issuer: issuer.text, serialNumber: names.serialNumber }),
    attribute('CertificateSubject', {
      certificateSubjectDistinguishedName: subject.text,
      certificateSubjectAlternativeName: [],
    }),
    attribute('CertificateIssuer', {
      certificateIssuerDistinguishedName: issuer.text,
      certificateIssuerAlternativeName: [],
    }),
  ];
}

function partsOfName(whose: 'Subject' | 'Issuer', name: EncodedName): StandardAttribute[] {
  const counts = new Map<NamePart, number>();
  return name.attributes.flatMap(({ type, value }) => {
    const part = Object.hasOwn(NAME_PARTS, type) ? NAME_PARTS[type] : undefined;
    if (part === undefined) return [];
    const index = counts.get(part) ?? 0;
    counts.set(part, index + 1);
    const attributeName = `Certificate${whose}${part}` as const satisfies AttributeName;
    return [attribute(attributeName, value, index)];
  });
}

function readCertificate(der: Uint8Array) {
  try {
    return { publicKey: new X509Certificate(der).publicKey, names: certificateNames(der) };
  } catch (cause) {
    throw new ClavigerError('invalid-field', 'the Certificate Value is no X.509 certificate', {
      cause,
    });
  }
}
