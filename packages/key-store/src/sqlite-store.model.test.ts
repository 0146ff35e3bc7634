/** Random units and searches, against the reference model: both must answer the same, always. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, anObject, aPrincipal, aUnit } from './key-store.fixtures.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';
import type { IndexEntry, ObjectRecord, Predicate } from './records.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';
import type { KeyStore } from './store.ts';
import type { Change } from './unit-of-work.ts';

const directory = mkdtempSync(join(tmpdir(), 'claviger-key-store-'));
let sqlite: KeyStore;
beforeAll(async () => {
  sqlite = await openSqliteKeyStore({ path: join(directory, 'a.db') });
});
afterAll(async () => {
  await sqlite.close();
  rmSync(directory, { recursive: true });
});

/** Few names and values, so that they meet; and now and then any. */
const indexName = fc.oneof({ arbitrary: fc.constantFrom('a', 'b'), weight: 9 }, anyText());
const indexValue = fc.oneof(
  { arbitrary: fc.constantFrom<string | number>(1, 2, 3, '1', '2', 'x'), weight: 9 },
  anyText(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const index = fc.array(
  fc.oneof(
    fc.record<IndexEntry>({ name: indexName, value: indexValue }),
    fc.record<IndexEntry>({ name: indexName, value: indexValue, shared: fc.constant(true) }),
  ),
  { maxLength: 5 },
);
const bound = fc.option(fc.constantFrom(0, 1, 1.5, 2, 3), { nil: undefined });

const { predicate } = fc.letrec<{ predicate: Predicate; list: Predicate[] }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('equals' as const), name: indexName, value: indexValue }),
    fc.record({ kind: fc.constant('range' as const), name: indexName, from: bound, to: bound }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: tie('list') }),
    fc.record({ kind: fc.constant('not' as const), of: tie('predicate') }),
  ),
  list: fc.array(tie('predicate'), { maxLength: 3 }),
}));

/** Objects and adapters are named by position, the versions by what one would expect, or not. */
const step = fc.record({
  kind: fc.constantFrom('insert' as const, 'update' as const),
  adapter: fc.nat({ max: 1 }),
  object: fc.nat({ max: 4 }),
  version: fc.integer({ min: 2, max: 3 }),
  index,
  uniqueNames: fc.array(fc.constantFrom('n', 'm', 'o'), { maxLength: 2 }),
});
const units = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 8 });

it('answers like the model to any units and searches', async () => {
  await fc.assert(
    fc.asyncProperty(units, fc.array(predicate, { maxLength: 6 }), async (history, searches) => {
      const model = createMemoryKeyStore();
      const both = async <T>(ask: (store: KeyStore) => Promise<T>): Promise<readonly [T, T]> =>
        Promise.all([ask(sqlite), ask(model)]);

      const principals = [aPrincipal(), aPrincipal()];
      const ids = Array.from({ length: 5 }, () => randomUUID());
      for (const { changes } of principals) await both((s) => s.commit(aUnit({ changes })));

      const toChange = (it: (typeof history)[number][number]): Change => {
        const object = anObject({
          id: ids[it.object] ?? '',
          adapterId: principals[it.adapter]?.adapter.id ?? '',
          index: it.index,
          uniqueNames: it.uniqueNames,
        });
        return it.kind === 'insert'
          ? { kind: 'insert-object', object }
          : { kind: 'update-object', object: { ...object, version: it.version } };
      };
      for (const steps of history) {
        const unit = aUnit({ changes: steps.map(toChange), events: [anEvent()] });
        const [actual, expected] = await both((s) => s.commit(unit));
        // Only the model's log is its own.
        expect({ ...actual, lastSequence: 0 }).toEqual({ ...expected, lastSequence: 0 });
      }
      for (const { adapter } of principals) {
        const everything = { where: { kind: 'and', of: [] }, offset: 0, limit: 10 } as const;
        for (const query of [
          everything,
          ...searches.map((where) => ({ where, offset: 1, limit: 2 })),
        ]) {
          const [actual, expected] = await both((s) => s.locateObjects(adapter.id, query));
          expect(actual).toEqual(expected);
        }
        for (const id of ids) {
          const [actual, expected] = await both((s) => s.readObject(adapter.id, id));
          expect(actual).toEqual(expected);
        }
        const all = { offset: 0, limit: 100 };
        const [actual, expected] = await both((s) => s.listObjects(adapter.id, all));
        expect(actual.map(asSets)).toEqual(expected.map(asSets));
      }
    }),
    { numRuns: 150 },
  );
});

function anyText() {
  return fc.string({ unit: 'grapheme', maxLength: 8 });
}

function asSets(object: ObjectRecord) {
  return { ...object, index: new Set(object.index), uniqueNames: new Set(object.uniqueNames) };
}
