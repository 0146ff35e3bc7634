import { describe, expect, it } from 'vitest';
import { attributeOf, formatAttribute } from './attribute.ts';

describe('attributes', () => {
  it.each([
    [{ name: 'Cryptographic Usage Mask', value: 12 }, 'Encrypt, Decrypt'],
    [{ name: 'Cryptographic Usage Mask', value: 0 }, '0'],
    [{ name: 'Initial Date', value: 1_772_442_847 }, '2026-03-02T09:14:07Z'],
    [{ name: 'x-Last Date', value: 7 }, '7'],
    [{ name: 'Name', value: { nameValue: 'db', nameType: 'UninterpretedTextString' } }, 'db'],
    [{ name: 'Cryptographic Length', value: 256 }, '256'],
    [{ name: 'x-Product', value: 'VMware vSphere' }, 'VMware vSphere'],
    [{ name: 'Digest', value: { digestValue: 'ab' } }, '{"digestValue":"ab"}'],
  ])('%j is shown as %j', (attribute, text) => {
    expect(formatAttribute(attribute)).toBe(text);
  });

  it('are empty where an object has none', () => {
    expect(attributeOf({ attributes: [] }, 'x-Name')).toBe('');
  });
});
