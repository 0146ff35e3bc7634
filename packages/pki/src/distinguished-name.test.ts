import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aForeignCertificate, anEcKey } from './certificate-requests.fixtures.ts';
import { hasOpenssl, STRANGE_CERTIFICATE } from './certificates.fixtures.ts';
import { parseDistinguishedName } from './distinguished-name.ts';
import { PkiError } from './error.ts';
import { parseCertificate } from './parse-certificate.ts';

describe('parseDistinguishedName', () => {
  it.each<[string, [string, string][]]>([
    ['', []],
    ['CN=a', [['CN', 'a']]],
    [
      'CN=a,O=b',
      [
        ['CN', 'a'],
        ['O', 'b'],
      ],
    ],
    [
      'CN=a + OU=b,O=c',
      [
        ['CN', 'a'],
        ['OU', 'b'],
        ['O', 'c'],
      ],
    ],
    ['CN=a\\,CN\\=b', [['CN', 'a,CN=b']]],
    ['CN=a=b', [['CN', 'a=b']]],
    [
      'CN=a\\\\,O=b',
      [
        ['CN', 'a\\'],
        ['O', 'b'],
      ],
    ],
    ['CN=a\\\\41', [['CN', 'a\\41']]],
    ['CN=\\ a \\ ', [['CN', ' a  ']]],
    ['CN=', [['CN', '']]],
    ['CN=\\#x\\"\\+', [['CN', '#x"+']]],
    ['CN=a\\E2\\80\\AEb\\00', [['CN', 'a\u202eb\u0000']]],
    ['CN=\\EF\\BB\\BFa', [['CN', '\ufeffa']]],
    ['1.2.3=x', [['1.2.3', 'x']]],
  ])('reads %j', (text, attributes) => {
    expect(parseDistinguishedName(text)).toEqual(
      attributes.map(([type, value]) => ({ type, value })),
    );
  });

  it.each(['a', 'CN=a,', ',', 'CN=a\\', 'CN=\\x', 'CN=\\FF', 'CN\\=a'])('refuses %j', (text) => {
    expect(() => parseDistinguishedName(text)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });

  it('reads what was made to confuse as it was meant', () => {
    expect(parseDistinguishedName(parseCertificate(STRANGE_CERTIFICATE).subject)).toEqual([
      { type: 'DC', value: 'q' },
      { type: 'CN', value: 'é\u202e b' },
      { type: 'OU', value: 'x' },
      { type: 'O', value: 'A, Inc' },
    ]);
  });

  it.skipIf(!hasOpenssl)('undoes what OpenSSL escapes (needs the openssl command)', () => {
    const key = anEcKey();
    const character = fc.constantFrom(...',+"\\<>;#= */\t\n\u0085é\u202e€𝄞aF0');
    const value = fc.string({ unit: character, minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(value, (text) => {
        const subject = `/O=x/CN=${text.replace(/[\\/+]/g, (special) => `\\${special}`)}`;
        const pem = aForeignCertificate(key, '-subj', subject);
        expect(parseDistinguishedName(parseCertificate(pem).subject)).toEqual([
          { type: 'CN', value: text },
          { type: 'O', value: 'x' },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('gives a name or a PkiError for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\\,+= aF0é"') }), (text) => {
        try {
          expect(Array.isArray(parseDistinguishedName(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
    );
  });
});
