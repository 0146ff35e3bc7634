/**
 * The part of a block's index for values of which there are nearly as many as events: targets, messages.
 * A row for each of them would be written all over the index; so a block keeps one list of its terms
 * with their places, and a Bloom filter that says of most blocks that they need not be looked into.
 */

/** A term and the place of an event in the block. */
export type RareTerm = readonly [term: number, position: number];

const TERM_BYTES = 6;
const ENTRY_BYTES = TERM_BYTES + 2;
/** With eight probes, 1 of about 2,000 blocks is looked into for nothing. */
const BITS_PER_TERM = 16;
const PROBES = 8;
const HALF_BITS = 24;
const SMALLEST_FILTER_BITS = 64;

/** Sorted by term, then place. */
export function encodeRareTerms(entries: readonly RareTerm[]): Uint8Array {
  const sorted = [...entries].sort(([a, x], [b, y]) => a - b || x - y);
  const bytes = Buffer.alloc(sorted.length * ENTRY_BYTES);
  sorted.forEach(([term, position], index) => {
    bytes.writeUIntBE(term, index * ENTRY_BYTES, TERM_BYTES);
    bytes.writeUInt16BE(position, index * ENTRY_BYTES + TERM_BYTES);
  });
  return new Uint8Array(bytes);
}

/** The places of a term. */
export function findRareTerm(encoded: Uint8Array, term: number): ReadonlySet<number> {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const count = Math.floor(bytes.length / ENTRY_BYTES);
  const termAt = (index: number) => bytes.readUIntBE(index * ENTRY_BYTES, TERM_BYTES);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (termAt(middle) < term) low = middle + 1;
    else high = middle;
  }
  const positions = new Set<number>();
  for (let index = low; index < count && termAt(index) === term; index += 1) {
    positions.add(bytes.readUInt16BE(index * ENTRY_BYTES + TERM_BYTES));
  }
  return positions;
}

/** A Bloom filter over the terms; its length is a power of two. */
export function makeFilter(terms: ReadonlySet<number>): Uint8Array {
  let bits = SMALLEST_FILTER_BITS;
  while (bits < terms.size * BITS_PER_TERM) bits *= 2;
  const filter = new Uint8Array(bits / 8);
  for (const term of terms) {
    for (const bit of probesOf(term, bits)) {
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** False when the term is certainly none of those of the filter. */
export function mayHold(filter: Uint8Array, term: number): boolean {
  return probesOf(term, filter.length * 8).every(
    (bit) => ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

/** Two halves of the term, which is a hash, stand for any number of hashes. */
function probesOf(term: number, bits: number): readonly number[] {
  const first = term % 2 ** HALF_BITS;
  const step = Math.floor(term / 2 ** HALF_BITS) | 1;
  return Array.from({ length: PROBES }, (_, probe) => (first + probe * step) % bits);
}
