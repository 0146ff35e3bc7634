import { expect, it } from 'vitest';
import { derivePkcs12Key } from './pkcs12-kdf.ts';

/** Of the widely used "smeg" vectors: three-key triple DES with SHA-1. */
it.each([
  ['key', '0a58cf64530d823f', 1, 24, '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
  ['iv', '0a58cf64530d823f', 1, 8, '79993dfe048d3b76'],
  ['key', '642b99ab44fb4b1f', 1, 24, 'f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966'],
  ['iv', '642b99ab44fb4b1f', 1, 8, 'c0a38d64a79bea1d'],
] as const)(
  'derives the %s from the salt %s',
  async (purpose, salt, iterations, length, expected) => {
    const key = await derivePkcs12Key({
      hash: 'sha1',
      purpose,
      password: 'smeg',
      salt: Buffer.from(salt, 'hex'),
      iterations,
      length,
    });
    expect(Buffer.from(key).toString('hex')).toBe(expected);
  },
);
