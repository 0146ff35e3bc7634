import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitStringBytes, DerTag, oidOf, partsOf, readDer } from './der.ts';
import { PkiError } from './error.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const malformed = expect.objectContaining({ code: 'malformed' });

describe('readDer', () => {
  it.each([
    ['an empty sequence', '3000', 0x30, 0],
    ['a short length', `047f${'00'.repeat(127)}`, 0x04, 127],
    ['a length in one byte more', `048180${'00'.repeat(128)}`, 0x04, 128],
    ['a length in two bytes more', `04820100${'00'.repeat(256)}`, 0x04, 256],
  ])('reads %s', (_, hex, tag, length) => {
    const element = readDer(bytes(hex));
    expect(element.tag).toBe(tag);
    expect(element.content).toHaveLength(length);
    expect(element.bytes).toEqual(bytes(hex));
  });

  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length that is cut off', '308201'],
    ['content that is cut off', '300205'],
    ['bytes after the end', '300000'],
    ['an indefinite length', '30800000'],
    ['a long form for a short length', `04817f${'00'.repeat(127)}`],
    ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
    ['a length in four bytes', '048401000000'],
    ['a length field of 127 bytes', `04ff${'ff'.repeat(127)}`],
    ['a tag of several bytes', '1f8100'],
  ])('refuses %s', (_, hex) => {
    expect(() => readDer(bytes(hex))).toThrow(malformed);
  });

  it('refuses an element of another kind than the one expected', () => {
    expect(() => readDer(bytes('3000'), DerTag.Set)).toThrow(malformed);
    expect(() => partsOf(undefined, DerTag.Set)).toThrow(malformed);
  });

  it('gives parts or a PkiError for any bytes, in linear time', () => {
    const walk = (input: Uint8Array) => {
      try {
        const element = readDer(input);
        const parts = partsOf(element, element.tag);
        expect(parts.reduce((sum, part) => sum + part.bytes.length, 0)).toBe(
          element.content.length,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(PkiError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), walk));
    const fits = fc.uint8Array({ maxLength: 120 }).map((c) => Uint8Array.of(0x30, c.length, ...c));
    fc.assert(fc.property(fits, walk));
    walk(new Uint8Array(65_536).fill(0x30));
  });
});

describe('partsOf', () => {
  it('splits a sequence into views of its parts', () => {
    const input = bytes('3007020105040200ff');
    const parts = partsOf(readDer(input), DerTag.Sequence);
    expect(parts.map(({ tag }) => tag)).toEqual([DerTag.Integer, DerTag.OctetString]);
    expect(parts[1]?.content.buffer).toBe(input.buffer);
  });
});

describe('oidOf', () => {
  it.each([
    ['06092a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['0603550403', '2.5.4.3'],
    ['060100', '0.0'],
    ['060127', '0.39'],
    ['060128', '1.0'],
    ['060150', '2.0'],
    ['06028837', '2.999'],
    ['060b6981808080808080808000', '2.25.9223372036854775808'],
  ])('reads %s as %s', (hex, text) => {
    expect(oidOf(readDer(bytes(hex)))).toBe(text);
  });

  it.each([
    ['an empty one', '0600'],
    ['one that ends within a number', '06022a86'],
    ['a number with a leading zero', '06032a8001'],
    ['one of 65 bytes', `0641${'2a'.repeat(65)}`],
    ['something else', '0402aaaa'],
  ])('refuses %s', (_, hex) => {
    expect(() => oidOf(readDer(bytes(hex)))).toThrow(malformed);
  });
});

describe('bitStringBytes', () => {
  it('gives the bytes of a bit string that has whole ones', () => {
    expect(bitStringBytes(readDer(bytes('0303000102')))).toEqual(bytes('0102'));
  });

  it.each(['0300', '03020101', '0401ff'])('refuses %s', (hex) => {
    expect(() => bitStringBytes(readDer(bytes(hex)))).toThrow(malformed);
  });
});
