import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KeyHierarchyError } from './error.ts';
import { PlaintextKey } from './plaintext-key.ts';

const BYTES = Uint8Array.from({ length: 32 }, (_, index) => index + 100);

describe('PlaintextKey', () => {
  it('lends the bytes and returns what the function returns', () => {
    const key = new PlaintextKey(BYTES);
    expect(key.use((bytes) => Buffer.from(bytes).toString('hex'))).toBe(
      Buffer.from(BYTES).toString('hex'),
    );
    expect(key.byteLength).toBe(32);
  });

  it('copies the bytes it is made of', () => {
    const source = Uint8Array.of(1, 2, 3);
    const key = new PlaintextKey(source);
    source.fill(0);
    expect(key.use((bytes) => [...bytes])).toEqual([1, 2, 3]);
  });

  it.each([
    ['String()', (key: PlaintextKey) => String(key)],
    ['a template', (key: PlaintextKey) => `${key}`],
    ['JSON.stringify', (key: PlaintextKey) => JSON.stringify({ key })],
    ['inspect', (key: PlaintextKey) => inspect(key, { showHidden: true, depth: null })],
    ['format', (key: PlaintextKey) => format('%o %s %j', key, key, key)],
    ['Object.entries', (key: PlaintextKey) => JSON.stringify(Object.entries(key))],
    ['structuredClone', (key: PlaintextKey) => inspect(structuredClone({ key }), { depth: null })],
  ])('shows nothing of the bytes through %s', (_, show) => {
    const shown = show(new PlaintextKey(BYTES));
    expect(shown).not.toContain('100');
    expect(shown).not.toContain(Buffer.from(BYTES).toString('hex').slice(0, 8));
    expect(shown).not.toContain(Buffer.from(BYTES).toString('base64').slice(0, 8));
  });

  it('overwrites the bytes on wipe and cannot be used afterwards', () => {
    const key = new PlaintextKey(BYTES);
    const view = key.use((bytes) => bytes);
    key.wipe();
    expect([...view]).toEqual(new Array(32).fill(0));
    expect(() => key.use(() => undefined)).toThrow(KeyHierarchyError);
    expect(() => key.byteLength).toThrow(expect.objectContaining({ code: 'wiped' }));
  });

  it('may be wiped twice', () => {
    const key = new PlaintextKey(BYTES);
    key.wipe();
    expect(() => key.wipe()).not.toThrow();
  });
});
