/**
 * Promises about effort: sixteen times the input costs less than sixty-four times the time. The margin
 * absorbs a noisy machine and still tells linear (16) from quadratic (256).
 */

import { describe, expect, it } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { decodeJsonText } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';
import { describeTtlv } from './describe.ts';
import { encodeTtlv } from './encode.ts';
import { encodeJsonText } from './encode-json.ts';
import { encodeXml } from './encode-xml.ts';
import { errorOf } from './error-of.fixtures.ts';
import type { TtlvItem } from './item.ts';
import { MAX_NESTING } from './limits.ts';
import { testNames } from './ttlv-names.fixtures.ts';

const names = testNames();
const unlimited = { maxMessageBytes: 1e9, maxItems: 1e9, maxDepth: MAX_NESTING };

const flat = (size: number): TtlvItem => ({
  tag: 0x42007b,
  type: 'Structure',
  value: Array.from({ length: size }, (_, index) => ({
    tag: 0x42000d,
    type: 'Integer',
    value: index,
  })),
});

/** Chains of structures, each as deep as the codec follows. */
const deep = (size: number): TtlvItem => {
  const chain = () => {
    let item: TtlvItem = { tag: 0x42000d, type: 'Integer', value: 1 };
    for (let level = 0; level < MAX_NESTING - 2; level++) {
      item = { tag: 0x42000f, type: 'Structure', value: [item] };
    }
    return item;
  };
  return { tag: 0x42007b, type: 'Structure', value: Array.from({ length: size / 500 }, chain) };
};

const bigInteger = (size: number): TtlvItem => ({
  tag: 0x42009e,
  type: 'BigInteger',
  value: BigInt(`0x7${'f'.repeat(16 * size)}`),
});

const text = (size: number): TtlvItem => ({
  tag: 0x42007d,
  type: 'TextString',
  value: ' &é\n'.repeat(4 * size),
});

const work: readonly (readonly [string, (item: TtlvItem) => () => unknown])[] = [
  ['encodeTtlv', (item) => () => encodeTtlv(item)],
  [
    'decodeTtlv',
    (item) => {
      const bytes = encodeTtlv(item);
      return () => decodeTtlv(bytes, unlimited);
    },
  ],
  [
    'decodeTtlv, which fails after the last item',
    (item) => {
      const bytes = Uint8Array.from([...encodeTtlv(item), 0]);
      return () => errorOf(() => decodeTtlv(bytes, unlimited));
    },
  ],
  ['encodeXml', (item) => () => encodeXml(item, names)],
  [
    'decodeXml',
    (item) => {
      const xml = encodeXml(item, names);
      return () => decodeXml(xml, names, unlimited);
    },
  ],
  ['encodeJsonText', (item) => () => encodeJsonText(item, names)],
  [
    'decodeJsonText',
    (item) => {
      const json = encodeJsonText(item, names);
      return () => decodeJsonText(json, names, unlimited);
    },
  ],
  [
    'describeTtlv',
    (item) => {
      const bytes = encodeTtlv(item);
      return () => describeTtlv(bytes, names, { limits: unlimited, redact: () => false });
    },
  ],
];

const shapes: readonly (readonly [string, (size: number) => TtlvItem, number])[] = [
  ['many items', flat, 1000],
  ['deep nesting', deep, 1000],
  ['a long Big Integer', bigInteger, 500],
  ['a long text', text, 500],
];

describe.each(shapes)('takes time in proportion to the input: %s', (_shape, make, size) => {
  // A neighbour on the machine can spoil one measurement, hardly three.
  it.each(work)('%s', { retry: 2 }, (_name, prepare) => {
    const small = prepare(make(size));
    const large = prepare(make(16 * size));
    small();
    large();
    expect(best(large, 5) / best(small, 20)).toBeLessThan(64);
  });
});

/** The shortest of several runs in ms, which is the one least disturbed; never quite zero. */
function best(run: () => unknown, times: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < times; turn++) {
    const start = performance.now();
    run();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return Math.max(shortest, 0.02);
}
