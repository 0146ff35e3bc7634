import { describe, expect, it } from 'vitest';
import { anObject } from '../key-store.fixtures.ts';
import type { IndexEntry, ObjectRecord } from '../records.ts';
import type { Change, CommitOutcome } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeObjects(context: ContractContext): void {
  const { commit, given, givenAdapter, givenObject, store } = context;

  /** The object with what finds it, which only lists have. */
  async function readWhole({ adapterId, id }: ObjectRecord): Promise<ObjectRecord | undefined> {
    const all = await store().listObjects(adapterId, { offset: 0, limit: 100 });
    return all.find((object) => object.id === id);
  }

  describe('objects', () => {
    it('gives an object without what finds it', async () => {
      const object = await givenObject({ uniqueNames: ['vm-1'] });
      const { index: _index, uniqueNames: _uniqueNames, ...stored } = object;
      expect(await store().readObject(object.adapterId, object.id)).toEqual(stored);
    });

    it('gives back an object as it was inserted', async () => {
      const object = await givenObject({
        index: [
          { name: 'Name', value: 'vm-1' },
          { name: 'Activation Date', value: 1_700_000_000 },
          { name: 'x-ratio', value: 0.5 },
        ],
        uniqueNames: ['vm-1'],
      });
      expectSameObject(await readWhole(object), object);
    });

    it('says to whom an object belongs, whatever changes it', async () => {
      const object = await givenObject({ owner: 'anna' });
      const { id, adapterId } = object;
      expect(await store().readObject(adapterId, id)).toMatchObject({ owner: 'anna' });
      const { owner: _owner, ...changed } = { ...object, version: 2 };
      await given({ kind: 'update-object', object: changed });
      expect(await store().readObject(adapterId, id)).toMatchObject({ owner: 'anna', version: 2 });
    });

    it('keeps an object without material', async () => {
      const object = await givenObject({ material: null, attributes: new Uint8Array() });
      expectSameObject(await readWhole(object), object);
    });

    it('keeps the bytes of a view, not of the buffer under it', async () => {
      const frame = Uint8Array.from({ length: 64 }, (_, position) => position);
      const object = await givenObject({ attributes: frame.subarray(8, 12) });
      const read = await store().readObject(object.adapterId, object.id);
      expect(read?.attributes).toEqual(Uint8Array.of(8, 9, 10, 11));
      read?.attributes.fill(0);
      const again = await store().readObject(object.adapterId, object.id);
      expect(again?.attributes).toEqual(Uint8Array.of(8, 9, 10, 11));
    });

    it('keeps index values of text and number apart, and a repeated entry once', async () => {
      const index: readonly IndexEntry[] = [
        { name: 'n', value: 1 },
        { name: 'n', value: '1' },
        { name: 'n', value: 1 },
      ];
      const object = await givenObject({ index });
      const read = await readWhole(object);
      expect(sortedIndex(read?.index ?? [])).toEqual(sortedIndex(index.slice(0, 2)));
    });

    it('does not find an object under another adapter', async () => {
      const object = await givenObject();
      const other = await givenAdapter();
      expect(await store().readObject(other.id, object.id)).toBeUndefined();
    });

    it('replaces an object with its index and names', async () => {
      const object = await givenObject({
        index: [
          { name: 'State', value: 'PreActive' },
          { name: 'Name', value: 'a' },
        ],
        uniqueNames: ['a', 'b'],
      });
      const changed: ObjectRecord = {
        ...object,
        version: 2,
        attributes: Uint8Array.of(9),
        material: null,
        index: [
          { name: 'State', value: 'Active' },
          { name: 'Name', value: 'a' },
        ],
        uniqueNames: ['b', 'c'],
      };
      await given({ kind: 'update-object', object: changed });
      expectSameObject(await readWhole(object), changed);
    });

    it('answers a conflict when somebody else changed the object first', async () => {
      const object = await givenObject();
      const update: Change = { kind: 'update-object', object: { ...object, version: 2 } };
      await given(update);
      expect(await commit({ changes: [update] })).toEqual({ kind: 'conflict', id: object.id });
    });

    it('lets one of two concurrent updates win', async () => {
      const object = await givenObject();
      const update: Change = { kind: 'update-object', object: { ...object, version: 2 } };
      const outcomes = await Promise.all([
        commit({ changes: [update] }),
        commit({ changes: [update] }),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'conflict']);
    });

    it('does not update an object that does not exist, or is of another adapter', async () => {
      const object = await givenObject();
      const other = await givenAdapter();
      const outcome: CommitOutcome = { kind: 'not-found', what: 'object' };
      const unknown = anObject({ adapterId: object.adapterId, version: 2 });
      expect(await commit({ changes: [{ kind: 'update-object', object: unknown }] })).toEqual(
        outcome,
      );
      const foreign = { ...object, adapterId: other.id, version: 2 };
      expect(await commit({ changes: [{ kind: 'update-object', object: foreign }] })).toEqual(
        outcome,
      );
    });

    it('applies the changes of a unit in their order', async () => {
      const object = anObject({ adapterId: (await givenAdapter()).id });
      await given(
        { kind: 'insert-object', object },
        { kind: 'update-object', object: { ...object, version: 2 } },
        { kind: 'update-object', object: { ...object, version: 3 } },
      );
      expect((await store().readObject(object.adapterId, object.id))?.version).toBe(3);
    });

    it('never gives an id to a second object, of whichever adapter', async () => {
      const object = await givenObject();
      const other = await givenAdapter();
      const second = anObject({ id: object.id, adapterId: other.id });
      expect(await commit({ changes: [{ kind: 'insert-object', object: second }] })).toEqual({
        kind: 'duplicate',
        what: 'object-id',
      });
    });

    it('gives a unique name to one object of an adapter only', async () => {
      const { adapterId } = await givenObject({ uniqueNames: ['vm-1'] });
      const second = anObject({ adapterId, uniqueNames: ['vm-2', 'vm-1'] });
      expect(await commit({ changes: [{ kind: 'insert-object', object: second }] })).toEqual({
        kind: 'duplicate',
        what: 'object-name',
      });
      const free = anObject({ adapterId });
      await given({ kind: 'insert-object', object: free });
      const renamed = { ...free, version: 2, uniqueNames: ['vm-1'] };
      expect(await commit({ changes: [{ kind: 'update-object', object: renamed }] })).toEqual({
        kind: 'duplicate',
        what: 'object-name',
      });
    });

    it('allows the same unique name in two adapters, and again once it was given up', async () => {
      const first = await givenObject({ uniqueNames: ['vm-1'] });
      await givenObject({ uniqueNames: ['vm-1'] });
      const heir = anObject({ adapterId: first.adapterId, uniqueNames: ['vm-1', 'vm-1'] });
      await given(
        { kind: 'update-object', object: { ...first, version: 2, uniqueNames: [] } },
        { kind: 'insert-object', object: heir },
      );
      expect((await readWhole(heir))?.uniqueNames).toEqual(['vm-1']);
    });

    it('does not insert an object for an adapter that does not exist', async () => {
      const object = anObject({ adapterId: 'nobody' });
      expect(await commit({ changes: [{ kind: 'insert-object', object }] })).toEqual({
        kind: 'not-found',
        what: 'adapter',
      });
    });

    it('lists objects newest first, by page, of one adapter or of all', async () => {
      const adapter = await givenAdapter();
      const objects = Array.from({ length: 5 }, () => anObject({ adapterId: adapter.id }));
      for (const object of objects) await given({ kind: 'insert-object', object });
      const newest = await givenObject();
      const ids = objects.map(({ id }) => id).reverse();
      const page = await store().listObjects(adapter.id, { offset: 1, limit: 3 });
      expect(page.map(({ id }) => id)).toEqual(ids.slice(1, 4));
      const all = await store().listObjects(undefined, { offset: 0, limit: 2 });
      expect(all.map(({ id }) => id)).toEqual([newest.id, ids[0]]);
    });
  });
}

/** Index and names are sets: their order does not count. */
function expectSameObject(actual: ObjectRecord | undefined, expected: ObjectRecord): void {
  expect(actual && inOrder(actual)).toEqual(inOrder(expected));
}

function inOrder(object: ObjectRecord): ObjectRecord {
  return {
    ...object,
    index: sortedIndex(object.index),
    uniqueNames: [...object.uniqueNames].sort(),
  };
}

function sortedIndex(index: readonly IndexEntry[]): readonly IndexEntry[] {
  return [...index].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
