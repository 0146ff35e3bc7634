/** The attributes that are structures. Field order and types: KMIP 1.4 §3, 2.1 §4. */

import {
  boolean,
  bytes,
  enumeration,
  integer,
  longInteger,
  optional,
  repeated,
  required,
  structure,
  text,
} from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { uniqueIdentifier } from './unique-identifier.ts';

/** 1.4 §3.2, 2.1 §4.32. */
export const Name = structure('Name', {
  nameValue: required(text('NameValue')),
  nameType: required(enumeration('NameType', 'NameType')),
});
export type Name = Infer<typeof Name>;

/** 1.4 §3.6, 2.1 §4.16. */
export const CryptographicParameters = structure('CryptographicParameters', {
  blockCipherMode: optional(enumeration('BlockCipherMode', 'BlockCipherMode')),
  paddingMethod: optional(enumeration('PaddingMethod', 'PaddingMethod')),
  hashingAlgorithm: optional(enumeration('HashingAlgorithm', 'HashingAlgorithm')),
  keyRoleType: optional(enumeration('KeyRoleType', 'KeyRoleType')),
  digitalSignatureAlgorithm: optional(
    enumeration('DigitalSignatureAlgorithm', 'DigitalSignatureAlgorithm'),
    { since: '1.2' },
  ),
  cryptographicAlgorithm: optional(
    enumeration('CryptographicAlgorithm', 'CryptographicAlgorithm'),
    {
      since: '1.2',
    },
  ),
  randomIV: optional(boolean('RandomIV'), { since: '1.2' }),
  ivLength: optional(integer('IVLength'), { since: '1.2' }),
  tagLength: optional(integer('TagLength'), { since: '1.2' }),
  fixedFieldLength: optional(integer('FixedFieldLength'), { since: '1.2' }),
  invocationFieldLength: optional(integer('InvocationFieldLength'), { since: '1.2' }),
  counterLength: optional(integer('CounterLength'), { since: '1.2' }),
  initialCounterValue: optional(integer('InitialCounterValue'), { since: '1.2' }),
  saltLength: optional(integer('SaltLength'), { since: '1.4' }),
  maskGenerator: optional(enumeration('MaskGenerator', 'MaskGenerator'), { since: '1.4' }),
  maskGeneratorHashingAlgorithm: optional(
    enumeration('MaskGeneratorHashingAlgorithm', 'HashingAlgorithm'),
    { since: '1.4' },
  ),
  pSource: optional(bytes('PSource'), { since: '1.4' }),
  trailerField: optional(integer('TrailerField'), { since: '1.4' }),
});
export type CryptographicParameters = Infer<typeof CryptographicParameters>;

/** 1.4 §3.7, 2.1 §4.14. */
export const CryptographicDomainParameters = structure('CryptographicDomainParameters', {
  qlength: optional(integer('Qlength')),
  recommendedCurve: optional(enumeration('RecommendedCurve', 'RecommendedCurve')),
});

/** 1.4 §3.13 (deprecated since 1.1). */
export const CertificateIdentifier = structure('CertificateIdentifier', {
  issuer: required(text('Issuer')),
  serialNumber: optional(text('SerialNumber')),
});

/** 1.4 §3.14 (deprecated since 1.1). */
export const CertificateSubject = structure('CertificateSubject', {
  certificateSubjectDistinguishedName: optional(text('CertificateSubjectDistinguishedName')),
  certificateSubjectAlternativeName: repeated(text('CertificateSubjectAlternativeName')),
});

/** 1.4 §3.15 (deprecated since 1.1). */
export const CertificateIssuer = structure('CertificateIssuer', {
  certificateIssuerDistinguishedName: required(text('CertificateIssuerDistinguishedName')),
  certificateIssuerAlternativeName: repeated(text('CertificateIssuerAlternativeName')),
});

/** 1.4 §3.10, 2.1 §4.61. */
export const X509CertificateIdentifier = structure('X_509CertificateIdentifier', {
  issuerDistinguishedName: required(bytes('IssuerDistinguishedName')),
  certificateSerialNumber: required(bytes('CertificateSerialNumber')),
});

