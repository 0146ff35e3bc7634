/** A search that finds nothing proves something only when it would have found it. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../seeded-random.ts';
import { findForms, formsOf } from './forms.ts';

const SECRET = createRandom(1).bytes(32);
const FORMS = formsOf(SECRET);

/** Ways in which a program could write down a key. */
const LEAKS: Readonly<Record<string, (secret: Uint8Array) => Uint8Array | string>> = {
  'raw bytes': (secret) => secret,
  'hex in lower case': (secret) => Buffer.from(secret).toString('hex'),
  'hex in upper case': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'hex as an inspector shows it': (secret) =>
    `<Buffer ${Buffer.from(secret)
      .toString('hex')
      .replace(/..(?!$)/g, '$& ')}>`,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 after one other byte': (secret) => Buffer.from([7, ...secret]).toString('base64'),
  'base64 after two other bytes': (secret) => Buffer.from([7, 8, ...secret]).toString('base64'),
  'base64 before other bytes': (secret) => Buffer.from([...secret, 7, 8]).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64url after one other byte': (secret) => Buffer.from([7, ...secret]).toString('base64url'),
  'JSON of a Buffer': (secret) => JSON.stringify(Buffer.from(secret)),
  'JSON of a Uint8Array': (secret) => JSON.stringify(secret),
  'a list as people write it': (secret) => `[${[...secret].join(', ')}]`,
  'its first half': (secret) => secret.subarray(0, 16),
  'its second half, in hex': (secret) => Buffer.from(secret.subarray(12)).toString('hex'),
  'a text that was made of it': (secret) => Buffer.from(secret).toString('latin1'),
};

describe('the search for key bytes', () => {
  it.each(Object.keys(LEAKS))('finds a key that lies there as %s', (name) => {
    const leak = LEAKS[name]?.(SECRET) ?? '';
    const content = Buffer.concat([Buffer.alloc(1001, 0x20), Buffer.from(leak), Buffer.alloc(99)]);

    expect(findForms(content, FORMS)).not.toEqual([]);
  });

  it('finds nothing in other random bytes, nor in a digest', () => {
    const other = createRandom(2).bytes(100_000);

    expect(findForms(other, FORMS)).toEqual([]);
    expect(findForms(Buffer.from(Buffer.from(other).toString('base64')), FORMS)).toEqual([]);
  });
});
