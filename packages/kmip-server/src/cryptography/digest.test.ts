import { describe, expect, it } from 'vitest';
import { digest, HASHING_ALGORITHMS, type HashingAlgorithm } from './digest.ts';
import { macsEqual, openMac } from './mac.ts';

const text = (value: string) => new TextEncoder().encode(value);
const hexOf = (data: Uint8Array) => Buffer.from(data).toString('hex');

describe('digest', () => {
  it.each<[HashingAlgorithm, string]>([
    ['MD5', '900150983cd24fb0d6963f7d28e17f72'],
    ['SHA_1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA_256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['SHA3_256', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
    ['RIPEMD_160', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
  ])('computes %s', (algorithm, expected) => {
    expect(hexOf(digest(algorithm, text('abc')))).toBe(expected);
  });

  it('has every algorithm that it names', () => {
    for (const name of HASHING_ALGORITHMS) {
      expect(digest(name as HashingAlgorithm, text('')).length).toBeGreaterThan(15);
    }
  });

  it('refuses what the runtime lacks', () => {
    expect(() => digest('Tiger', text(''))).toThrowError(
      expect.objectContaining({
        code: 'unsupported-cryptographic-parameters',
        message: expect.stringMatching(
          /^the Hashing Algorithm Tiger is not supported; use one of MD5,/,
        ),
      }),
    );
  });
});

describe('openMac', () => {
  it('computes HMAC-SHA-256 of RFC 4231, test case 2', () => {
    const code = openMac('HMAC_SHA256', text('Jefe'))
      .update(text('what do ya want for nothing?'))
      .digest();
    expect(hexOf(code)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it.each([['AES' as const], [undefined]])('refuses %s', (algorithm) => {
    expect(() => openMac(algorithm, text('key'))).toThrowError(
      expect.objectContaining({ code: 'bad-cryptographic-parameters' }),
    );
  });
});

it('compares codes as a whole', () => {
  expect(macsEqual(text('same'), text('same'))).toBe(true);
  expect(macsEqual(text('same'), text('sane'))).toBe(false);
  expect(macsEqual(text('same'), text('samew'))).toBe(false);
});
