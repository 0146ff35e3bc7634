/**
 * Splitting a secret and joining it again (1.4 §2.2.5): exclusive or, and Shamir's polynomials over
 * GF(2^8), GF(2^16) and a prime field. It is arithmetic that KMIP defines, and no library has it so.
 */

import { ClavigerError, type EnumerationValue } from '@claviger/kmip-protocol';
import { type BinaryField, GF2_8, GF2_16 } from './binary-field.ts';
import { byteLength, inverseModulo, modulo, toBytes, toNumber } from './prime-field.ts';

/** One part; `identifier` counts from 1 (Key Part Identifier). */
export interface KeyPart {
  readonly identifier: number;
  readonly data: Uint8Array;
}

export interface SplitPlan {
  readonly method: EnumerationValue<'SplitKeyMethod'>;
  readonly parts: number;
  /** Parts that are enough to join; all of them for exclusive or. */
  readonly threshold: number;
  /** For polynomials over a prime field: a prime above every secret of this length. */
  readonly primeFieldSize?: bigint | undefined;
}

type RandomBytes = (count: number) => Uint8Array;

/**
 * Splits a secret. The parts hold nothing of it as long as fewer than the threshold are together.
 *
 * @param randomBytes - fresh bytes; their owner wipes them.
 * @throws ClavigerError `invalid-field`.
 */
export function splitSecret(
  secret: Uint8Array,
  plan: SplitPlan,
  randomBytes: RandomBytes,
): readonly KeyPart[] {
  assertPlan(plan);
  switch (plan.method) {
    case 'XOR':
      return splitByXor(secret, plan.parts, randomBytes);
    case 'PolynomialSharingGF2_8':
      return shareInBinaryField(secret, plan, GF2_8, randomBytes);
    case 'PolynomialSharingGF2_16':
      return shareInBinaryField(secret, plan, GF2_16, randomBytes);
    case 'PolynomialSharingPrimeField':
      return shareInPrimeField(secret, plan, randomBytes);
    default:
      throw unknownMethod(plan.method);
  }
}

/**
 * Joins parts; of more than the threshold the first are taken.
 *
 * Over a prime field the secret comes back with as many bytes as the prime has.
 *
 * @throws ClavigerError `cryptographic-failure` for too few parts, and for parts that do not belong
 * together; `invalid-field` for a plan that makes none.
 */
export function joinSecret(parts: readonly KeyPart[], plan: SplitPlan): Uint8Array {
  assertPlan(plan);
  const enough = parts.slice(0, plan.threshold);
  assertParts(enough, plan);
  switch (plan.method) {
    case 'XOR':
      return xorAll(enough.map(({ data }) => data));
    case 'PolynomialSharingGF2_8':
      return joinInBinaryField(enough, GF2_8);
    case 'PolynomialSharingGF2_16':
      return joinInBinaryField(enough, GF2_16);
    case 'PolynomialSharingPrimeField':
      return joinInPrimeField(enough, primeOf(plan));
    default:
      throw unknownMethod(plan.method);
  }
}

function assertPlan({ method, parts, threshold }: SplitPlan): void {
  if (parts < 2 || parts > 255) throw refuse('a key can be split into 2 to 255 parts');
  if (threshold < 2 || threshold > parts) {
    throw refuse('the Split Key Threshold must be from 2 to the number of Split Key Parts');
  }
  if (method === 'XOR' && threshold !== parts) {
    throw refuse(
      'by exclusive or all parts are needed: set the Split Key Threshold to their number',
    );
  }
}

function assertParts(parts: readonly KeyPart[], { threshold }: SplitPlan): void {
  if (parts.length < threshold) {
    throw cannotJoin(`${threshold} parts are needed; ${parts.length} were given`);
  }
  if (new Set(parts.map(({ identifier }) => identifier)).size < parts.length) {
    throw cannotJoin('the same part was given twice');
  }
  if (new Set(parts.map(({ data }) => data.length)).size > 1) {
    throw cannotJoin('the parts differ in length');
  }
}

function splitByXor(secret: Uint8Array, count: number, randomBytes: RandomBytes): KeyPart[] {
  const pads = Array.from({ length: count - 1 }, () => randomBytes(secret.length));
  return [...pads, xorAll([secret, ...pads])].map((data, at) => ({ identifier: at + 1, data }));
}

function xorAll(all: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(all[0]?.length ?? 0);
  for (const data of all) {
    for (const [at, byte] of data.entries()) result[at] = (result[at] ?? 0) ^ byte;
  }
  return result;
}

