import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colonForm, fingerprintOf, parseFingerprint } from './fingerprint.ts';

const ABC = new TextEncoder().encode('abc');
// FIPS 180-4, the example messages.
const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const SHA1_OF_ABC = 'a9993e364706816aba3e25717850c26c9cd0d89d';

describe('fingerprintOf', () => {
  it('is lower-case hex of the hash, without colons', () => {
    expect(fingerprintOf(ABC, 'sha256')).toBe(SHA256_OF_ABC);
    expect(fingerprintOf(ABC, 'sha1')).toBe(SHA1_OF_ABC);
  });
});

describe('parseFingerprint', () => {
  it.each([
    ['lower case', SHA256_OF_ABC],
    ['upper case', SHA256_OF_ABC.toUpperCase()],
    ['white space around it', `\n ${SHA256_OF_ABC}\t`],
    ['colons', (SHA256_OF_ABC.match(/../g) ?? []).join(':')],
  ])('reads %s', (_, text) => {
    expect(parseFingerprint(text)).toBe(SHA256_OF_ABC);
  });

  it('reads what colonForm writes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('sha256', 'sha1'), (der, algorithm) => {
        const fingerprint = fingerprintOf(der, algorithm);
        expect(parseFingerprint(colonForm(fingerprint))).toBe(fingerprint);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['one digit less', SHA256_OF_ABC.slice(1)],
    ['one digit more', `${SHA256_OF_ABC}0`],
    ['a letter that is no digit', SHA256_OF_ABC.replace('b', 'g')],
    ['a colon here and there', `${SHA256_OF_ABC.slice(0, 2)}:${SHA256_OF_ABC.slice(2)}`],
    ['a colon at the end', `${(SHA1_OF_ABC.match(/../g) ?? []).join(':')}:`],
    ['a prefix', `sha256:${SHA256_OF_ABC}`],
    ['a lot of text', 'a'.repeat(1_000_000)],
  ])('refuses %s', (_, text) => {
    expect(() => parseFingerprint(text)).toThrow(
      expect.objectContaining({ code: 'not-a-fingerprint' }),
    );
  });
});

describe('colonForm', () => {
  it('is upper case with a colon after every two digits', () => {
    expect(colonForm(parseFingerprint(SHA1_OF_ABC))).toBe(
      'A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D',
    );
  });
});
