import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { encodeTtlv } from './encode.ts';
import type { TtlvErrorCode } from './error.ts';
import { errorOf } from './error-of.fixtures.ts';
import type { TtlvItem } from './item.ts';
import { MAX_NESTING } from './limits.ts';
import { nested } from './nested.fixtures.ts';
import { ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
import { testNames } from './ttlv-names.fixtures.ts';
import { bytesOf, EDGES, SPECIFICATION_EXAMPLES } from './ttlv-rows.fixtures.ts';

describe.each([
  ['the examples of KMIP 1.4 §9.1.2', SPECIFICATION_EXAMPLES],
  ['the edges of each type', EDGES],
])('%s', (_title, rows) => {
  it.each(rows)('encodes and decodes %s', (_name, item, hex) => {
    const bytes = bytesOf(hex);
    expect(decodeTtlv(bytes)).toEqual(item);
    expect(encodeTtlv(item)).toEqual(bytes);
    expect(decodeTtlv(encodeTtlv(item))).toEqual(item);
    expect(encodeTtlv(decodeTtlv(bytes))).toEqual(bytes);
  });
});

describe('encodeTtlv', () => {
  const text = (value: string): TtlvItem => ({ tag: 0x420020, type: 'TextString', value });
  const rows: readonly (readonly [string, TtlvItem, TtlvErrorCode])[] = [
    [
      'an Integer of 2^31',
      { tag: 0x420020, type: 'Integer', value: 2 ** 31 },
      'value-out-of-range',
    ],
    [
      'an Integer with a fraction',
      { tag: 0x420020, type: 'Integer', value: 1.5 },
      'value-out-of-range',
    ],
    [
      'an Integer that is not a number',
      { tag: 0x420020, type: 'Integer', value: NaN },
      'value-out-of-range',
    ],
    [
      'a negative Enumeration',
      { tag: 0x420020, type: 'Enumeration', value: -1 },
      'value-out-of-range',
    ],
    [
      'an Interval of 2^32',
      { tag: 0x420020, type: 'Interval', value: 2 ** 32 },
      'value-out-of-range',
    ],
    [
      'a Long Integer of 2^63',
      { tag: 0x420020, type: 'LongInteger', value: 2n ** 63n },
      'value-out-of-range',
    ],
    [
      'a Date-Time below -2^63',
      { tag: 0x420020, type: 'DateTime', value: -(2n ** 63n) - 1n },
      'value-out-of-range',
    ],
    ['a tag of another class', { tag: 0x550000, type: 'Boolean', value: true }, 'invalid-tag'],
    [
      'a tag beyond three bytes',
      { tag: 2 ** 32 + 0x420020, type: 'Boolean', value: true },
      'invalid-tag',
    ],
    ['a lone high surrogate', text('a\ud800b'), 'invalid-text'],
    ['a high surrogate at the end', text('\ud800'), 'invalid-text'],
    ['a lone low surrogate', text('\udc00'), 'invalid-text'],
    ['nesting beyond MAX_NESTING', nested(MAX_NESTING + 1), 'too-deep'],
  ];

  it.each(rows)('refuses %s', (_name, item, code) => {
    const error = errorOf(() => encodeTtlv(item));
    expect([error.code, error.offset]).toEqual([code, undefined]);
  });

  it('names the path of the item it refuses', () => {
    const batchItem = (value: number): TtlvItem => ({
      tag: 0x42000f,
      type: 'Structure',
      value: [{ tag: 0x420001, type: 'Integer', value }],
    });
    const item: TtlvItem = {
      tag: 0x42007b,
      type: 'Structure',
      value: [batchItem(1), batchItem(2 ** 40)],
    };
    const error = errorOf(() => encodeTtlv(item, testNames().tagName));
    expect(error.path).toBe('ResponseMessage/BatchItem[1]/ActivationDate');
  });

  it('shares no memory with the item', () => {
    const value = Uint8Array.of(1, 2, 3);
    const bytes = encodeTtlv({ tag: 0x420020, type: 'ByteString', value });
    value[0] = 9;
    expect(bytes[8]).toBe(1);
  });

  it('decodes what it encodes, to the same item', () => {
    fc.assert(
      fc.property(ttlvItemArbitrary(), (item) => {
        expect(decodeTtlv(encodeTtlv(item))).toEqual(item);
      }),
    );
  });
});
