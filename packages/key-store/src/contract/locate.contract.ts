import { describe, expect, it } from 'vitest';
import { anObject } from '../key-store.fixtures.ts';
import type { IndexEntry, Predicate } from '../records.ts';
import type { Change } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeLocate(context: ContractContext): void {
  const { given, givenAdapter, givenObject, store } = context;

  describe('locate', () => {
    const equals = (entryName: string, value: string | number): Predicate => ({
      kind: 'equals',
      name: entryName,
      value,
    });

    async function givenIndexes(...indexes: readonly IndexEntry[][]) {
      const adapter = await givenAdapter();
      const objects = indexes.map((index) => anObject({ adapterId: adapter.id, index }));
      await given(...objects.map((object): Change => ({ kind: 'insert-object', object })));
      const ids = objects.map(({ id }) => id);
      /** The positions, in `indexes`, of what matches. */
      const locate = async (where: Predicate) => {
        const found = await store().locateObjects(adapter.id, { where, offset: 0, limit: 100 });
        expect(found.total).toBe(found.ids.length);
        return found.ids.map((id) => ids.indexOf(id));
      };
      return { adapter, ids, locate };
    }

    it('finds by one value, newest first', async () => {
      const { locate } = await givenIndexes(
        [{ name: 'State', value: 'Active' }],
        [{ name: 'State', value: 'PreActive' }],
        [{ name: 'State', value: 'Active' }],
      );
      expect(await locate(equals('State', 'Active'))).toEqual([2, 0]);
      expect(await locate(equals('State', 'Revoked'))).toEqual([]);
    });

    it('finds an object by each of several values of one name', async () => {
      const { locate } = await givenIndexes([
        { name: 'Name', value: 'a' },
        { name: 'Name', value: 'b' },
      ]);
      expect(await locate(equals('Name', 'a'))).toEqual([0]);
      expect(await locate({ kind: 'and', of: [equals('Name', 'a'), equals('Name', 'b')] })).toEqual(
        [0],
      );
    });

    it('keeps texts and numbers apart, and compares texts exactly', async () => {
      const { locate } = await givenIndexes(
        [{ name: 'n', value: '1' }],
        [{ name: 'n', value: 1 }],
        [{ name: 'n', value: 'Ä' }],
        [{ name: 'n', value: 'ä' }],
        [{ name: 'n', value: "' OR 1=1 --" }],
      );
      expect(await locate(equals('n', '1'))).toEqual([0]);
      expect(await locate(equals('n', 1))).toEqual([1]);
      expect(await locate(equals('n', 'ä'))).toEqual([3]);
      expect(await locate(equals('n', "' OR 1=1 --"))).toEqual([4]);
      expect(await locate(equals('N', 1))).toEqual([]);
    });

    it('finds by ranges, which include their ends and know numbers only', async () => {
      const { locate } = await givenIndexes(
        [{ name: 'd', value: 10 }],
        [{ name: 'd', value: 20 }],
        [{ name: 'd', value: 'thirty' }],
        [
          { name: 'd', value: 15 },
          { name: 'd', value: 30 },
        ],
      );
      expect(await locate({ kind: 'range', name: 'd', from: 10, to: 20 })).toEqual([3, 1, 0]);
      expect(await locate({ kind: 'range', name: 'd', from: 20 })).toEqual([3, 1]);
      expect(await locate({ kind: 'range', name: 'd', to: 14.5 })).toEqual([0]);
      expect(await locate({ kind: 'range', name: 'd' })).toEqual([3, 1, 0]);
      expect(await locate({ kind: 'range', name: 'd', from: 21, to: 29 })).toEqual([]);
    });

    it('combines conditions with and, or and not', async () => {
      const { locate } = await givenIndexes(
        [
          { name: 'a', value: 1 },
          { name: 'b', value: 1 },
        ],
        [{ name: 'a', value: 1 }],
        [{ name: 'b', value: 1 }],
        [],
      );
      const [a, b] = [equals('a', 1), equals('b', 1)];
      expect(await locate({ kind: 'and', of: [a, b] })).toEqual([0]);
      expect(await locate({ kind: 'or', of: [a, b] })).toEqual([2, 1, 0]);
      expect(await locate({ kind: 'not', of: a })).toEqual([3, 2]);
      expect(await locate({ kind: 'and', of: [a, { kind: 'not', of: b }] })).toEqual([1]);
      expect(await locate({ kind: 'and', of: [a, { kind: 'range', name: 'b', from: 0 }] })).toEqual(
        [0],
      );
      expect(await locate({ kind: 'not', of: { kind: 'or', of: [a, b] } })).toEqual([3]);
    });

    it('finds everything for an empty and, nothing for an empty or', async () => {
      const { locate } = await givenIndexes([], []);
      expect(await locate({ kind: 'and', of: [] })).toEqual([1, 0]);
      expect(await locate({ kind: 'or', of: [] })).toEqual([]);
    });

    it('answers a page and the total', async () => {
      const { adapter, ids } = await givenIndexes(
        ...Array.from({ length: 7 }, () => [{ name: 'a', value: 1 }]),
      );
      const where = equals('a', 1);
      expect(await store().locateObjects(adapter.id, { where, offset: 2, limit: 3 })).toEqual({
        ids: [ids[4], ids[3], ids[2]],
        total: 7,
      });
      expect(await store().locateObjects(adapter.id, { where, offset: 0, limit: 0 })).toEqual({
        ids: [],
        total: 7,
      });
      expect(await store().locateObjects(adapter.id, { where, offset: 9, limit: 3 })).toEqual({
        ids: [],
        total: 7,
      });
    });

    it('finds nothing of another adapter', async () => {
      const { locate } = await givenIndexes([{ name: 'a', value: 1 }]);
      await givenIndexes([{ name: 'a', value: 1 }]);
      expect(await locate(equals('a', 1))).toEqual([0]);
      expect(await locate({ kind: 'not', of: equals('a', 2) })).toEqual([0]);
      expect(await locate({ kind: 'range', name: 'a', from: 0 })).toEqual([0]);
    });

    it('finds an object by its index of today', async () => {
      const object = await givenObject({ index: [{ name: 'State', value: 'PreActive' }] });
      const index = [{ name: 'State', value: 'Active' }];
      await given({ kind: 'update-object', object: { ...object, version: 2, index } });
      const find = (state: string) =>
        store().locateObjects(object.adapterId, {
          where: equals('State', state),
          offset: 0,
          limit: 9,
        });
      expect((await find('PreActive')).total).toBe(0);
      expect((await find('Active')).ids).toEqual([object.id]);
    });

    it('counts no further than it is asked to', async () => {
      const entry = { name: 'State', value: 'Active' };
      const { adapter, ids } = await givenIndexes([entry], [entry], [entry]);
      const count = async (countUpTo: number, where: Predicate) => {
        const page = { offset: 1, limit: 1, countUpTo };
        const found = await store().locateObjects(adapter.id, { where, ...page });
        expect(found.ids).toEqual([ids[1]]);
        return found.total;
      };
      const anything: Predicate = { kind: 'and', of: [] };
      for (const where of [equals('State', 'Active'), anything]) {
        expect(await count(0, where)).toBe(0);
        expect(await count(2, where)).toBe(2);
        expect(await count(3, where)).toBe(3);
        expect(await count(9, where)).toBe(3);
      }
      await expect(count(0.5, anything)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('answers a predicate at the limits and refuses one beyond', async () => {
      const { locate } = await givenIndexes([{ name: 'a', value: 1 }]);
      const nested = (depth: number): Predicate =>
        depth === 1 ? equals('a', 1) : { kind: 'and', of: [nested(depth - 1)] };
      const wide = (terms: number): Predicate => ({
        kind: 'or',
        of: Array.from({ length: terms - 1 }, (_, position) => equals('a', position)),
      });
      const conjunction = (terms: number): Predicate => ({
        kind: 'and',
        of: Array.from({ length: terms - 1 }, () => equals('a', 1)),
      });
      expect(await locate(nested(16))).toEqual([0]);
      await expect(locate(nested(17))).rejects.toMatchObject({ code: 'invalid' });
      expect(await locate(wide(256))).toEqual([0]);
      expect(await locate(conjunction(256))).toEqual([0]);
      await expect(locate(wide(257))).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}
