import { describe, expect, it } from 'vitest';
import { finishKey, keyLengthBytes } from './symmetric-algorithms.ts';

describe('keyLengthBytes', () => {
  it.each([
    ['AES', 128, 16],
    ['AES', 256, 32],
    ['DES3', 112, 16],
    ['DES3', 128, 16],
    ['DES3', 168, 24],
    ['DES3', 192, 24],
    ['HMAC_SHA256', 80, 10],
    ['HMAC_SHA256', 4096, 512],
  ])('makes a key for %s of %i bits of %i bytes', (algorithm, lengthBits, count) => {
    expect(keyLengthBytes(algorithm, lengthBits)).toEqual({ kind: 'bytes', count });
  });

  it.each([
    ['AES', 100, 'a key for AES has 128 or 192 or 256 bits'],
    ['DES3', 56, 'a key for DES3 has 112 or 128 or 168 or 192 bits'],
    ['HMAC_SHA256', 84, 'a key for HMAC_SHA256 has 80 to 4096 bits in steps of 8'],
    ['RSA', 2048, 'symmetric keys for RSA are not supported'],
    ['constructor', 128, 'symmetric keys for constructor are not supported'],
  ])('says why there is no key for %s of %i bits', (algorithm, lengthBits, why) => {
    expect(keyLengthBytes(algorithm, lengthBits)).toEqual({ kind: 'unsupported', why });
  });
});

describe('finishKey', () => {
  it('sets odd parity in each byte of a key for DES3', () => {
    const key = Uint8Array.of(0x00, 0x01, 0xfe, 0xff, 0x03);
    finishKey('DES3', key);
    expect(key).toEqual(Uint8Array.of(0x01, 0x01, 0xfe, 0xfe, 0x02));
  });

  it('leaves other keys as they are', () => {
    const key = Uint8Array.of(0x00, 0x03);
    finishKey('AES', key);
    expect(key).toEqual(Uint8Array.of(0x00, 0x03));
  });
});
