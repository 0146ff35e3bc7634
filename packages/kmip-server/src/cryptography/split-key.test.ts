import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GF2_8, GF2_16 } from './binary-field.ts';
import { joinSecret, type SplitPlan, splitSecret } from './split-key.ts';

/** 2^521 - 1. */
const PRIME = (1n << 521n) - 1n;

const METHODS = [
  'XOR',
  'PolynomialSharingGF2_8',
  'PolynomialSharingGF2_16',
  'PolynomialSharingPrimeField',
] as const;

const plans = fc
  .record({
    method: fc.constantFrom(...METHODS),
    parts: fc.integer({ min: 2, max: 9 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ method, parts, share }): SplitPlan => {
    const threshold = method === 'XOR' ? parts : 2 + Math.round(share * (parts - 2));
    return { method, parts, threshold, primeFieldSize: PRIME };
  });

const secrets = fc
  .uint8Array({ minLength: 1, maxLength: 32 })
  .map((half) => Uint8Array.from([...half, ...half]));

const random = (count: number) => new Uint8Array(randomBytes(count));

/** Over a prime field zeros stand in front, up to the length of the prime. */
function withoutPadding(joined: Uint8Array, length: number): Uint8Array {
  return joined.subarray(joined.length - length);
}

describe('a split key', () => {
  it('comes back from any parts that are enough, in any order', () => {
    fc.assert(
      fc.property(
        plans,
        secrets,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (plan, secret, dice) => {
          const parts = [...splitSecret(secret, plan, random)]
            .map((part) => ({ part, order: dice.next().value ?? 0 }))
            .sort((a, b) => a.order - b.order)
            .map(({ part }) => part);
          const joined = joinSecret(parts.slice(0, plan.threshold), plan);
          expect(withoutPadding(joined, secret.length)).toEqual(secret);
          expect(withoutPadding(joinSecret(parts, plan), secret.length)).toEqual(secret);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has parts that are numbered from one', () => {
    const plan = { method: 'PolynomialSharingGF2_8', parts: 5, threshold: 3 } as const;
    const identifiers = splitSecret(random(16), plan, random).map(({ identifier }) => identifier);
    expect(identifiers).toEqual([1, 2, 3, 4, 5]);
  });

  it.each(METHODS)('does not come back from too few parts: %s', (method) => {
    const plan = { method, parts: 3, threshold: 3, primeFieldSize: PRIME };
    const parts = splitSecret(random(16), plan, random);
    expect(() => joinSecret(parts.slice(1), plan)).toThrowError(
      expect.objectContaining({
        code: 'cryptographic-failure',
        message: 'the key cannot be joined: 3 parts are needed; 2 were given',
      }),
    );
  });

  it('gives nothing away below its threshold: one part can belong to any secret', () => {
    const plan = { method: 'PolynomialSharingGF2_8', parts: 2, threshold: 2 } as const;
    const seen = new Set<number | undefined>();
    for (let byte = 0; byte < 256; byte++) {
      const parts = splitSecret(Uint8Array.of(42), plan, () => Uint8Array.of(byte));
      seen.add(parts[0]?.data[0]);
    }
    expect(seen.size).toBe(256);
  });

  it.each<[string, Partial<SplitPlan>, string]>([
    ['one part', { parts: 1 }, 'a key can be split into 2 to 255 parts'],
    ['too many parts', { parts: 256 }, 'a key can be split into 2 to 255 parts'],
    [
      'a threshold of one',
      { threshold: 1 },
      'the Split Key Threshold must be from 2 to the number of Split Key Parts',
    ],
    [
      'a threshold above the parts',
      { threshold: 4 },
      'the Split Key Threshold must be from 2 to the number of Split Key Parts',
    ],
    [
      'exclusive or of some parts',
      { method: 'XOR', threshold: 2 },
      'by exclusive or all parts are needed: set the Split Key Threshold to their number',
    ],
    [
      'a prime field without its prime',
      { method: 'PolynomialSharingPrimeField', primeFieldSize: undefined },
      'sharing over a prime field needs the Prime Field Size: a prime of 9 to 8192 bits',
    ],
    [
      'a prime below the secret',
      { method: 'PolynomialSharingPrimeField', primeFieldSize: 257n },
      'the Prime Field Size must be above every secret of this length',
    ],
    [
      'a method that nobody knows',
      { method: '0x80000001' },
      'the Split Key Method 0x80000001 is not supported',
    ],
  ])('is refused for %s', (_, wrong, message) => {
    const plan = { method: 'PolynomialSharingGF2_8', parts: 3, threshold: 3, ...wrong } as const;
    expect(() => splitSecret(random(16), plan, random)).toThrowError(
      expect.objectContaining({ code: 'invalid-field', message }),
    );
  });

  it('is refused over GF(2^16) when its bytes are odd', () => {
    const plan = { method: 'PolynomialSharingGF2_16', parts: 3, threshold: 2 } as const;
    expect(() => splitSecret(random(15), plan, random)).toThrowError(
      expect.objectContaining({ code: 'invalid-field' }),
    );
  });

  it.each([
    ['twice the same part', [1, 1], 16, 'the same part was given twice'],
    ['parts of different lengths', [1, 2], 15, 'the parts differ in length'],
  ])('is not joined from %s', (_, [first = 0, second = 0], length, why) => {
    const plan = { method: 'PolynomialSharingGF2_8', parts: 3, threshold: 2 } as const;
    const parts = [
      { identifier: first, data: random(16) },
      { identifier: second, data: random(length) },
    ];
    expect(() => joinSecret(parts, plan)).toThrowError(
      expect.objectContaining({
        code: 'cryptographic-failure',
        message: `the key cannot be joined: ${why}`,
      }),
    );
  });
});

describe.each([
  ['GF(2^8)', GF2_8, 0xff],
  ['GF(2^16)', GF2_16, 0xffff],
])('%s', (_, field, max) => {
  const element = fc.integer({ min: 0, max });

  it('has an inverse for every element but zero', () => {
    for (let a = 1; a <= max; a++) {
      if (field.multiply(a, field.inverse(a)) !== 1) expect.fail(`${a} has no inverse`);
    }
  });

  it('multiplies by the laws of a field', () => {
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        const { multiply } = field;
        expect(multiply(a, b)).toBe(multiply(b, a));
        expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
        expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
        expect(multiply(a, 1)).toBe(a);
      }),
    );
  });
});

it('joins the shares of another server (OASIS test case TC-SJ-3)', () => {
  const share = (identifier: number, hex: string) => ({
    identifier,
    data: new Uint8Array(Buffer.from(hex, 'hex')),
  });
  const plan = { method: 'PolynomialSharingGF2_8', parts: 4, threshold: 2 } as const;
  const parts = [
    share(1, '66c46a7754f94de420c7b1a7fff5ec56'),
    share(3, 'a855b891f61ad9217240d8ec061e37da'),
  ];
  expect(Buffer.from(joinSecret(parts, plan)).toString('hex')).toBe(
    '0102030405060708090a0b0c0d0e0f10',
  );
});
