export {
  type CertificateDeps,
  type CertificateRequest,
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
  issueCertificate,
} from './certificate-authority.ts';
export { MAX_CERTIFICATE_INPUT_BYTES } from './certificate-bytes.ts';
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
  type DevelopmentPki,
  type DevelopmentPkiOptions,
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
export {
  type ParsedCertificate,
  type PublicKeyFacts,
  parseCertificate,
} from './parse-certificate.ts';
