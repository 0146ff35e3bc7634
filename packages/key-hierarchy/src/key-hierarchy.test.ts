import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCountingMasterKey, aHierarchy, aMasterKey, anAdapter } from './key-hierarchy.fixtures.ts';
import { createKeyHierarchy } from './key-hierarchy.ts';
import { createMasterKey } from './master-key.ts';

const MATERIAL = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
const CONTEXT = { objectId: 'object-1', materialVersion: 1 };

const failing = (code: string) => expect.objectContaining({ code });
const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const altered = bytes.slice();
  altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return altered;
};

describe('sealing and opening', () => {
  it('gives the material back, whatever its length and the ids', () => {
    const hierarchy = aHierarchy();
    const id = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        id,
        id,
        id,
        fc.nat(),
        (material, adapterId, rootKeyId, objectId, materialVersion) => {
          const adapter = anAdapter(hierarchy, adapterId, rootKeyId);
          const blob = hierarchy.seal(adapter, material, { objectId, materialVersion });
          const key = hierarchy.open(adapter, blob, { objectId, materialVersion });
          expect(key.use((bytes) => bytes.slice())).toEqual(material);
        },
      ),
    );
  });

  it('gives it back in another process with the same master key', () => {
    const adapter = anAdapter(aHierarchy());
    const blob = aHierarchy().seal(adapter, MATERIAL, CONTEXT);
    expect(
      aHierarchy()
        .open(adapter, blob, CONTEXT)
        .use((bytes) => bytes.slice()),
    ).toEqual(MATERIAL);
  });

  it('leaves the material of the caller as it was', () => {
    const hierarchy = aHierarchy();
    const material = MATERIAL.slice();
    hierarchy.seal(anAdapter(hierarchy), material, CONTEXT);
    expect(material).toEqual(MATERIAL);
  });

  it('stores nothing in the clear', () => {
    const hierarchy = aHierarchy();
    const blob = hierarchy.seal(anAdapter(hierarchy), MATERIAL, CONTEXT);
    expect(Buffer.from(blob).includes(Buffer.from(MATERIAL.subarray(0, 8)))).toBe(false);
  });
});

describe('integrity', () => {
  it('refuses material in which any single bit differs', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    const blob = hierarchy.seal(adapter, MATERIAL.subarray(0, 4), CONTEXT);
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      expect(() => hierarchy.open(adapter, flipped(blob, bit), CONTEXT), `bit ${bit}`).toThrow(
        failing('integrity'),
      );
    }
  });

  it.each(['wrappedAdapterKey', 'wrappedRootKey'] as const)(
    'refuses a %s in which any single bit differs, although the right one is cached',
    (name) => {
      const hierarchy = aHierarchy();
      const adapter = anAdapter(hierarchy);
      const blob = hierarchy.seal(adapter, MATERIAL, CONTEXT);
      for (let bit = 0; bit < adapter[name].length * 8; bit += 1) {
        const altered = { ...adapter, [name]: flipped(adapter[name], bit) };
        expect(() => hierarchy.open(altered, blob, CONTEXT), `bit ${bit}`).toThrow(
          failing('integrity'),
        );
      }
    },
  );

  it.each([
    ['another object', { objectId: 'object-2', materialVersion: 1 }],
    ['another version', { objectId: 'object-1', materialVersion: 2 }],
  ])('refuses material that was moved to %s', (_, context) => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    const blob = hierarchy.seal(adapter, MATERIAL, CONTEXT);
    expect(() => hierarchy.open(adapter, blob, context)).toThrow(failing('integrity'));
  });

  it('refuses material that was moved to another adapter', () => {
    const hierarchy = aHierarchy();
    const blob = hierarchy.seal(anAdapter(hierarchy, 'adapter-1'), MATERIAL, CONTEXT);
    const other = anAdapter(hierarchy, 'adapter-2');
    expect(() => hierarchy.open(other, blob, CONTEXT)).toThrow(
      'the material of object object-1, version 1, of adapter adapter-2 does not open',
    );
  });

  it('refuses the key of another adapter under the same root key', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy, 'adapter-1');
    const blob = hierarchy.seal(adapter, MATERIAL, CONTEXT);
    expect(() => hierarchy.open({ ...adapter, adapterId: 'adapter-2' }, blob, CONTEXT)).toThrow(
      'the key of adapter adapter-2 under root key root-1 does not open',
    );
  });

  it('refuses a root key that stands under the id of another', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    expect(() => hierarchy.seal({ ...adapter, rootKeyId: 'root-2' }, MATERIAL, CONTEXT)).toThrow(
      'root key root-2 does not open',
    );
  });

  it('says which master key is in use when it is the wrong one', () => {
    const adapter = anAdapter(aHierarchy(aMasterKey(1)));
    const wrong = aMasterKey(2);
    expect(() => aHierarchy(wrong).seal(adapter, MATERIAL, CONTEXT)).toThrow(
      new RegExp(`root key root-1 does not open.*the master key in use is ${wrong.id}`),
    );
  });
});

