import type { ValueContext } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { createKmipNames } from './names.ts';
import { ENUMERATIONS } from './tables/enumerations.ts';
import { MASKS } from './tables/masks.ts';
import { TAGS, type TagName } from './tables/tags.ts';

const names = createKmipNames();
const under = (tag: TagName, attributeName?: string): ValueContext => ({
  tag: TAGS[tag],
  attributeName,
});

describe('names of tags', () => {
  it('lead from every tag to its name and back', () => {
    for (const [name, tag] of Object.entries(TAGS)) {
      expect([names.tagName(tag), names.tagByName(name)]).toEqual([name, tag]);
    }
  });

  it('are undefined for what is no tag', () => {
    expect(names.tagName(0x54abcd)).toBeUndefined();
    expect(['toString', '__proto__', 'Operation '].map((name) => names.tagByName(name))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('names of enumeration values', () => {
  it.each<[string, ValueContext, string, number]>([
    ['under their own tag', under('ObjectType'), 'SymmetricKey', 2],
    ['under a tag that borrows them', under('MaskGeneratorHashingAlgorithm'), 'SHA_256', 6],
    ['of an attribute of 1.x', under('AttributeValue', 'Cryptographic Algorithm'), 'AES', 3],
    ['of a tag', under('AttributeReference'), 'CryptographicLength', TAGS.CryptographicLength],
    ['of a placeholder', under('UniqueIdentifier'), 'IDPlaceholder', 1],
    ['of a type', under('ExtensionType'), 'TextString', 7],
  ])('are known %s', (_, context, name, value) => {
    expect(names.enumerationName(context, value)).toBe(name);
    expect(names.enumerationByName(context, name)).toBe(value);
  });

  it('are read in old spellings and written in the newest', () => {
    const context = under('HashingAlgorithm');
    expect(names.enumerationByName(context, 'SHA_3_256')).toBe(0x0f);
    expect(names.enumerationName(context, 0x0f)).toBe('SHA3_256');
  });

  it.each<[string, ValueContext]>([
    ['a value that has none', under('ObjectType')],
    ['an attribute that is no enumeration', under('AttributeValue', 'Cryptographic Length')],
    ['a custom attribute', under('AttributeValue', 'x-State')],
    ['an attribute that nobody has', under('AttributeValue', 'No Such')],
    ['an attribute without a name', under('AttributeValue')],
    ['a tag of something else', under('RequestPayload')],
    ['a reference to no tag', under('AttributeReference')],
  ])('are undefined for %s', (_, context) => {
    expect(names.enumerationName(context, 0x8abcdef0)).toBeUndefined();
    expect(names.enumerationByName(context, 'toString')).toBeUndefined();
  });
});

describe('names of bits', () => {
  it.each<[string, ValueContext]>([
    ['under their own tag', under('CryptographicUsageMask')],
    ['of an attribute of 1.x', under('AttributeValue', 'Cryptographic Usage Mask')],
  ])('are known %s', (_, context) => {
    expect(names.maskBits(context)?.get('Encrypt')).toBe(4);
  });

  it('include other spellings, after those by which bits are written', () => {
    const bits = names.maskBits(under('CryptographicUsageMask')) ?? new Map<string, number>();
    const canonical = Object.keys(MASKS.CryptographicUsageMask.bits);
    expect([...bits.keys()].slice(0, canonical.length)).toEqual(canonical);
    expect([...bits].slice(canonical.length)).toEqual([['ContentCommitment', 0x400]]);
  });

  it('are undefined for an Integer that is no mask', () => {
    expect(names.maskBits(under('CryptographicLength'))).toBeUndefined();
    expect(names.maskBits(under('AttributeValue', 'x-a'))).toBeUndefined();
  });
});

describe('every enumeration', () => {
  it('is read back under its own tag', () => {
    for (const { tag, values } of Object.values(ENUMERATIONS)) {
      if (tag === undefined) continue;
      for (const [name, value] of Object.entries<number>(values)) {
        const context = { tag, attributeName: undefined };
        expect([
          names.enumerationName(context, value),
          names.enumerationByName(context, name),
        ]).toEqual([name, value]);
      }
    }
  });
});
