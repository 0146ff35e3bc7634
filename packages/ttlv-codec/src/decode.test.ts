import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { encodeTtlv } from './encode.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import { errorOf } from './error-of.fixtures.ts';
import type { TtlvItem } from './item.ts';
import { MAX_NESTING } from './limits.ts';
import { nested } from './nested.fixtures.ts';
import { ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
import { bytesOf, EDGES, SPECIFICATION_EXAMPLES } from './ttlv-rows.fixtures.ts';

const NAMES: Readonly<Record<number, string>> = {
  4325408: 'Protocol Object',
  4325499: 'ResponseMessage',
  4325391: 'BatchItem',
};
const tagName = (tag: number) => NAMES[tag];

describe.each([
  ['the examples of KMIP 1.4 §9.1.2', SPECIFICATION_EXAMPLES],
  ['the edges of each type', EDGES],
])('%s', (_title, rows) => {
  it.each(rows)('refuses every truncation of %s', (_name, _item, hex) => {
    const bytes = bytesOf(hex);
    for (let length = 0; length < bytes.length; length++) {
      const error = errorOf(() => decodeTtlv(bytes.subarray(0, length)));
      expect([length, error.code, error.offset]).toEqual([length, 'truncated', length]);
    }
  });
});

const BAD: readonly (readonly [string, string, TtlvErrorCode, number, string])[] = [
  ['nothing at all', '', 'truncated', 0, ''],
  ['a tag of another class', '430020 02 00000004 00000008 00000000', 'invalid-tag', 0, ''],
  ['type 0x00', '420020 00 00000000', 'invalid-type', 3, 'Protocol Object'],
  ['type 0x0C', '54ABCD 0C 00000000', 'invalid-type', 3, '0x54ABCD'],
  [
    'an Integer of 8 bytes',
    '420020 02 00000008 0000000000000008',
    'invalid-length',
    4,
    'Protocol Object',
  ],
  ['an Enumeration of 0 bytes', '420020 05 00000000', 'invalid-length', 4, 'Protocol Object'],
  [
    'an Interval of 3 bytes',
    '420020 0A 00000003 00000800 00000000',
    'invalid-length',
    4,
    'Protocol Object',
  ],
  [
    'a Long Integer of 4 bytes',
    '420020 03 00000004 00000008 00000000',
    'invalid-length',
    4,
    'Protocol Object',
  ],
  [
    'a Boolean of 1 byte',
    '420020 06 00000001 01 00000000000000',
    'invalid-length',
    4,
    'Protocol Object',
  ],
  [
    'a Date-Time of 16 bytes',
    `420020 09 00000010 ${'00'.repeat(16)}`,
    'invalid-length',
    4,
    'Protocol Object',
  ],
  ['an empty Big Integer', '420020 04 00000000', 'invalid-length', 4, 'Protocol Object'],
  [
    'a Big Integer of 4 bytes',
    '420020 04 00000004 00000001 00000000',
    'invalid-length',
    4,
    'Protocol Object',
  ],
  ['a Structure of 4 bytes', '420020 01 00000004 00000000', 'invalid-length', 4, 'Protocol Object'],
  [
    'padding of an Integer that is not zero',
    '420020 02 00000004 00000008 00000100',
    'invalid-padding',
    14,
    'Protocol Object',
  ],
  [
    'padding of a Text String that is not zero',
    '420020 07 00000001 61 00000000000001',
    'invalid-padding',
    15,
    'Protocol Object',
  ],
  ['a Boolean of 2', '420020 06 00000008 0000000000000002', 'invalid-value', 8, 'Protocol Object'],
  [
    'a Boolean with a high bit',
    '420020 06 00000008 8000000000000001',
    'invalid-value',
    8,
    'Protocol Object',
  ],
  [
    'a Text String in Latin-1',
    '420020 07 00000003 47FC6E 0000000000',
    'invalid-text',
    8,
    'Protocol Object',
  ],
  [
    'an overlong form in UTF-8',
    '420020 07 00000002 C080 000000000000',
    'invalid-text',
    8,
    'Protocol Object',
  ],
  [
    'a surrogate in UTF-8',
    '420020 07 00000003 EDA080 0000000000',
    'invalid-text',
    8,
    'Protocol Object',
  ],
  ['a second item', '420020 01 00000000 420020 01 00000000', 'trailing-bytes', 8, ''],
  ['one byte more', '420020 01 00000000 00', 'trailing-bytes', 8, ''],
  [
    'an item longer than the rest of its structure',
    '420020 01 00000010 42000F 08 00000009 0000000000000000 0000000000000000',
    'invalid-length',
    12,
    'Protocol Object/BatchItem',
  ],
  [
    'a length of 4 GiB within a structure',
    '420020 01 00000008 42000F 08 FFFFFFFF',
    'invalid-length',
    12,
    'Protocol Object/BatchItem',
  ],
  [
    'a fault in the second of two siblings of one tag',
    `42007B 01 00000030 42000F 01 00000010 420001 02 00000004 00000001 00000000
                        42000F 01 00000010 420001 02 00000004 00000001 00000001`,
    'invalid-padding',
    55,
    'ResponseMessage/BatchItem[1]/0x420001',
  ],
  [
    'a tag of another class after a sibling',
    '42007B 01 00000018 420001 02 00000004 00000001 00000000 000001 01 00000000',
    'invalid-tag',
    24,
    'ResponseMessage',
  ],
];

describe('decodeTtlv', () => {
  it.each(BAD)('refuses %s', (_name, hex, code, offset, path) => {
    const error = errorOf(() => decodeTtlv(bytesOf(hex), {}, tagName));
    expect({ code: error.code, offset: error.offset, path: error.path }).toEqual({
      code,
      offset,
      path,
    });
  });

  it('accepts a Big Integer with superfluous sign bytes and writes it back without them', () => {
    const item = decodeTtlv(bytesOf(`420020 04 00000018 ${'FF'.repeat(23)}FE`));
    expect(item.value).toBe(-2n);
    expect(encodeTtlv(item)).toEqual(bytesOf('420020 04 00000008 FFFFFFFFFFFFFFFE'));
  });

  it('returns Byte Strings as views of the message', () => {
    const bytes = bytesOf('420020 08 00000003 010203 0000000000');
    const { value } = decodeTtlv(bytes);
    bytes[8] = 0xee;
    expect(value).toEqual(Uint8Array.of(0xee, 2, 3));
  });

  it('decodes a Buffer, and a part of one, to plain Uint8Array views', () => {
    const buffer = Buffer.from('ffff42002008000000010700000000000000', 'hex').subarray(2);
    expect(decodeTtlv(buffer).value).toStrictEqual(Uint8Array.of(7));
  });

  it('refuses a message above maxMessageBytes before looking at it', () => {
    const error = errorOf(() => decodeTtlv(new Uint8Array(65), { maxMessageBytes: 64 }));
    expect([error.code, error.offset]).toEqual(['message-too-large', 0]);
    expect(error.message).toContain('65 bytes exceeds the limit of 64');
  });

  it('follows nesting up to maxDepth, the root counted, and refuses one level more', () => {
    expect(decodeTtlv(encodeTtlv(nested(5)), { maxDepth: 5 })).toEqual(nested(5));
    const error = errorOf(() => decodeTtlv(encodeTtlv(nested(6)), { maxDepth: 5 }));
    expect([error.code, error.offset]).toEqual(['too-deep', 40]);
    expect(error.path).toBe(Array(6).fill('0x420001').join('/'));
  });

  it('never follows nesting beyond MAX_NESTING, whatever the limit', () => {
    const depth = 50_000;
    const bytes = new Uint8Array(8 * depth);
    for (let level = 0; level < depth; level++) {
      const view = new DataView(bytes.buffer, 8 * level, 8);
      view.setUint32(0, 0x42000101);
      view.setUint32(4, 8 * (depth - level - 1));
    }
    const error = errorOf(() => decodeTtlv(bytes, { maxDepth: 1_000_000 }));
    expect([error.code, error.offset]).toEqual(['too-deep', 8 * MAX_NESTING]);
  });

  it('accepts maxItems items and refuses one more', () => {
    const value: TtlvItem[] = Array(9).fill({ tag: 0x420001, type: 'Boolean', value: true });
    const bytes = encodeTtlv({ tag: 0x420020, type: 'Structure', value });
    expect(decodeTtlv(bytes, { maxItems: 10 })).toBeDefined();
    const error = errorOf(() => decodeTtlv(bytes, { maxItems: 9 }));
    expect([error.code, error.path]).toEqual(['too-many-items', '0x420020/0x420001[8]']);
  });

  it('asks for names of tags only when there is an error', () => {
    const fail = () => expect.fail('asked for a name');
    expect(decodeTtlv(bytesOf('420020 01 00000000'), {}, fail)).toBeDefined();
    expect(encodeTtlv({ tag: 0x420020, type: 'Integer', value: 1 }, fail)).toBeDefined();
  });

  it('keeps the values of the input out of its errors', () => {
    const error = errorOf(() => decodeTtlv(bytesOf('420020 07 00000008 7365637265743AFF')));
    expect(error.message).not.toContain('secret');
    expect(error.message).not.toContain('73');
  });

  it('ends in an item or a TtlvError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        endsWell(bytes);
      }),
    );
  });

  it('ends in an item or a TtlvError for damaged messages, and writes back what it accepts', () => {
    const damage = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(
        ttlvItemArbitrary(),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        (item, damages) => {
          const bytes = encodeTtlv(item);
          for (const { at, bits } of damages)
            bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ bits;
          endsWell(bytes);
        },
      ),
      { numRuns: 1000 },
    );
  });

  function endsWell(bytes: Uint8Array): void {
    let item: TtlvItem;
    try {
      item = decodeTtlv(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(TtlvError);
      return;
    }
    expect(decodeTtlv(encodeTtlv(item))).toEqual(item);
  }
});
