/** The algorithms for which Create makes symmetric keys, with the Cryptographic Lengths they allow. */

import type { EnumerationValueName } from '@claviger/kmip-protocol';

interface Algorithm {
  /** Bits; a range counts in steps of 8. */
  readonly lengths: readonly number[] | { readonly from: number; readonly to: number };
  /** Those of the lengths that leave out the parity bit, one in each byte. */
  readonly withoutParity?: readonly number[];
}

const HMAC: Algorithm = { lengths: { from: 80, to: 4096 } };
const BLOCK_128: Algorithm = { lengths: [128, 192, 256] };

const ALGORITHMS: Readonly<
  Partial<Record<EnumerationValueName<'CryptographicAlgorithm'>, Algorithm>>
> = {
  AES: BLOCK_128,
  // Clients count with the parity bits or without them; the specification allows both (1.4 §2.1.3).
  DES3: { lengths: [112, 128, 168, 192], withoutParity: [112, 168] },
  Camellia: BLOCK_128,
  Twofish: BLOCK_128,
  ARIA: BLOCK_128,
  SEED: { lengths: [128] },
  SM4: { lengths: [128] },
  IDEA: { lengths: [128] },
  CAST5: { lengths: { from: 40, to: 128 } },
  Blowfish: { lengths: { from: 32, to: 448 } },
  SKIPJACK: { lengths: [80] },
  ChaCha20: { lengths: [256] },
  ChaCha20Poly1305: { lengths: [256] },
  HMAC_SHA1: HMAC,
  HMAC_SHA224: HMAC,
  HMAC_SHA256: HMAC,
  HMAC_SHA384: HMAC,
  HMAC_SHA512: HMAC,
  HMAC_SHA3_224: HMAC,
  HMAC_SHA3_256: HMAC,
  HMAC_SHA3_384: HMAC,
  HMAC_SHA3_512: HMAC,
};

/** What is wrong with an algorithm and a length in bits, or how many bytes the key has. */
export function keyLengthBytes(
  algorithm: string,
  lengthBits: number,
):
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'unsupported'; readonly why: string } {
  const row = Object.hasOwn(ALGORITHMS, algorithm)
    ? ALGORITHMS[algorithm as keyof typeof ALGORITHMS] // an own key of the table
    : undefined;
  if (row === undefined) {
    return { kind: 'unsupported', why: `symmetric keys for ${algorithm} are not supported` };
  }
  const { lengths } = row;
  if ('from' in lengths) {
    if (lengthBits < lengths.from || lengthBits > lengths.to || lengthBits % 8 !== 0) {
      const why = `a key for ${algorithm} has ${lengths.from} to ${lengths.to} bits in steps of 8`;
      return { kind: 'unsupported', why };
    }
  } else if (!lengths.includes(lengthBits)) {
    return { kind: 'unsupported', why: `a key for ${algorithm} has ${lengths.join(' or ')} bits` };
  }
  const bitsInByte = row.withoutParity?.includes(lengthBits) ? 7 : 8;
  return { kind: 'bytes', count: lengthBits / bitsInByte };
}

/** Makes random bytes a key of the algorithm: sets odd parity where it has parity bits. */
export function finishKey(algorithm: string, key: Uint8Array): void {
  if (algorithm !== 'DES3') return;
  for (const [at, byte] of key.entries()) {
    let ones = 0;
    for (let bit = 1; bit < 8; bit++) ones += (byte >> bit) & 1;
    key[at] = (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
  }
}
