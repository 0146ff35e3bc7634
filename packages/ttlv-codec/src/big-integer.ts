/**
 * Big Integer values as bytes: two's complement, big-endian, a multiple of eight bytes
 * (KMIP 1.4 §9.1.1.4, 2.1 §10.1.2). Linear in the number of bytes: both ways go through hexadecimal
 * digits, which a bigint converts from and to without a division.
 */

import { fromHex, toHex } from './hex.ts';

/** The least multiple of eight that holds `value` in two's complement; 8 for zero. */
export function bigIntegerLength(value: bigint): number {
  const digits = magnitude(value).toString(16);
  const topBits = 32 - Math.clz32(Number.parseInt(digits.charAt(0), 16));
  const bitsWithSign = (digits.length - 1) * 4 + topBits + 1;
  return Math.ceil(bitsWithSign / 64) * 8;
}

/** The bytes of `value`, as many as {@link bigIntegerLength} says. */
export function bigIntegerToBytes(value: bigint): Uint8Array {
  const digits = magnitude(value).toString(16);
  const bytes = fromHex(digits.padStart(bigIntegerLength(value) * 2, '0')) ?? new Uint8Array();
  if (value < 0n) {
    for (let index = 0; index < bytes.length; index++) bytes[index] = ~(bytes[index] ?? 0);
  }
  return bytes;
}

/** The value of one or more bytes; superfluous sign bytes are accepted. */
export function bigIntegerFromBytes(bytes: Uint8Array): bigint {
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${toHex(bytes)}`));
}

/** A number of the same length without a sign: ~v is -v - 1, whose bits are those of v inverted. */
function magnitude(value: bigint): bigint {
  return value < 0n ? ~value : value;
}
