/** Places in a block of events, as a bitmap: a bit for each event. */

export const BLOCK_EVENTS = 1024;
const BITMAP_BYTES = BLOCK_EVENTS / 8;
const POSITION_BYTES = 2;

/** Exactly `BITMAP_BYTES`; never changed once it was handed out. */
export type Positions = Uint8Array;

export function positionsOf(list: Iterable<number>): Positions {
  const bitmap = new Uint8Array(BITMAP_BYTES);
  for (const position of list) {
    bitmap[position >> 3] = (bitmap[position >> 3] ?? 0) | (1 << (position & 7));
  }
  return bitmap;
}

/** Few places as a list of 16-bit numbers, little-endian; many as a bitmap. */
export function encodePositions(positions: readonly number[]): Uint8Array {
  if (positions.length * POSITION_BYTES >= BITMAP_BYTES) return positionsOf(positions);
  const list = new DataView(new ArrayBuffer(positions.length * POSITION_BYTES));
  positions.forEach((position, index) => {
    list.setUint16(index * POSITION_BYTES, position, true);
  });
  return new Uint8Array(list.buffer);
}

export function decodePositions(bytes: Uint8Array): Positions {
  if (bytes.length === BITMAP_BYTES) return bytes;
  const list = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / POSITION_BYTES);
  return positionsOf(
    Array.from({ length: count }, (_, index) => list.getUint16(index * POSITION_BYTES, true)),
  );
}

export function unionOf(sets: readonly Positions[]): Positions {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  return new Uint8Array(BITMAP_BYTES).map((_, at) =>
    sets.reduce((or, set) => or | (set[at] ?? 0), 0),
  );
}

/** @returns undefined for no sets at all: then nothing is ruled out. */
export function intersectionOf(sets: readonly Positions[]): Positions | undefined {
  const [first, ...others] = sets;
  return first?.map((bits, at) => others.reduce((and, set) => and & (set[at] ?? 0), bits));
}

/** The places, in order. */
export function listOf(positions: Positions): readonly number[] {
  const list: number[] = [];
  for (let at = 0; at < positions.length; at += 1) {
    const bits = positions[at] ?? 0;
    for (let bit = 0; bits >> bit !== 0; bit += 1) {
      if (((bits >> bit) & 1) === 1) list.push(at * 8 + bit);
    }
  }
  return list;
}
