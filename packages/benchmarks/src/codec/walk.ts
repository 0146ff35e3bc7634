/** The least that can be done with a message: every header is read, every byte of a value is touched. */

const HEADER_BYTES = 8;
const PADDING = 8;
const STRUCTURE = 0x01;

/** @returns A number that depends on every byte, so that no compiler leaves the work out. */
export function walk(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let sum = 0;
  let at = from;
  while (at < to) {
    const type = bytes[at + 3] ?? 0;
    const length =
      ((bytes[at + 4] ?? 0) << 24) |
      ((bytes[at + 5] ?? 0) << 16) |
      ((bytes[at + 6] ?? 0) << 8) |
      (bytes[at + 7] ?? 0);
    sum += type;
    const value = at + HEADER_BYTES;
    const end = value + length;
    if (type === STRUCTURE) sum += walk(bytes, value, end);
    else for (let place = value; place < end; place++) sum += bytes[place] ?? 0;
    at = value + Math.ceil(length / PADDING) * PADDING;
  }
  return sum;
}