/** 1.4 §3.11, 2.1 §4.63. */
export const X509CertificateSubject = structure('X_509CertificateSubject', {
  subjectDistinguishedName: optional(bytes('SubjectDistinguishedName')),
  subjectAlternativeName: repeated(bytes('SubjectAlternativeName')),
});

/** 1.4 §3.12, 2.1 §4.62. */
export const X509CertificateIssuer = structure('X_509CertificateIssuer', {
  issuerDistinguishedName: required(bytes('IssuerDistinguishedName')),
  issuerAlternativeName: repeated(bytes('IssuerAlternativeName')),
});

/** 1.4 §3.17, 2.1 §4.21. */
export const Digest = structure('Digest', {
  hashingAlgorithm: required(enumeration('HashingAlgorithm', 'HashingAlgorithm')),
  digestValue: optional(bytes('DigestValue')),
  keyFormatType: optional(enumeration('KeyFormatType', 'KeyFormatType'), { since: '1.1' }),
});
export type Digest = Infer<typeof Digest>;

/** 1.4 §3.21, 2.1 §4.59. */
export const UsageLimits = structure('UsageLimits', {
  usageLimitsTotal: required(longInteger('UsageLimitsTotal')),
  usageLimitsCount: optional(longInteger('UsageLimitsCount')),
  usageLimitsUnit: required(enumeration('UsageLimitsUnit', 'UsageLimitsUnit')),
});
export type UsageLimits = Infer<typeof UsageLimits>;

/** 1.4 §3.31, 2.1 §4.47. */
export const RevocationReason = structure('RevocationReason', {
  revocationReasonCode: required(enumeration('RevocationReasonCode', 'RevocationReasonCode')),
  revocationMessage: optional(text('RevocationMessage')),
});
export type RevocationReason = Infer<typeof RevocationReason>;

/** 1.4 §3.35, 2.1 §4.31. */
export const Link = structure('Link', {
  linkType: required(enumeration('LinkType', 'LinkType')),
  linkedObjectIdentifier: required(uniqueIdentifier('LinkedObjectIdentifier')),
});
export type Link = Infer<typeof Link>;

/** 1.4 §3.36, 2.1 §4.4. */
export const ApplicationSpecificInformation = structure('ApplicationSpecificInformation', {
  applicationNamespace: required(text('ApplicationNamespace')),
  applicationData: optional(text('ApplicationData')),
});

/** 1.4 §3.40, 2.1 §4.2. */
export const AlternativeName = structure('AlternativeName', {
  alternativeNameValue: required(text('AlternativeNameValue')),
  alternativeNameType: required(enumeration('AlternativeNameType', 'AlternativeNameType')),
});

/** 1.4 §3.42, 2.1 §4.27. */
export const KeyValueLocation = structure('KeyValueLocation', {
  keyValueLocationValue: required(text('KeyValueLocationValue')),
  keyValueLocationType: required(enumeration('KeyValueLocationType', 'KeyValueLocationType')),
});

const rngParameters = {
  rngAlgorithm: required(enumeration('RNGAlgorithm', 'RNGAlgorithm')),
  cryptographicAlgorithm: optional(enumeration('CryptographicAlgorithm', 'CryptographicAlgorithm')),
  cryptographicLength: optional(integer('CryptographicLength')),
  hashingAlgorithm: optional(enumeration('HashingAlgorithm', 'HashingAlgorithm')),
  drbgAlgorithm: optional(enumeration('DRBGAlgorithm', 'DRBGAlgorithm')),
  recommendedCurve: optional(enumeration('RecommendedCurve', 'RecommendedCurve')),
  fips186Variation: optional(enumeration('FIPS186Variation', 'FIPS186Variation')),
  predictionResistance: optional(boolean('PredictionResistance')),
} as const;

/** 1.4 §2.1.18, 2.1 §7.36. */
export const RNGParameters = structure('RNGParameters', rngParameters);
export type RNGParameters = Infer<typeof RNGParameters>;

/** 1.4 §3.44, 2.1 §4.46: the attribute has the fields of RNG Parameters. */
export const RandomNumberGenerator = structure('RandomNumberGenerator', rngParameters);

/** 2.1 §4.53. */
export const RotateName = structure('RotateName', {
  rotateNameValue: required(text('RotateNameValue')),
  rotateNameType: required(enumeration('RotateNameType', 'RotateNameType')),
});
