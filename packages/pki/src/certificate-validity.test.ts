import { describe, expect, it } from 'vitest';
import { certificateValidityAt } from './certificate-validity.ts';

const CERTIFICATE = { notBefore: 10_000, notAfter: 20_000 };

describe('certificateValidityAt', () => {
  it.each([
    [9_999, 'not-yet-valid'],
    [10_000, 'valid'],
    [15_000, 'valid'],
    [20_000, 'valid'],
    [20_999, 'valid'],
    [21_000, 'expired'],
  ] as const)('at %d ms is %s (valid from 10,000 to 20,000)', (now, expected) => {
    expect(certificateValidityAt(CERTIFICATE, now)).toBe(expected);
  });
});
