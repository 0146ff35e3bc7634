/**
 * A Merkle tree that only grows: of all its nodes it keeps the roots of the full subtrees, from left to
 * right, one for each binary digit 1 of its size. That is enough to append and to know the root.
 */
import { emptyRoot, HASH_BYTES, nodeHash } from './hashes.ts';

export interface Frontier {
  /** How many leaves the tree has. */
  readonly size: number;
  append(leafHash: Uint8Array): void;
  /**
   * Appends a full subtree of 2^level leaves by its root.
   *
   * @throws RangeError when the size of the tree is no multiple of that.
   */
  appendSubtree(root: Uint8Array, level: number): void;
  root(): Uint8Array;
  /** The roots of the full subtrees, one after the other; a copy. */
  toBytes(): Uint8Array;
}

/** An empty tree. */
export function createFrontier(): Frontier {
  return frontierOf(0, []);
}

/**
 * A tree that is continued from what `toBytes` said.
 *
 * @throws RangeError when the bytes are not those of a tree of that size.
 */
export function restoreFrontier(size: number, bytes: Uint8Array): Frontier {
  const nodes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) {
    nodes.push(Uint8Array.from(bytes.subarray(at, at + HASH_BYTES)));
  }
  if (bytes.length !== HASH_BYTES * subtreesOf(size)) {
    throw new RangeError(`A tree of ${size} leaves has ${subtreesOf(size)} full subtrees.`);
  }
  return frontierOf(size, nodes);
}

/** How many full subtrees a tree has: the binary digits 1 of its size. */
export function subtreesOf(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

function frontierOf(initialSize: number, nodes: Uint8Array[]): Frontier {
  let size = initialSize;

  function appendSubtree(root: Uint8Array, level: number): void {
    const leaves = 2 ** level;
    if (size % leaves !== 0) {
      throw new RangeError(`A subtree of ${leaves} leaves cannot follow ${size} leaves.`);
    }
    let node = root;
    for (let rest = size / leaves; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = nodes.pop();
      if (left === undefined) throw new RangeError('The frontier does not fit its size.');
      node = nodeHash(left, node);
    }
    nodes.push(node);
    size += leaves;
  }

  return {
    get size() {
      return size;
    },
    append: (leafHash) => appendSubtree(leafHash, 0),
    appendSubtree,
    root: () => nodes.reduceRight<Uint8Array | undefined>(joined, undefined) ?? emptyRoot(),
    toBytes: () => Uint8Array.from(nodes.flatMap((node) => [...node])),
  };
}

function joined(right: Uint8Array | undefined, left: Uint8Array): Uint8Array {
  return right === undefined ? left : nodeHash(left, right);
}
