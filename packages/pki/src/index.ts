export {
  type Admission,
  type ClientAuthority,
  findAdmittingAuthority,
} from './admitting-authority.ts';
export {
  type CertificateDeps,
  type CertificateRequest,
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
  issueCertificate,
} from './certificate-authority.ts';
export { type CertificateNames, certificateNames, type EncodedName } from './certificate-names.ts';
export {
  assessAuthorityCertificate,
  assessClientCertificate,
  type CertificateAssessment,
  type CertificatePolicy,
  type CertificateWarning,
} from './certificate-policy.ts';
export {
  type CertificateProfile,
  type CertificateProfiles,
  type ExtendedKeyUsage,
  type KeyProfile,
  type KeyUsage,
  loadProfiles,
  parseProfiles,
  type Subject,
} from './certificate-profile.ts';
export type { SubjectAlternativeName } from './certificate-text.ts';
export { type CertificateValidity, certificateValidityAt } from './certificate-validity.ts';
export {
  type AuthorityOptions,
  type DevelopmentPki,
  type DevelopmentPkiOptions,
  ensureCertificateAuthority,
  ensureDevelopmentPki,
  type KeyPairFiles,
} from './development-pki.ts';
export { PkiError, type PkiErrorCode } from './error.ts';
export {
  colonForm,
  type Fingerprint,
  type FingerprintAlgorithm,
  fingerprintOf,
  parseFingerprint,
} from './fingerprint.ts';
export { isIssuedBy } from './issued-by.ts';
export { type OpenedPkcs12, openPkcs12 } from './open-pkcs12.ts';
export {
  type ParsedCertificate,
  type PublicKeyFacts,
  parseCertificate,
} from './parse-certificate.ts';
export { MAX_CERTIFICATE_INPUT_BYTES } from './pem-or-der.ts';
export { encodePkcs12, type Pkcs12Content, type Pkcs12Deps } from './pkcs12.ts';
export {
  type RenewedServerCertificate,
  renewServerCertificate,
} from './renew-server-certificate.ts';
export { type ServerCertificateNeed, serverCertificateNeeds } from './server-certificate-needs.ts';
export type { ServerNames } from './server-name.ts';
export {
  type PublicKeyContent,
  type SigningOptions,
  signCertificateRequest,
  signPublicKey,
} from './sign-certificate-request.ts';
export type { SignatureAlgorithm } from './signature-algorithm.ts';
export { matchesSubjectRule, parseSubjectRule, type SubjectRule } from './subject-rule.ts';
export { type CertificateChain, type ChainVerdict, validateChain } from './validate-chain.ts';