describe('rotating and importing root keys', () => {
  it('opens what was sealed before, after the adapter key was rewrapped by a new version', () => {
    const hierarchy = aHierarchy();
    const before = anAdapter(hierarchy);
    const blob = hierarchy.seal(before, MATERIAL, CONTEXT);
    const wrappedRootKey = hierarchy.newRootKey(before.rootKeyId);
    const wrappedAdapterKey = hierarchy.rewrapAdapterKey(before, wrappedRootKey);
    const after = { ...before, wrappedRootKey, wrappedAdapterKey };
    expect(hierarchy.open(after, blob, CONTEXT).use((bytes) => bytes.slice())).toEqual(MATERIAL);
  });

  it('does not open a rewrapped adapter key by the version before', () => {
    const hierarchy = aHierarchy();
    const before = anAdapter(hierarchy);
    const wrappedAdapterKey = hierarchy.rewrapAdapterKey(
      before,
      hierarchy.newRootKey(before.rootKeyId),
    );
    expect(() => hierarchy.seal({ ...before, wrappedAdapterKey }, MATERIAL, CONTEXT)).toThrow(
      failing('integrity'),
    );
  });

  it('refuses to rewrap by the root key of another id', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    const foreign = hierarchy.newRootKey('root-2');
    expect(() => hierarchy.rewrapAdapterKey(adapter, foreign)).toThrow(failing('integrity'));
  });

  it('works under a root key that was imported, and leaves the material of the caller as it was', () => {
    const hierarchy = aHierarchy();
    const material = new Uint8Array(32).fill(7);
    const wrappedRootKey = hierarchy.importRootKey('root-1', material);
    const wrappedAdapterKey = hierarchy.newAdapterKey({
      rootKeyId: 'root-1',
      wrappedRootKey,
      adapterId: 'adapter-1',
    });
    const adapter = {
      adapterId: 'adapter-1',
      wrappedAdapterKey,
      rootKeyId: 'root-1',
      wrappedRootKey,
    };
    const blob = hierarchy.seal(adapter, MATERIAL, CONTEXT);
    expect(hierarchy.open(adapter, blob, CONTEXT).use((bytes) => bytes.slice())).toEqual(MATERIAL);
    expect(material).toEqual(new Uint8Array(32).fill(7));
  });

  it.each([0, 16, 31, 33])('refuses to import a root key of %i bytes', (length) => {
    expect(() => aHierarchy().importRootKey('root-1', new Uint8Array(length))).toThrow(
      failing('invalid-argument'),
    );
  });
});

describe('the cache of adapter keys', () => {
  it('spares the master key while an adapter is in use', () => {
    const master = aCountingMasterKey();
    const hierarchy = aHierarchy(master);
    const adapter = anAdapter(hierarchy);
    const before = master.unwraps();
    for (let index = 0; index < 5; index += 1) {
      hierarchy.seal(adapter, MATERIAL, CONTEXT);
    }
    expect(master.unwraps() - before).toBe(1);
  });

  it('unwraps again after forget', () => {
    const master = aCountingMasterKey();
    const hierarchy = aHierarchy(master);
    const adapter = anAdapter(hierarchy);
    hierarchy.seal(adapter, MATERIAL, CONTEXT);
    const before = master.unwraps();
    hierarchy.forget(adapter.adapterId);
    hierarchy.seal(adapter, MATERIAL, CONTEXT);
    expect(master.unwraps() - before).toBe(1);
  });

  it('uses the new key at once when the key of an adapter is replaced', () => {
    const hierarchy = aHierarchy();
    const old = anAdapter(hierarchy);
    const blob = hierarchy.seal(old, MATERIAL, CONTEXT);
    const rotated = anAdapter(hierarchy);
    const newBlob = hierarchy.seal(rotated, MATERIAL, CONTEXT);
    expect(() => hierarchy.open(rotated, blob, CONTEXT)).toThrow(failing('integrity'));
    expect(hierarchy.open(rotated, newBlob, CONTEXT).byteLength).toBe(MATERIAL.length);
    expect(hierarchy.open(old, blob, CONTEXT).byteLength).toBe(MATERIAL.length);
  });

  it('is not misled when the caller reuses the arrays of a reference', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    hierarchy.seal(adapter, MATERIAL, CONTEXT);
    adapter.wrappedAdapterKey.fill(0);
    expect(() => hierarchy.seal(adapter, MATERIAL, CONTEXT)).toThrow(failing('integrity'));
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a size of %s', (cacheSize) => {
    expect(() => createKeyHierarchy({ master: aMasterKey(), cacheSize })).toThrow(
      failing('invalid-argument'),
    );
  });
});

