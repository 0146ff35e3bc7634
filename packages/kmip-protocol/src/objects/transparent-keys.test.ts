import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anItem, aStructure } from '../schema/items.fixtures.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { isTransparentKeyFormat, TRANSPARENT_KEYS } from './transparent-keys.ts';

describe('TRANSPARENT_KEYS', () => {
  it('has a schema for every Transparent format, and for no other', () => {
    const formats = Object.keys(ENUMERATIONS.KeyFormatType.values);
    const transparent = formats.filter((format) => format.startsWith('Transparent'));
    expect(Object.keys(TRANSPARENT_KEYS).sort()).toEqual(transparent.sort());
    expect(formats.filter(isTransparentKeyFormat).sort()).toEqual(transparent);
  });

  it('reads the numbers of a key', () => {
    const item = aStructure(
      'KeyMaterial',
      anItem('Modulus', 'BigInteger', 3233n),
      anItem('PublicExponent', 'BigInteger', 17n),
    );
    const schema = TRANSPARENT_KEYS.TransparentRSAPublicKey;
    const key = decodeItem(schema, item, '1.4');
    expect(key).toEqual({ modulus: 3233n, publicExponent: 17n });
    expect(encodeItem(schema, key, '1.4')).toEqual(item);
  });

  it('refuses a number of another kind of key', () => {
    const item = aStructure('KeyMaterial', anItem('Modulus', 'BigInteger', 3233n));
    expect(
      errorOf(() => decodeItem(TRANSPARENT_KEYS.TransparentDSAPublicKey, item, '1.4')),
    ).toEqual({
      code: 'invalid-field',
      message: 'KeyMaterial: Modulus is not a field of KeyMaterial in KMIP 1.4.',
    });
  });
});
