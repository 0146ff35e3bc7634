/**
 * What proofs are made of: hashes of slices of the log. This file says which slices, and hashes them in
 * one pass over the leaves.
 */
import { createFrontier } from './frontier.ts';
import { HASH_BYTES } from './hashes.ts';

/** Leaves from `begin`, which counts from 0, up to and without `end`. */
export interface Slice {
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads leaf hashes of 32 bytes each, one after the other.
 *
 * @param begin - The first leaf, from 0.
 * @returns fewer only where the log ends.
 */
export type ReadLeaves = (begin: number, count: number) => Promise<Uint8Array>;

const PAGE_LEAVES = 4096;

/** The audit path of a leaf, from the leaf to the root: RFC 9162 §2.1.3.1. */
export function inclusionSlices(index: number, size: number): readonly Slice[] {
  if (index < 0 || index >= size) throw new RangeError(`There is no leaf ${index} of ${size}.`);
  const path: Slice[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + largestPowerBelow(end - begin);
    if (index < middle) {
      path.push({ begin: middle, end });
      end = middle;
    } else {
      path.push({ begin, end: middle });
      begin = middle;
    }
  }
  return path.reverse();
}

/** That the tree of `size` leaves began as that of `oldSize`: RFC 9162 §2.1.4.1. */
export function consistencySlices(oldSize: number, size: number): readonly Slice[] {
  if (oldSize < 0 || oldSize > size)
    throw new RangeError(`${oldSize} leaves are not within ${size}.`);
  if (oldSize === 0 || oldSize === size) return [];
  const slices: Slice[] = [];
  let [begin, end] = [0, size];
  while (end !== oldSize) {
    const middle = begin + largestPowerBelow(end - begin);
    if (oldSize <= middle) {
      slices.push({ begin: middle, end });
      end = middle;
    } else {
      slices.push({ begin, end: middle });
      begin = middle;
    }
  }
  // A subtree from the beginning is the old tree itself, whose root the verifier has.
  if (begin > 0) slices.push({ begin, end });
  return slices.reverse();
}

/** Full subtrees, the largest possible, from left to right. */
export function fullSubtrees({ begin, end }: Slice): readonly Slice[] {
  const slices: Slice[] = [];
  let at = begin;
  while (at < end) {
    let leaves = 1;
    while (at % (2 * leaves) === 0 && at + 2 * leaves <= end) leaves *= 2;
    slices.push({ begin: at, end: at + leaves });
    at += leaves;
  }
  return slices;
}

/** How many levels a full subtree has below its root. */
export function levelOf({ begin, end }: Slice): number {
  return Math.round(Math.log2(end - begin));
}

/**
 * The hash of each slice, in the order of `slices`. Memory is bounded; the time grows with the leaves.
 *
 * @param onProgress - Told how many leaves were hashed.
 * @throws RangeError when the log is shorter than a slice.
 */
export async function hashSlices(
  readLeaves: ReadLeaves,
  slices: readonly Slice[],
  onProgress: (leaves: number) => void = () => {},
): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  let done = 0;
  for (const { begin, end } of slices) {
    const tree = createFrontier();
    for (let at = begin; at < end; at += PAGE_LEAVES) {
      const count = Math.min(PAGE_LEAVES, end - at);
      const page = await readLeaves(at, count);
      if (page.length !== count * HASH_BYTES) {
        throw new RangeError(`The log has no leaves up to ${end}.`);
      }
      for (let leaf = 0; leaf < page.length; leaf += HASH_BYTES) {
        tree.append(page.subarray(leaf, leaf + HASH_BYTES));
      }
      done += count;
      onProgress(done);
    }
    hashes.push(tree.root());
  }
  return hashes;
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