function shareInBinaryField(
  secret: Uint8Array,
  { parts, threshold }: SplitPlan,
  field: BinaryField,
  randomBytes: RandomBytes,
): KeyPart[] {
  const constants = elementsOf(secret, field);
  const coefficients = Array.from({ length: threshold - 1 }, () =>
    elementsOf(randomBytes(secret.length), field),
  );
  try {
    return Array.from({ length: parts }, (_, at) => {
      const x = at + 1;
      const share = constants.map((constant, piece) => {
        // Horner, from the highest coefficient down to the secret.
        let y = 0;
        for (const coefficient of coefficients) {
          y = field.multiply(y ^ (coefficient[piece] ?? 0), x);
        }
        return y ^ constant;
      });
      return { identifier: x, data: bytesOf(share, field) };
    });
  } finally {
    for (const elements of [constants, ...coefficients]) elements.fill(0);
  }
}

/** Lagrange at zero, where subtracting is exclusive or as well. */
function joinInBinaryField(parts: readonly KeyPart[], field: BinaryField): Uint8Array {
  const weights = parts.map(({ identifier: own }) =>
    parts
      .filter(({ identifier }) => identifier !== own)
      .map(({ identifier }) => field.multiply(identifier, field.inverse(identifier ^ own)))
      .reduce((weight, factor) => field.multiply(weight, factor), 1),
  );
  const shares = parts.map(({ data }) => elementsOf(data, field));
  const pieces = shares[0]?.length ?? 0;
  const secret = new Uint16Array(pieces).map((_, piece) =>
    shares
      .map((share, at) => field.multiply(share[piece] ?? 0, weights[at] ?? 0))
      .reduce((sum, term) => sum ^ term, 0),
  );
  for (const share of shares) share.fill(0);
  return bytesOf(secret, field);
}

/** Copied, for the caller to wipe. */
function elementsOf(data: Uint8Array, { elementBytes }: BinaryField): Uint16Array {
  if (elementBytes === 1) return Uint16Array.from(data);
  if (data.length % 2 !== 0) throw refuse('over GF(2^16) a key must have an even number of bytes');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return new Uint16Array(data.length / 2).map((_, at) => view.getUint16(at * 2));
}

/** Wipes the elements. */
function bytesOf(elements: Uint16Array, { elementBytes }: BinaryField): Uint8Array {
  const data = new Uint8Array(elements.length * elementBytes);
  const view = new DataView(data.buffer);
  for (const [at, element] of elements.entries()) {
    if (elementBytes === 1) data[at] = element;
    else view.setUint16(at * 2, element);
  }
  elements.fill(0);
  return data;
}

function shareInPrimeField(
  secret: Uint8Array,
  plan: SplitPlan,
  randomBytes: RandomBytes,
): KeyPart[] {
  const prime = primeOf(plan);
  const constant = toNumber(secret);
  if (prime >> BigInt(secret.length * 8) === 0n) {
    throw refuse('the Prime Field Size must be above every secret of this length');
  }
  const length = byteLength(prime);
  const coefficients = Array.from({ length: plan.threshold - 1 }, () =>
    // Sixteen bytes more than the prime has: the remainder is even to one in 2^128.
    modulo(toNumber(randomBytes(length + 16)), prime),
  );
  return Array.from({ length: plan.parts }, (_, at) => {
    const x = BigInt(at + 1);
    const y = coefficients.reduce((sum, coefficient) => modulo((sum + coefficient) * x, prime), 0n);
    return { identifier: at + 1, data: toBytes(modulo(y + constant, prime), length) };
  });
}

function joinInPrimeField(parts: readonly KeyPart[], prime: bigint): Uint8Array {
  let secret = 0n;
  for (const { identifier, data } of parts) {
    let weight = toNumber(data);
    for (const { identifier: other } of parts) {
      if (other === identifier) continue;
      const inverse = inverseModulo(BigInt(other - identifier), prime);
      weight = modulo(weight * BigInt(other) * inverse, prime);
    }
    secret = modulo(secret + weight, prime);
  }
  return toBytes(secret, byteLength(prime));
}

/** Large enough for anything that is kept, small enough to reckon with in a moment. */
const MAX_PRIME_BYTES = 1024;

function primeOf({ primeFieldSize }: SplitPlan): bigint {
  if (
    primeFieldSize === undefined ||
    primeFieldSize <= 256n ||
    byteLength(primeFieldSize) > MAX_PRIME_BYTES
  ) {
    throw refuse(
      'sharing over a prime field needs the Prime Field Size: a prime of 9 to 8192 bits',
    );
  }
  return primeFieldSize;
}

function cannotJoin(why: string): ClavigerError {
  return new ClavigerError('cryptographic-failure', `the key cannot be joined: ${why}`);
}

function unknownMethod(method: string): ClavigerError {
  return refuse(`the Split Key Method ${method} is not supported`);
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
