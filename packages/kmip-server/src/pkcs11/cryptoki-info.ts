/** CK_INFO (PKCS #11 3.0 §3.1) as it goes over KMIP: bytes as they are, CK_ULONG in 8 bytes, big-endian. */

import type { ServerIdentity } from '../operations/operation-handler.ts';

/** The version of the interface that a request without one means (2.1 §6.1.37). */
const CRYPTOKI_VERSION = Uint8Array.of(3, 0);
/** No flag is defined. */
const FLAGS = new Uint8Array(8);
const TEXT_BYTES = 32;

/** @returns 76 bytes: cryptokiVersion, manufacturerID, flags, libraryDescription, libraryVersion. */
export function encodeCryptokiInfo({
  vendorIdentification,
  productName,
  serverVersion,
}: ServerIdentity): Uint8Array {
  const [major = 0, minor = 0] = serverVersion.split('.').map((part) => Number.parseInt(part, 10));
  return new Uint8Array(
    Buffer.concat([
      CRYPTOKI_VERSION,
      paddedText(vendorIdentification),
      FLAGS,
      paddedText(productName),
      Uint8Array.of(major, minor),
    ]),
  );
}

/** UTF-8, cut between characters, filled up with blanks and without a zero at its end. */
function paddedText(text: string): Uint8Array {
  const field = new Uint8Array(TEXT_BYTES).fill(0x20);
  new TextEncoder().encodeInto(text, field);
  return field;
}
