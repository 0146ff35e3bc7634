import { describe, expect, it } from 'vitest';
import { createAdapterKeyCache } from './adapter-key-cache.ts';
import type { AdapterKeyRef } from './adapter-key-ref.ts';
import { PlaintextKey } from './plaintext-key.ts';

const ref = (adapterId: string, overrides: Partial<AdapterKeyRef> = {}): AdapterKeyRef => ({
  adapterId,
  wrappedAdapterKey: Uint8Array.of(1),
  rootKeyId: 'root-1',
  wrappedRootKey: Uint8Array.of(2),
  ...overrides,
});
const aKey = () => new PlaintextKey(Uint8Array.of(1, 2, 3));
const isWiped = (key: PlaintextKey): boolean => {
  try {
    key.use(() => undefined);
    return false;
  } catch {
    return true;
  }
};

describe('createAdapterKeyCache', () => {
  it('evicts and wipes the least recently used key', () => {
    const cache = createAdapterKeyCache(2);
    const keys = { a: aKey(), b: aKey(), c: aKey() };
    cache.add(ref('a'), keys.a);
    cache.add(ref('b'), keys.b);
    cache.find(ref('a'));
    cache.add(ref('c'), keys.c);
    expect(isWiped(keys.b)).toBe(true);
    expect(cache.find(ref('b'))).toBeUndefined();
    expect(cache.find(ref('a'))).toBe(keys.a);
    expect(cache.find(ref('c'))).toBe(keys.c);
  });

  it('wipes the key that a new one of the same adapter replaces, and evicts no other', () => {
    const cache = createAdapterKeyCache(2);
    const keys = { a: aKey(), b: aKey(), newA: aKey() };
    cache.add(ref('a'), keys.a);
    cache.add(ref('b'), keys.b);
    cache.add(ref('a', { wrappedAdapterKey: Uint8Array.of(9) }), keys.newA);
    expect(isWiped(keys.a)).toBe(true);
    expect(isWiped(keys.b)).toBe(false);
  });

  it.each<[string, Partial<AdapterKeyRef>]>([
    ['wrapped key', { wrappedAdapterKey: Uint8Array.of(9) }],
    ['root key id', { rootKeyId: 'root-2' }],
    ['wrapped root key', { wrappedRootKey: Uint8Array.of(9) }],
  ])('does not answer for another %s', (_, overrides) => {
    const cache = createAdapterKeyCache(2);
    cache.add(ref('a'), aKey());
    expect(cache.find(ref('a', overrides))).toBeUndefined();
  });

  it('wipes on remove and on clear', () => {
    const cache = createAdapterKeyCache(3);
    const keys = { a: aKey(), b: aKey(), c: aKey() };
    cache.add(ref('a'), keys.a);
    cache.add(ref('b'), keys.b);
    cache.add(ref('c'), keys.c);
    cache.remove('a');
    expect([isWiped(keys.a), isWiped(keys.b), isWiped(keys.c)]).toEqual([true, false, false]);
    cache.clear();
    expect([isWiped(keys.b), isWiped(keys.c)]).toEqual([true, true]);
    expect(cache.find(ref('b'))).toBeUndefined();
  });
});
