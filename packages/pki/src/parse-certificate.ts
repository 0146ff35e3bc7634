/**
 * Reads certificates that others made. OpenSSL (through node:crypto) is the only parser that sees such
 * bytes, so that what is shown and compared here is what the TLS handshake sees.
 */

import { type KeyObject, X509Certificate } from 'node:crypto';
import {
  oneLineName,
  parseSubjectAltName,
  type SubjectAlternativeName,
} from './certificate-text.ts';
import { readDer } from './der.ts';
import { PkiError } from './error.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';
import { pemOfDer, readCertificateBytes } from './pem-or-der.ts';
import { certificateSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

/** Facts about a public key: `{ algorithm: 'rsa', bits: 3072 }`, `{ algorithm: 'ec', curve: 'P-256' }`. */
export interface PublicKeyFacts {
  /** As node:crypto names it: `rsa`, `rsa-pss`, `ec`, `ed25519`, ... */
  readonly algorithm: string;
  /** Length of the modulus, for RSA and DSA. */
  readonly bits?: number;
  /** Name of the curve, for EC; the NIST name where there is one. */
  readonly curve?: string;
}

export interface ParsedCertificate {
  readonly der: Uint8Array;
  /** Byte for byte what was given when that was PEM; made from the DER otherwise. */
  readonly pem: string;
  /** One line, most specific part first: `CN=vcenter.example,O=Example` (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  /** Milliseconds since the epoch; see `certificateValidityAt`. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly fingerprintSha256: Fingerprint;
  readonly fingerprintSha1: Fingerprint;
  readonly publicKey: PublicKeyFacts;
  /** How the issuer signed it. */
  readonly signatureAlgorithm: SignatureAlgorithm;
  /**
   * `serverAuth`, `clientAuth` and others by name, unknown ones as dotted numbers; empty when the
   * extension is missing, which means any use.
   */
  readonly extendedKeyUsage: readonly string[];
  /** Whether Basic Constraints make it a certificate authority. */
  readonly isCa: boolean;
  /** Empty when the extension is missing or cannot be decoded. */
  readonly subjectAlternativeNames: readonly SubjectAlternativeName[];
}

const EXTENDED_KEY_USAGE_NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

const NIST_CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/**
 * Parses one X.509 certificate. Neither its signature nor its dates are judged.
 *
 * @param pemOrDer - At most 64 KiB; PEM as text or bytes, with any text around it, or DER.
 * @throws PkiError `too-large`, `not-a-certificate`, `is-a-private-key`, `several-certificates`,
 * `malformed`, `unsupported-key`.
 */
export function parseCertificate(pemOrDer: string | Uint8Array): ParsedCertificate {
  const { der, pem } = readCertificateBytes(pemOrDer);
  const x509 = readX509(der, pem !== undefined);
  const publicKey = publicKeyFacts(readPublicKey(x509));
  try {
    return {
      der,
      pem: pem ?? pemOfDer('CERTIFICATE', der),
      subject: oneLineName(x509.subject ?? ''),
      issuer: oneLineName(x509.issuer ?? ''),
      serialNumber: x509.serialNumber.toLowerCase(),
      notBefore: millisecondsOf(x509.validFrom),
      notAfter: millisecondsOf(x509.validTo),
      fingerprintSha256: fingerprintOf(der, 'sha256'),
      fingerprintSha1: fingerprintOf(der, 'sha1'),
      publicKey,
      signatureAlgorithm: certificateSignatureAlgorithm(readDer(der)),
      // Absent extensions are undefined at run time, whatever the type declarations say.
      extendedKeyUsage: (x509.keyUsage ?? []).map((oid) => EXTENDED_KEY_USAGE_NAMES[oid] ?? oid),
      isCa: x509.ca,
      subjectAlternativeNames: readSubjectAltName(x509),
    };
  } catch (cause) {
    if (cause instanceof PkiError) {
      throw cause;
    }
    throw new PkiError('malformed', 'a field of the certificate cannot be read', { cause });
  }
}

function readX509(der: Uint8Array, fromPem: boolean): X509Certificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch (cause) {
    throw fromPem
      ? new PkiError('malformed', 'the PEM block does not hold a certificate', { cause })
      : new PkiError('not-a-certificate', 'these bytes are neither PEM nor DER of a certificate', {
          cause,
        });
  }
  // Bytes after the certificate, or an encoding with two readings, would give it a second fingerprint.
  if (Buffer.compare(x509.raw, der) !== 0) {
    throw new PkiError(
      'malformed',
      'the certificate is not encoded as DER, or bytes follow it; export it again',
    );
  }
  return x509;
}

function readPublicKey(x509: X509Certificate): KeyObject {
  try {
    return x509.publicKey;
  } catch (cause) {
    throw new PkiError(
      'unsupported-key',
      'the public key in the certificate cannot be read; RSA and EC keys are supported',
      { cause },
    );
  }
}

function readSubjectAltName(x509: X509Certificate): readonly SubjectAlternativeName[] {
  // For an extension that it cannot decode Node 20 answers null and Node 24 undefined, as for none.
  // Both count as none: nobody is let in by such a name, certificates are known by fingerprint.
  const text: string | null | undefined = x509.subjectAltName;
  return text === null || text === undefined ? [] : parseSubjectAltName(text);
}

function publicKeyFacts(key: KeyObject): PublicKeyFacts {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return {
    algorithm: key.asymmetricKeyType ?? 'unknown',
    ...(modulusLength === undefined ? {} : { bits: modulusLength }),
    ...(namedCurve === undefined ? {} : { curve: NIST_CURVES[namedCurve] ?? namedCurve }),
  };
}

/** OpenSSL prints dates as `Nov 22 17:12:16 2026 GMT`. */
function millisecondsOf(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new PkiError('malformed', 'a date of validity in the certificate cannot be read');
  }
  return milliseconds;
}
