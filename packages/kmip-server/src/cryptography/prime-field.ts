/** Numbers modulo a prime, for keys that are split over a prime field (1.4 §2.2.5). */

/** From 0 to `prime` - 1, also for a negative value. */
export function modulo(value: bigint, prime: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

/** The inverse by Fermat; what divides `prime` has none. */
export function inverseModulo(value: bigint, prime: bigint): bigint {
  let result = 1n;
  let square = modulo(value, prime);
  for (let exponent = prime - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = modulo(result * square, prime);
    square = modulo(square * square, prime);
  }
  return result;
}

/** Reads bytes, the most significant first. */
export function toNumber(data: Uint8Array): bigint {
  let value = 0n;
  for (const byte of data) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Writes a number that is not negative into `length` bytes, the most significant first. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const data = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at--) {
    data[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return data;
}

/** How many bytes a number needs. */
export function byteLength(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2);
}
