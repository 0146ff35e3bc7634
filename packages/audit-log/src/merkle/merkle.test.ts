/** The tree against the vectors that the implementations of Certificate Transparency share. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrontier, restoreFrontier } from './frontier.ts';
import { HASH_BYTES, leafHash, nodeHash } from './hashes.ts';
import { verifyConsistency, verifyInclusion } from './proofs.ts';
import {
  consistencySlices,
  fullSubtrees,
  hashSlices,
  inclusionSlices,
  levelOf,
  type ReadLeaves,
} from './slices.ts';

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => leafHash(Buffer.from(hex, 'hex')));

const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Index of the leaf, size of the tree, proof. */
const INCLUSIONS: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** Older and newer size, proof. */
const CONSISTENCIES: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

function readerOf(leaves: readonly Uint8Array[]): ReadLeaves {
  return async (begin, count) => Buffer.concat(leaves.slice(begin, begin + count));
}

/** The definition of RFC 6962 §2.1, word for word. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return bytes(ROOTS[0] ?? '');
  if (leaves.length === 1) return only;
  let middle = 1;
  while (middle * 2 < leaves.length) middle *= 2;
  return nodeHash(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

describe('a tree that grows', () => {
  it('has the known roots', () => {
    const tree = createFrontier();
    expect(hex(tree.root())).toBe(ROOTS[0]);
    for (const [index, leaf] of LEAVES.entries()) {
      tree.append(leaf);
      expect(hex(tree.root())).toBe(ROOTS[index + 1]);
    }
  });

  it('goes on from what was kept of it, in any size', () => {
    for (let size = 0; size <= LEAVES.length; size += 1) {
      const before = createFrontier();
      for (const leaf of LEAVES.slice(0, size)) before.append(leaf);
      const tree = restoreFrontier(size, before.toBytes());
      for (const leaf of LEAVES.slice(size)) tree.append(leaf);
      expect([tree.size, hex(tree.root())]).toEqual([8, ROOTS[8]]);
    }
  });

  it('is refused from bytes of another size', () => {
    expect(() => restoreFrontier(3, new Uint8Array(HASH_BYTES))).toThrow(RangeError);
    expect(() => restoreFrontier(1, new Uint8Array(HASH_BYTES - 1))).toThrow(RangeError);
    expect(() => restoreFrontier(0, new Uint8Array(1))).toThrow(RangeError);
  });

  it('takes full subtrees where they fit, and nowhere else', async () => {
    const tree = createFrontier();
    const slices = [...fullSubtrees({ begin: 0, end: 6 }), ...fullSubtrees({ begin: 6, end: 8 })];
    const hashes = await hashSlices(readerOf(LEAVES), slices);
    slices.forEach((slice, index) => {
      tree.appendSubtree(hashes[index] ?? new Uint8Array(), levelOf(slice));
    });
    expect(hex(tree.root())).toBe(ROOTS[8]);
    tree.append(new Uint8Array(HASH_BYTES));
    expect(() => tree.appendSubtree(new Uint8Array(HASH_BYTES), 1)).toThrow(RangeError);
  });
});

describe('proofs', () => {
  it.each(INCLUSIONS)('of leaf %i in %i are the known ones', async (index, size, proof) => {
    const hashes = await hashSlices(readerOf(LEAVES), inclusionSlices(index, size));
    expect(hashes.map(hex)).toEqual(proof);
  });

  it.each(CONSISTENCIES)(
    'that %i leaves grew to %i are the known ones',
    async (older, newer, proof) => {
      const hashes = await hashSlices(readerOf(LEAVES), consistencySlices(older, newer));
      expect(hashes.map(hex)).toEqual(proof);
    },
  );

  it('hold for every leaf and size, and for nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 130 }), fc.nat(), fc.nat(), async (size, a, b) => {
        const leaves = Array.from({ length: size }, (_, index) => leafHash(Buffer.from([index])));
        const root = rootOf(leaves);
        const [index, other] = [a % size, b % size];
        const proof = await hashSlices(readerOf(leaves), inclusionSlices(index, size));
        const leaf = leaves[index] ?? root;
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leaf, other, size, proof, root)).toBe(other === index);
        expect(verifyInclusion(root, index, size, proof, root)).toBe(size === 1);
        expect(verifyInclusion(leaf, index, size, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(leaf, size, size, proof, root)).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        }

        const older = { size: other + 1, root: rootOf(leaves.slice(0, other + 1)) };
        const newer = { size, root };
        const grown = await hashSlices(readerOf(leaves), consistencySlices(older.size, size));
        expect(verifyConsistency(older, newer, grown)).toBe(true);
        expect(verifyConsistency({ ...older, root: leaf }, newer, grown)).toBe(
          Buffer.compare(leaf, older.root) === 0,
        );
        expect(verifyConsistency(older, newer, [...grown, root])).toBe(false);
        expect(verifyConsistency({ ...older, size: size + 1 }, newer, grown)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('are refused for leaves that are not there', async () => {
    expect(() => inclusionSlices(8, 8)).toThrow(RangeError);
    expect(() => consistencySlices(9, 8)).toThrow(RangeError);
    await expect(hashSlices(readerOf(LEAVES), [{ begin: 4, end: 9 }])).rejects.toThrow(RangeError);
  });
});
