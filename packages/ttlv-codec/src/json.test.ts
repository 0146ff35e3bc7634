import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { decodeJson, decodeJsonText } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';
import { encodeTtlv } from './encode.ts';
import { encodeJson, encodeJsonText, type JsonItem } from './encode-json.ts';
import { encodeXml } from './encode-xml.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import { errorOf } from './error-of.fixtures.ts';
import type { TtlvItem } from './item.ts';
import { ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
import { testNames } from './ttlv-names.fixtures.ts';

const names = testNames();

/** Items and the JSON that encodeJson makes of them. */
const ROWS: readonly (readonly [string, TtlvItem, JsonItem])[] = [
  [
    'an empty Structure',
    { tag: 0x420079, type: 'Structure', value: [] },
    { tag: 'RequestPayload', value: [] },
  ],
  [
    'nested Structures',
    {
      tag: 0x420069,
      type: 'Structure',
      value: [
        { tag: 0x42006a, type: 'Integer', value: 1 },
        { tag: 0x42006b, type: 'Integer', value: -1 },
      ],
    },
    {
      tag: 'ProtocolVersion',
      value: [
        { tag: 'ProtocolVersionMajor', type: 'Integer', value: 1 },
        { tag: 'ProtocolVersionMinor', type: 'Integer', value: -1 },
      ],
    },
  ],
  [
    'a mask',
    { tag: 0x42002c, type: 'Integer', value: 0x100c },
    { tag: 'CryptographicUsageMask', type: 'Integer', value: 'Encrypt|Decrypt|CertificateSign' },
  ],
  [
    'the mask of an attribute',
    {
      tag: 0x420008,
      type: 'Structure',
      value: [
        { tag: 0x42000a, type: 'TextString', value: 'Cryptographic Usage Mask' },
        { tag: 0x42000b, type: 'Integer', value: 12 },
      ],
    },
    {
      tag: 'Attribute',
      value: [
        { tag: 'AttributeName', type: 'TextString', value: 'Cryptographic Usage Mask' },
        { tag: 'AttributeValue', type: 'Integer', value: 'Encrypt|Decrypt' },
      ],
    },
  ],
  [
    'the greatest Long Integer that is a number',
    { tag: 0x540001, type: 'LongInteger', value: 2n ** 52n - 1n },
    { tag: '0x540001', type: 'LongInteger', value: 4503599627370495 },
  ],
  [
    'a Long Integer of 2^52',
    { tag: 0x540001, type: 'LongInteger', value: 2n ** 52n },
    { tag: '0x540001', type: 'LongInteger', value: '0x0010000000000000' },
  ],
  [
    'the least Long Integer',
    { tag: 0x540001, type: 'LongInteger', value: -(2n ** 63n) },
    { tag: '0x540001', type: 'LongInteger', value: '0x8000000000000000' },
  ],
  [
    'a Big Integer',
    { tag: 0x42009e, type: 'BigInteger', value: 2n ** 64n - 1n },
    { tag: 'X', type: 'BigInteger', value: '0x0000000000000000ffffffffffffffff' },
  ],
  [
    'an Enumeration with a name',
    { tag: 0x420057, type: 'Enumeration', value: 2 },
    { tag: 'ObjectType', type: 'Enumeration', value: 'SymmetricKey' },
  ],
  [
    'an Enumeration without a name',
    { tag: 0x420057, type: 'Enumeration', value: 255 },
    { tag: 'ObjectType', type: 'Enumeration', value: '0x000000ff' },
  ],
  [
    'a Boolean',
    { tag: 0x420010, type: 'Boolean', value: true },
    { tag: 'BatchOrderOption', type: 'Boolean', value: true },
  ],
  [
    'a Text String',
    { tag: 0x42007d, type: 'TextString', value: ' "\0\n🔑' },
    { tag: 'ResultMessage', type: 'TextString', value: ' "\0\n🔑' },
  ],
  [
    'a Byte String',
    { tag: 0x42004d, type: 'ByteString', value: Uint8Array.of(0xc5, 0x0f, 0x77) },
    { tag: 'MACSignature', type: 'ByteString', value: 'c50f77' },
  ],
  [
    'a Date-Time',
    { tag: 0x420005, type: 'DateTime', value: 978307200n },
    { tag: 'ArchiveDate', type: 'DateTime', value: '2001-01-01T00:00:00+00:00' },
  ],
  [
    'a Date-Time Extended',
    { tag: 0x420005, type: 'DateTimeExtended', value: 978307200000001n },
    { tag: 'ArchiveDate', type: 'DateTimeExtended', value: '2001-01-01T00:00:00.000001+00:00' },
  ],
  [
    'an Interval',
    { tag: 0x420049, type: 'Interval', value: 27 },
    { tag: 'LeaseTime', type: 'Interval', value: 27 },
  ],
];

describe('encodeJson and decodeJson', () => {
  it.each(ROWS)('agree on %s', (_name, item, json) => {
    expect(encodeJson(item, names)).toEqual(json);
    expect(decodeJson(json, names)).toEqual(item);
    expect(decodeJsonText(encodeJsonText(item, names), names)).toEqual(item);
  });

  it('give back every item, as text too', () => {
    fc.assert(
      fc.property(ttlvItemArbitrary(), fc.boolean(), (item, indent) => {
        expect(decodeJsonText(encodeJsonText(item, names, { indent }), names)).toEqual(item);
      }),
    );
  });

  it('say the same as XML and binary', () => {
    const letters = fc.string({ unit: 'grapheme', maxLength: 10 });
    fc.assert(
      fc.property(ttlvItemArbitrary({ text: letters }), (item) => {
        const bytes = encodeTtlv(item);
        const fromJson = decodeJsonText(encodeJsonText(decodeTtlv(bytes), names), names);
        const fromXml = decodeXml(encodeXml(fromJson, names), names);
        expect(encodeTtlv(fromXml)).toEqual(bytes);
      }),
    );
  });

  it('refuse to write what has no binary encoding either', () => {
    const item: TtlvItem = { tag: 0x42006a, type: 'Integer', value: 0.5 };
    const error = errorOf(() => encodeJson(item, names));
    expect([error.code, error.path]).toEqual(['value-out-of-range', 'ProtocolVersionMajor']);
  });
});

/** JSON that decodeJson accepts although encodeJson writes it otherwise. */
const ACCEPTED: readonly (readonly [string, unknown, TtlvItem['value']])[] = [
  ['a Structure of null', { tag: 'RequestPayload', value: null }, []],
  ['a type of Structure', { tag: 'RequestPayload', type: 'Structure', value: [] }, []],
  ['a name', { tag: '0x54FFFF', name: 'SomeExtension', type: 'Integer', value: '0x00000001' }, 1],
  ['an Integer of minus nothing', { tag: 'BatchCount', type: 'Integer', value: -0 }, 0],
  [
    'a mask of names and numbers',
    {
      tag: 'CryptographicUsageMask',
      type: 'Integer',
      value: 'CertificateSign|0x00000004|0x0000008',
    },
    0x100c,
  ],
  ['a mask as a number', { tag: 'CryptographicUsageMask', type: 'Integer', value: 12 }, 12],
  [
    'a Long Integer in hexadecimal',
    { tag: '0x540001', type: 'LongInteger', value: '0xfffffffffffffffe' },
    -2n,
  ],
  ['a Big Integer of a number', { tag: 'X', type: 'BigInteger', value: 0 }, 0n],
  ['an Enumeration of a number', { tag: '0x420057', type: 'Enumeration', value: 2 }, 2],
  [
    'an Enumeration in hexadecimal',
    { tag: 'ObjectType', type: 'Enumeration', value: '0x00000002' },
    2,
  ],
  [
    'a Boolean in hexadecimal',
    { tag: 'BatchOrderOption', type: 'Boolean', value: '0x0000000000000001' },
    true,
  ],
  [
    'a Date-Time in hexadecimal',
    { tag: 'ArchiveDate', type: 'DateTime', value: '0x000000003a505520' },
    978343200n,
  ],
  [
    'a Date-Time in another zone',
    { tag: 'ArchiveDate', type: 'DateTime', value: '2001-01-01T10:00:00+10:00' },
    978307200n,
  ],
  ['an Interval in hexadecimal', { tag: 'LeaseTime', type: 'Interval', value: '0x0000001b' }, 27],
];

const REFUSED: readonly (readonly [string, unknown, TtlvErrorCode, string])[] = [
  ['null', null, 'invalid-syntax', ''],
  ['an array', [], 'invalid-syntax', ''],
  ['a number', 1, 'invalid-syntax', ''],
  ['an unknown property', { tag: 'X', type: 'Integer', value: 1, length: 4 }, 'invalid-syntax', ''],
  ['no tag', { type: 'Integer', value: 1 }, 'invalid-tag', ''],
  ['a tag that is a number', { tag: 0x42009e, type: 'Integer', value: 1 }, 'invalid-tag', ''],
  ['a tag of another class', { tag: '0x000001', type: 'Integer', value: 1 }, 'invalid-tag', ''],
  ['an unknown tag', { tag: 'Unheard', value: [] }, 'unknown-name', ''],
  ['an inherited name as tag', { tag: 'hasOwnProperty', value: [] }, 'unknown-name', ''],
  ['an unknown type', { tag: 'X', type: 'Float', value: 1 }, 'invalid-type', 'X'],
  ['a type that is no text', { tag: 'X', type: 2, value: 1 }, 'invalid-type', 'X'],
  ['no value', { tag: 'X', type: 'Integer' }, 'invalid-syntax', 'X'],
  ['a Structure of text', { tag: 'X', value: 'text' }, 'invalid-value', 'X'],
  ['a Structure of an object', { tag: 'X', value: {} }, 'invalid-value', 'X'],
  ['a Structure of numbers', { tag: 'X', value: [1] }, 'invalid-syntax', 'X'],
  ['an Integer of true', { tag: 'X', type: 'Integer', value: true }, 'invalid-value', 'X'],
  ['an Integer of null', { tag: 'X', type: 'Integer', value: null }, 'invalid-value', 'X'],
  ['an Integer with a fraction', { tag: 'X', type: 'Integer', value: 0.5 }, 'invalid-value', 'X'],
  ['an Integer of 2^31', { tag: 'X', type: 'Integer', value: 2 ** 31 }, 'value-out-of-range', 'X'],
  ['a negative Interval', { tag: 'X', type: 'Interval', value: -1 }, 'value-out-of-range', 'X'],
  [
    'an Enumeration of 2^32',
    { tag: 'X', type: 'Enumeration', value: 2 ** 32 },
    'value-out-of-range',
    'X',
  ],
  [
    'a Long Integer that is not exact',
    { tag: 'X', type: 'LongInteger', value: 2 ** 53 },
    'value-out-of-range',
    'X',
  ],
  [
    'a Big Integer of 1e300',
    { tag: 'X', type: 'BigInteger', value: 1e300 },
    'value-out-of-range',
    'X',
  ],
  ['a Boolean of a number', { tag: 'X', type: 'Boolean', value: 1 }, 'invalid-value', 'X'],
  ['a Text String of a number', { tag: 'X', type: 'TextString', value: 1 }, 'invalid-value', 'X'],
  ['a lone surrogate', { tag: 'X', type: 'TextString', value: '\ud800' }, 'invalid-text', 'X'],
  ['a Byte String with 0x', { tag: 'X', type: 'ByteString', value: '0xc5' }, 'invalid-value', 'X'],
  [
    'a Date-Time of a number',
    { tag: 'X', type: 'DateTime', value: 978307200 },
    'invalid-value',
    'X',
  ],
  [
    'a fault in the second of two siblings',
    {
      tag: 'BatchItem',
      value: [
        { tag: 'X', value: [] },
        { tag: 'X', value: [{ tag: 'Operation', type: 'Enumeration', value: 'Fly' }] },
      ],
    },
    'unknown-name',
    'BatchItem/X[1]/Operation',
  ],
];

describe('decodeJson', () => {
  it.each(ACCEPTED)('accepts %s', (_name, json, value) => {
    expect(decodeJson(json, names).value).toStrictEqual(value);
  });

  it.each(REFUSED)('refuses %s', (_name, json, code, path) => {
    const error = errorOf(() => decodeJson(json, names));
    expect([error.code, error.path, error.offset]).toEqual([code, path, undefined]);
  });

  it('keeps to its limits', () => {
    const nested = (depth: number): string =>
      `${'{"tag":"X","value":['.repeat(depth)}${']}'.repeat(depth)}`;
    expect(decodeJsonText(nested(5), names, { maxDepth: 5 })).toBeDefined();
    const deep = errorOf(() => decodeJsonText(nested(6), names, { maxDepth: 5 }));
    expect([deep.code, deep.path]).toEqual(['too-deep', 'X/X/X/X/X']);
    expect(errorOf(() => decodeJsonText(nested(30_000), names, { maxDepth: 1e9 })).code).toBe(
      'too-deep',
    );
    const three = '{"tag":"X","value":[{"tag":"X","value":[]},{"tag":"X","value":[]}]}';
    expect(decodeJsonText(three, names, { maxItems: 3 })).toBeDefined();
    expect(errorOf(() => decodeJsonText(three, names, { maxItems: 2 })).code).toBe(
      'too-many-items',
    );
    expect(errorOf(() => decodeJsonText(three, names, { maxMessageBytes: 20 })).code).toBe(
      'message-too-large',
    );
  });

  it('ends in an item or a TtlvError for damaged texts and keeps values out of its errors', () => {
    const item: TtlvItem = { tag: 0x42007b, type: 'Structure', value: ROWS.map(([, row]) => row) };
    const json = encodeJsonText(item, names);
    const piece = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('{', '}', '"', '[', ']', ',', '1e999'),
    );
    fc.assert(
      fc.property(fc.nat(json.length), fc.nat(20), piece, (at, cut, inserted) => {
        try {
          decodeJsonText(json.slice(0, at) + inserted + json.slice(at + cut), names);
        } catch (error) {
          expect(error).toBeInstanceOf(TtlvError);
        }
      }),
      { numRuns: 1000 },
    );
    const error = errorOf(() => decodeJsonText('{"tag":"X","value":s3cret}', names));
    expect([error.code, error.message.includes('s3cret')]).toEqual(['invalid-syntax', false]);
  });

  it.each(['[', '{"a":'])('refuses a megabyte of %s without running out of stack', (open) => {
    const text = open.repeat(1_000_000 / open.length);
    expect(errorOf(() => decodeJsonText(text, names)).code).toBe('invalid-syntax');
  });
});
