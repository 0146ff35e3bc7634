/** How a certificate or a signing request was signed (RFC 5280 §4.1.1.2). */

import { type DerElement, DerTag, oidOf, partsOf } from './der.ts';

export interface SignatureAlgorithm {
  /** In dotted numbers. */
  readonly oid: string;
  /** As OpenSSL calls it, `sha256WithRSAEncryption`; the dotted numbers when it is not known here. */
  readonly name: string;
  /** The kind of key that signs in this way. */
  readonly scheme: 'rsa' | 'rsa-pss' | 'ecdsa' | 'dsa' | 'eddsa' | 'unknown';
  /**
   * As node:crypto names it: `sha256`, `sha1`, ... Missing when the algorithm is not known, and for
   * EdDSA, which has its own.
   */
  readonly hash?: string;
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';

type Known = readonly [name: string, scheme: SignatureAlgorithm['scheme'], hash?: string];

const KNOWN: Readonly<Record<string, Known>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'rsa', 'md2'],
  '1.2.840.113549.1.1.3': ['md4WithRSAEncryption', 'rsa', 'md4'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'rsa', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'rsa', 'sha1'],
  '1.3.14.3.2.29': ['sha1WithRSA', 'rsa', 'sha1'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'rsa', 'sha224'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'rsa', 'sha512'],
  '2.16.840.1.101.3.4.3.14': ['RSA-SHA3-256', 'rsa', 'sha3-256'],
  '2.16.840.1.101.3.4.3.15': ['RSA-SHA3-384', 'rsa', 'sha3-384'],
  '2.16.840.1.101.3.4.3.16': ['RSA-SHA3-512', 'rsa', 'sha3-512'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'ecdsa', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'ecdsa', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'ecdsa', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'ecdsa', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'ecdsa', 'sha512'],
  '2.16.840.1.101.3.4.3.10': ['ecdsa_with_SHA3-256', 'ecdsa', 'sha3-256'],
  '2.16.840.1.101.3.4.3.11': ['ecdsa_with_SHA3-384', 'ecdsa', 'sha3-384'],
  '2.16.840.1.101.3.4.3.12': ['ecdsa_with_SHA3-512', 'ecdsa', 'sha3-512'],
  '1.2.840.10040.4.3': ['dsaWithSHA1', 'dsa', 'sha1'],
  '2.16.840.1.101.3.4.3.2': ['dsa_with_SHA256', 'dsa', 'sha256'],
  '1.3.101.112': ['ED25519', 'eddsa'],
  '1.3.101.113': ['ED448', 'eddsa'],
};

/** Hashes that RSASSA-PSS names in its parameters. */
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/**
 * Reads an AlgorithmIdentifier of a signature. One that is not known here is no error.
 *
 * @throws PkiError `malformed`.
 */
export function readSignatureAlgorithm(identifier: DerElement | undefined): SignatureAlgorithm {
  const [type, parameters] = partsOf(identifier, DerTag.Sequence);
  const oid = oidOf(type);
  const [name, scheme, hash] =
    oid === RSASSA_PSS
      ? (['rsassaPss', 'rsa-pss', pssHash(parameters)] as const)
      : (KNOWN[oid] ?? ([oid, 'unknown'] as const));
  return { oid, name, scheme, ...(hash === undefined ? {} : { hash }) };
}

/**
 * Reads the signature algorithm of a certificate.
 *
 * @throws PkiError `malformed`.
 */
export function certificateSignatureAlgorithm(certificate: DerElement): SignatureAlgorithm {
  return readSignatureAlgorithm(partsOf(certificate, DerTag.Sequence)[1]);
}

/** The hash is `[0]` of the parameters; where it is left out it is SHA-1 (RFC 4055 §3.1). */
function pssHash(parameters: DerElement | undefined): string | undefined {
  const stated =
    parameters?.tag === DerTag.Sequence
      ? partsOf(parameters, DerTag.Sequence).find(({ tag }) => tag === DerTag.Context0)
      : undefined;
  if (stated === undefined) {
    return 'sha1';
  }
  const [type] = partsOf(partsOf(stated, DerTag.Context0)[0], DerTag.Sequence);
  return HASHES[oidOf(type)];
}
