/** The fields of characteristic two in which keys are split (1.4 §2.2.5), by shift and add. */

/** A field whose elements are whole bytes. Adding is exclusive or. */
export interface BinaryField {
  readonly elementBytes: 1 | 2;
  multiply(a: number, b: number): number;
  /** Of any element but zero. */
  inverse(a: number): number;
}

/**
 * x^8 + x^4 + x^3 + x^2 + 1 (2.1 §13.1). The text of 1.x has the polynomial of FIPS 197, but the shares in its
 * own test cases (TC-SJ-3) are of this one.
 */
const POLYNOMIAL = 0x11d;

export const GF2_8: BinaryField = {
  elementBytes: 1,
  multiply: multiplyBytes,
  inverse: invertByte,
};

/** What y^2 + y is in GF(2^16). */
const M = 0x3a;

/**
 * GF(2^16) as GF(2^8)[y] / (y^2 + y + {3A}): an element is the byte of y, then the byte of one.
 *
 * The product that the specification prints has the factor {3A} at the wrong term; its inverse, and
 * the field that it names, are those here.
 */
export const GF2_16: BinaryField = {
  elementBytes: 2,
  multiply(a, b) {
    const [r, s, u, v] = [a >> 8, a & 0xff, b >> 8, b & 0xff];
    const sv = multiplyBytes(s, v);
    const high = multiplyBytes(r ^ s, u ^ v) ^ sv;
    const low = sv ^ multiplyBytes(multiplyBytes(r, u), M);
    return (high << 8) | low;
  },
  inverse(a) {
    const [u, v] = [a >> 8, a & 0xff];
    const norm = multiplyBytes(u ^ v, v) ^ multiplyBytes(M, multiplyBytes(u, u));
    const inverse = invertByte(norm);
    return (multiplyBytes(u, inverse) << 8) | multiplyBytes(u ^ v, inverse);
  },
};

/** In a time that does not depend on the values. */
function multiplyBytes(a: number, b: number): number {
  let product = 0;
  let shifted = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((b >> bit) & 1);
    shifted = (shifted << 1) ^ (POLYNOMIAL & -((shifted >> 7) & 1));
  }
  return product;
}

/** By Fermat: a^254. */
function invertByte(a: number): number {
  let result = 1;
  let square = a;
  for (let bit = 1; bit < 8; bit++) {
    square = multiplyBytes(square, square);
    result = multiplyBytes(result, square);
  }
  return result;
}