const PAYLOAD = { purpose: 'key-payload', rootKeyId: 'root-1' } as const;

describe('data under a root key', () => {
  const wrapped = (...associatedData: string[]) =>
    ({ purpose: 'wrapped-data', rootKeyId: 'root-1', associatedData }) as const;

  it('opens in its own context, by its own version of the key, and nowhere else', () => {
    const hierarchy = aHierarchy();
    const first = hierarchy.newRootKey('root-1');
    const second = hierarchy.newRootKey('root-1');
    const sealed = hierarchy.sealByRootKey(first, MATERIAL, wrapped('a', 'b'));
    const opened = hierarchy.openByRootKey(first, sealed, wrapped('a', 'b'));
    expect(opened?.use((bytes) => Uint8Array.from(bytes))).toEqual(MATERIAL);
    expect(hierarchy.openByRootKey(second, sealed, wrapped('a', 'b'))).toBeUndefined();
    expect(hierarchy.openByRootKey(first, sealed, wrapped('b', 'a'))).toBeUndefined();
    expect(hierarchy.openByRootKey(first, sealed, PAYLOAD)).toBeUndefined();
    expect(hierarchy.openByRootKey(first, new Uint8Array(3), PAYLOAD)).toBeUndefined();
  });

  it('says so when the root key itself does not open', () => {
    const hierarchy = aHierarchy();
    const other = hierarchy.newRootKey('root-2');
    expect(() => hierarchy.sealByRootKey(other, MATERIAL, PAYLOAD)).toThrow(failing('integrity'));
    expect(() => hierarchy.openByRootKey(other, MATERIAL, PAYLOAD)).toThrow(failing('integrity'));
  });
});

describe('the life of a hierarchy', () => {
  it('wipes every key that it makes', () => {
    const handedOut: Uint8Array[] = [];
    const randomBytes = (size: number) => {
      const bytes = new Uint8Array(size).fill(7);
      handedOut.push(bytes);
      return bytes;
    };
    const hierarchy = createKeyHierarchy({
      // The master draws its salts elsewhere: salts are public and stay as they are.
      master: createMasterKey(new Uint8Array(32).fill(1), (size) => new Uint8Array(size)),
      randomBytes,
    });
    hierarchy.newRootKey('root-1');
    expect(handedOut).toHaveLength(1);
    expect(handedOut[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('refuses everything after close', () => {
    const hierarchy = aHierarchy();
    const adapter = anAdapter(hierarchy);
    const blob = hierarchy.seal(adapter, MATERIAL, CONTEXT);
    hierarchy.close();
    for (const call of [
      () => hierarchy.newRootKey('root-2'),
      () => hierarchy.importRootKey('root-2', MATERIAL),
      () => hierarchy.rewrapAdapterKey(adapter, adapter.wrappedRootKey),
      () => hierarchy.newAdapterKey({ ...adapter }),
      () => hierarchy.seal(adapter, MATERIAL, CONTEXT),
      () => hierarchy.open(adapter, blob, CONTEXT),
      () => hierarchy.sealByRootKey(adapter.wrappedRootKey, MATERIAL, PAYLOAD),
      () => hierarchy.openByRootKey(adapter.wrappedRootKey, blob, PAYLOAD),
    ]) {
      expect(call).toThrow(failing('closed'));
    }
  });

  it('leaves the master key open on close, and fails as `closed` once that is closed', () => {
    const master = aMasterKey();
    aHierarchy(master).close();
    const hierarchy = aHierarchy(master);
    const adapter = anAdapter(hierarchy);
    master.close();
    expect(() => hierarchy.seal(adapter, MATERIAL, CONTEXT)).toThrow(failing('closed'));
  });
});
