import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTtlv } from './describe.ts';
import { encodeTtlv } from './encode.ts';
import type { TtlvItem } from './item.ts';
import { ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
import { testNames } from './ttlv-names.fixtures.ts';
import { bytesOf } from './ttlv-rows.fixtures.ts';

const names = testNames();

const message: TtlvItem = {
  tag: 0x420078,
  type: 'Structure',
  value: [
    { tag: 0x42005c, type: 'Enumeration', value: 1 },
    { tag: 0x420057, type: 'Enumeration', value: 99 },
    { tag: 0x420093, type: 'ByteString', value: Uint8Array.of(0xde, 0xad) },
    { tag: 0x42009e, type: 'BigInteger', value: -2n },
    {
      tag: 0x420008,
      type: 'Structure',
      value: [
        { tag: 0x42000a, type: 'TextString', value: 'Cryptographic Usage Mask' },
        { tag: 0x42000b, type: 'Integer', value: 12 },
      ],
    },
    { tag: 0x420092, type: 'DateTime', value: 978307200n },
    { tag: 0x540001, type: 'Boolean', value: true },
  ],
};

/** Lines with every run of spaces as one, and their indentation lost. */
function fields(text: string): string[] {
  return text.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
}

describe('describeTtlv', () => {
  it('shows each item on a line with offset, name, type, length and value', () => {
    expect(fields(describeTtlv(encodeTtlv(message), names))).toEqual([
      '0000 RequestMessage Structure 152',
      '0008 Operation Enumeration 4 Create (0x00000001)',
      '0018 ObjectType Enumeration 4 0x00000063',
      '0028 UniqueBatchItemID ByteString 2 (hidden)',
      '0038 X BigInteger 8 (hidden)',
      '0048 Attribute Structure 48',
      '0050 AttributeName TextString 24 "Cryptographic Usage Mask"',
      '0070 AttributeValue Integer 4 Encrypt Decrypt (12)',
      '0080 TimeStamp DateTime 8 2001-01-01T00:00:00+00:00 (978307200)',
      '0090 0x540001 Boolean 8 true',
      '',
    ]);
  });

  it('indents what is in a structure', () => {
    const lines = describeTtlv(encodeTtlv(message), names).split('\n');
    expect(lines[6]?.indexOf('AttributeName')).toBe('0050      '.length);
  });

  it('shows or hides what its caller says', () => {
    const shown = describeTtlv(encodeTtlv(message), names, { redact: () => false });
    expect(shown).toContain('dead');
    expect(shown).toContain('0xfffffffffffffffe');
    const hidden = describeTtlv(encodeTtlv(message), names, { redact: (tag) => tag === 0x42000a });
    expect(hidden).not.toContain('"Cryptographic');
  });

  it('shows what comes before a fault, and the fault last', () => {
    const bytes = bytesOf(`420078 01 00000020 42000D 02 00000004 00000001 00000000
                                              42000D 02 00000004 00000001 00000001`);
    const lines = fields(describeTtlv(bytes, names));
    expect(lines.slice(0, 2)).toEqual([
      '0000 RequestMessage Structure 32',
      '0008 BatchCount Integer 4 1',
    ]);
    expect(lines[2]).toContain('invalid-padding at offset 39, in RequestMessage/BatchCount[1]');
    expect(lines).toHaveLength(4);
  });

  it('shows as much as there is of a message that was cut off', () => {
    const lines = fields(describeTtlv(encodeTtlv(message).subarray(0, 60), names));
    expect(lines[3]).toBe('0028 UniqueBatchItemID ByteString 2 (hidden)');
    expect(lines[4]).toContain('truncated');
  });

  it('lets no text steer a terminal', () => {
    const value = '\u001b[2J\u009b1m\u202e\u2028';
    const line = describeTtlv(encodeTtlv({ tag: 0x42007d, type: 'TextString', value }), names);
    expect(line).toContain('"\\u001b[2J\\u009b1m\\u202e\\u2028"');
  });

  it('describes any bytes without throwing', () => {
    const damaged = ttlvItemArbitrary().chain((item) =>
      fc.tuple(fc.constant(encodeTtlv(item)), fc.nat(), fc.integer({ min: 0, max: 255 })),
    );
    fc.assert(
      fc.property(damaged, ([bytes, at, byte]) => {
        bytes[at % bytes.length] = byte;
        expect(describeTtlv(bytes, names).endsWith('\n')).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(describeTtlv(bytes, names).endsWith('\n')).toBe(true);
      }),
    );
  });
});
