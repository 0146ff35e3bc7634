/** Names and serial number of a certificate as they stand in it (RFC 5280 §4.1). */

import { DerTag, expectTag, partsOf, readDer } from './der.ts';
import { type NameAttribute, parseDistinguishedName } from './distinguished-name.ts';
import { parseCertificate } from './parse-certificate.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

export interface EncodedName {
  /** View of the Name in DER. */
  readonly der: Uint8Array;
  /** One line, most specific part first (RFC 4514). */
  readonly text: string;
  /** In the order of the text. */
  readonly attributes: readonly NameAttribute[];
}

export interface CertificateNames {
  readonly issuer: EncodedName;
  readonly subject: EncodedName;
  /** View of the INTEGER in DER, with tag and length. */
  readonly serialNumberDer: Uint8Array;
  /** Upper-case hexadecimal digits. */
  readonly serialNumber: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
}

/**
 * Reads the names of one X.509 certificate.
 *
 * @param der - The certificate in DER.
 * @throws PkiError as `parseCertificate`.
 */
export function certificateNames(der: Uint8Array): CertificateNames {
  const { subject, issuer, serialNumber, signatureAlgorithm } = parseCertificate(der);
  const [signed] = partsOf(readDer(der), DerTag.Sequence);
  const fields = partsOf(signed, DerTag.Sequence);
  // The version is the one field before the serial number that may be missing.
  const first = fields[0]?.tag === DerTag.Context0 ? 1 : 0;
  const at = (offset: number, tag: number) => expectTag(fields[first + offset], tag).bytes;
  const nameOf = (bytes: Uint8Array, text: string): EncodedName => ({
    der: bytes,
    text,
    attributes: parseDistinguishedName(text),
  });
  return {
    serialNumberDer: at(0, DerTag.Integer),
    serialNumber: serialNumber.toUpperCase(),
    issuer: nameOf(at(2, DerTag.Sequence), issuer),
    subject: nameOf(at(4, DerTag.Sequence), subject),
    signatureAlgorithm,
  };
}
