/**
 * What every engine of `KeyStore` must do, as a suite: `describeKeyStore(name, openStore)`.
 *
 * One store serves the whole suite; each test works in records of its own, so the suite also runs
 * against a database that others use.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aCertificate,
  anAdapter,
  anEvent,
  anObject,
  aPrincipal,
  aRootKey,
  aUnit,
} from './key-store.fixtures.ts';
import type {
  AdapterRecord,
  Change,
  CommitOutcome,
  IndexEntry,
  KeyStore,
  NewEvent,
  ObjectRecord,
  Predicate,
  UnitOfWork,
} from './store.ts';

/** @param openStore - Opens a new, empty store; called a few times, and each store is closed again. */
export function describeKeyStore(name: string, openStore: () => Promise<KeyStore>): void {
  describe(name, () => {
    let store: KeyStore;
    beforeAll(async () => {
      store = await openStore();
    });
    afterAll(() => store.close());

    const commit = (unit: Partial<UnitOfWork>) => store.commit(aUnit(unit));

    /** Commits what a test takes for granted. */
    async function given(...changes: readonly Change[]): Promise<void> {
      expect(await commit({ changes })).toMatchObject({ kind: 'committed' });
    }

    async function givenAdapter(): Promise<AdapterRecord> {
      const { adapter, changes } = aPrincipal();
      await given(...changes);
      return adapter;
    }

    async function givenObject(overrides: Partial<ObjectRecord> = {}): Promise<ObjectRecord> {
      const object = anObject({ adapterId: (await givenAdapter()).id, ...overrides });
      await given({ kind: 'insert-object', object });
      return object;
    }

    describe('objects', () => {
      it('gives back an object as it was inserted', async () => {
        const object = await givenObject({
          index: [
            { name: 'Name', value: 'vm-1' },
            { name: 'Activation Date', value: 1_700_000_000 },
            { name: 'x-ratio', value: 0.5 },
          ],
          uniqueNames: ['vm-1'],
        });
        expectSameObject(await store.readObject(object.adapterId, object.id), object);
      });

      it('keeps an object without material', async () => {
        const object = await givenObject({ material: null, attributes: new Uint8Array() });
        expectSameObject(await store.readObject(object.adapterId, object.id), object);
      });

      it('keeps the bytes of a view, not of the buffer under it', async () => {
        const frame = Uint8Array.from({ length: 64 }, (_, position) => position);
        const object = await givenObject({ attributes: frame.subarray(8, 12) });
        const read = await store.readObject(object.adapterId, object.id);
        expect(read?.attributes).toEqual(Uint8Array.of(8, 9, 10, 11));
        expect(read?.attributes.buffer.byteLength).toBe(4);
      });

      it('keeps index values of text and number apart, and a repeated entry once', async () => {
        const index: readonly IndexEntry[] = [
          { name: 'n', value: 1 },
          { name: 'n', value: '1' },
          { name: 'n', value: 1 },
        ];
        const object = await givenObject({ index });
        const read = await store.readObject(object.adapterId, object.id);
        expect(sortedIndex(read?.index ?? [])).toEqual(sortedIndex(index.slice(0, 2)));
      });

      it('does not find an object under another adapter', async () => {
        const object = await givenObject();
        const other = await givenAdapter();
        expect(await store.readObject(other.id, object.id)).toBeUndefined();
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
        expectSameObject(await store.readObject(object.adapterId, object.id), changed);
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
        expect((await store.readObject(object.adapterId, object.id))?.version).toBe(3);
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
        expect((await store.readObject(heir.adapterId, heir.id))?.uniqueNames).toEqual(['vm-1']);
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
        const page = await store.listObjects(adapter.id, { offset: 1, limit: 3 });
        expect(page.map(({ id }) => id)).toEqual(ids.slice(1, 4));
        const all = await store.listObjects(undefined, { offset: 0, limit: 2 });
        expect(all.map(({ id }) => id)).toEqual([newest.id, ids[0]]);
      });
    });

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
          const found = await store.locateObjects(adapter.id, { where, offset: 0, limit: 100 });
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
        expect(
          await locate({ kind: 'and', of: [equals('Name', 'a'), equals('Name', 'b')] }),
        ).toEqual([0]);
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
        expect(
          await locate({ kind: 'and', of: [a, { kind: 'range', name: 'b', from: 0 }] }),
        ).toEqual([0]);
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
        expect(await store.locateObjects(adapter.id, { where, offset: 2, limit: 3 })).toEqual({
          ids: [ids[4], ids[3], ids[2]],
          total: 7,
        });
        expect(await store.locateObjects(adapter.id, { where, offset: 0, limit: 0 })).toEqual({
          ids: [],
          total: 7,
        });
        expect(await store.locateObjects(adapter.id, { where, offset: 9, limit: 3 })).toEqual({
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
          store.locateObjects(object.adapterId, {
            where: equals('State', state),
            offset: 0,
            limit: 9,
          });
        expect((await find('PreActive')).total).toBe(0);
        expect((await find('Active')).ids).toEqual([object.id]);
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

    describe('adapters, certificates and root keys', () => {
      it('finds the principal of a fingerprint: certificate, adapter and root key', async () => {
        const { certificate, adapter, rootKey, changes } = aPrincipal();
        await given(...changes);
        expect(await store.findPrincipal(certificate.fingerprintSha256)).toEqual({
          certificate,
          adapter,
          rootKey,
        });
        expect(await store.findPrincipal('00'.repeat(32))).toBeUndefined();
      });

      it('finds an adapter by id or by name, and prefers the id', async () => {
        const adapter = await givenAdapter();
        const impostor = anAdapter({
          rootKeyId: adapter.rootKeyId,
          name: adapter.id,
          description: 'named like an id',
        });
        await given({ kind: 'insert-adapter', adapter: impostor });
        expect(await store.findAdapter(adapter.name)).toEqual(adapter);
        expect(await store.findAdapter(adapter.id)).toEqual(adapter);
        expect(await store.findAdapter(impostor.id)).toEqual(impostor);
        expect(await store.findAdapter('nobody')).toBeUndefined();
      });

      it('lists what was made first, first', async () => {
        const rootKey = aRootKey();
        const late = anAdapter({ rootKeyId: rootKey.id, createdAt: 2_000 });
        const early = anAdapter({ rootKeyId: rootKey.id, createdAt: 1_000 });
        const certificates = [3_000, 1_000].map((createdAt) =>
          aCertificate({ adapterId: late.id, createdAt }),
        );
        await given(
          { kind: 'insert-root-key', rootKey },
          { kind: 'insert-adapter', adapter: late },
          { kind: 'insert-adapter', adapter: early },
          ...certificates.map(
            (certificate): Change => ({ kind: 'insert-certificate', certificate }),
          ),
        );
        const adapters = await store.listAdapters();
        expect(adapters.filter(({ rootKeyId }) => rootKeyId === rootKey.id)).toEqual([early, late]);
        expect(await store.listCertificates(late.id)).toEqual(certificates.toReversed());
        expect(await store.listCertificates(undefined)).toEqual(
          expect.arrayContaining(certificates),
        );
        expect(await store.listCertificates(early.id)).toEqual([]);
        expect(await store.listRootKeys()).toContainEqual(rootKey);
      });

      it('does not give an adapter name, a fingerprint or an id twice', async () => {
        const { certificate, adapter, rootKey, changes } = aPrincipal();
        await given(...changes);
        const rows: readonly (readonly [Change, CommitOutcome])[] = [
          [
            {
              kind: 'insert-adapter',
              adapter: anAdapter({ rootKeyId: rootKey.id, name: adapter.name }),
            },
            { kind: 'duplicate', what: 'adapter-name' },
          ],
          [
            { kind: 'insert-adapter', adapter: { ...adapter, name: 'other' } },
            { kind: 'duplicate', what: 'adapter-name' },
          ],
          [
            {
              kind: 'insert-certificate',
              certificate: { ...certificate, id: 'other' },
            },
            { kind: 'duplicate', what: 'certificate' },
          ],
          [
            {
              kind: 'insert-certificate',
              certificate: { ...certificate, fingerprintSha256: 'ff'.repeat(32) },
            },
            { kind: 'duplicate', what: 'certificate' },
          ],
          [
            { kind: 'insert-root-key', rootKey },
            { kind: 'duplicate', what: 'root-key' },
          ],
        ];
        for (const [change, outcome] of rows) {
          expect(await commit({ changes: [change] })).toEqual(outcome);
        }
      });

      it('says what a change refers to and is not there', async () => {
        const rows: readonly (readonly [Change, CommitOutcome])[] = [
          [
            { kind: 'insert-adapter', adapter: anAdapter({ rootKeyId: 'nobody' }) },
            { kind: 'not-found', what: 'root-key' },
          ],
          [
            { kind: 'insert-certificate', certificate: aCertificate({ adapterId: 'nobody' }) },
            { kind: 'not-found', what: 'adapter' },
          ],
          [
            { kind: 'delete-adapter', id: 'nobody' },
            { kind: 'not-found', what: 'adapter' },
          ],
          [
            { kind: 'delete-certificate', id: 'nobody' },
            { kind: 'not-found', what: 'certificate' },
          ],
          [
            { kind: 'set-root-key-state', id: 'nobody', state: 'disabled' },
            { kind: 'not-found', what: 'root-key' },
          ],
        ];
        for (const [change, outcome] of rows) {
          expect(await commit({ changes: [change] })).toEqual(outcome);
        }
      });

      it('deletes a certificate, which is no principal any more', async () => {
        const { certificate, changes } = aPrincipal();
        await given(...changes);
        await given({ kind: 'delete-certificate', id: certificate.id });
        expect(await store.findPrincipal(certificate.fingerprintSha256)).toBeUndefined();
        await given({ kind: 'insert-certificate', certificate });
        expect(await store.findPrincipal(certificate.fingerprintSha256)).toBeDefined();
      });

      it('deletes an adapter only when it has neither certificates nor objects', async () => {
        const { certificate, adapter, changes } = aPrincipal();
        await given(...changes);
        const deletion: Change = { kind: 'delete-adapter', id: adapter.id };
        const inUse: CommitOutcome = { kind: 'in-use', what: 'adapter' };
        expect(await commit({ changes: [deletion] })).toEqual(inUse);
        await given({ kind: 'delete-certificate', id: certificate.id });
        await given(deletion);
        expect(await store.findAdapter(adapter.id)).toBeUndefined();

        const object = await givenObject();
        const [remaining] = await store.listCertificates(object.adapterId);
        await given({ kind: 'delete-certificate', id: remaining?.id ?? '' });
        expect(
          await commit({ changes: [{ kind: 'delete-adapter', id: object.adapterId }] }),
        ).toEqual(inUse);
      });

      it('switches a root key off and on, even one that adapters use', async () => {
        const { certificate, rootKey, changes } = aPrincipal();
        await given(...changes);
        for (const state of ['disabled', 'enabled', 'deleted'] as const) {
          await given({ kind: 'set-root-key-state', id: rootKey.id, state });
          const principal = await store.findPrincipal(certificate.fingerprintSha256);
          expect(principal?.rootKey).toEqual({ ...rootKey, state });
        }
      });
    });

    describe('units of work', () => {
      it('commits nothing of a unit when a guard fails, and names the guard', async () => {
        const { certificate, rootKey, changes } = aPrincipal();
        await given(...changes);
        const object = anObject({ adapterId: certificate.adapterId });
        await given({ kind: 'insert-object', object });
        const { adapterId, id } = object;
        const good = [
          { kind: 'certificate-present', certificateId: certificate.id },
          { kind: 'root-key-enabled', rootKeyId: rootKey.id },
          { kind: 'object-version', adapterId, id, version: 1 },
        ] as const;
        expect(await commit({ guards: good })).toMatchObject({ kind: 'committed' });
        const bad = [
          { kind: 'certificate-present', certificateId: 'nobody' },
          { kind: 'root-key-enabled', rootKeyId: 'nobody' },
          { kind: 'object-version', adapterId, id, version: 2 },
          { kind: 'object-version', adapterId: 'nobody', id, version: 1 },
          { kind: 'object-version', adapterId, id: 'nobody', version: 1 },
        ] as const;
        for (const guard of bad) {
          const before = await store.lastEventSequence();
          const added = anObject({ adapterId });
          const outcome = await commit({
            guards: [...good, guard],
            changes: [{ kind: 'insert-object', object: added }],
            events: [anEvent()],
          });
          expect(outcome).toEqual({ kind: 'guard-failed', guard });
          expect(await store.readObject(adapterId, added.id)).toBeUndefined();
          expect(await store.lastEventSequence()).toBe(before);
        }
      });

      it('holds a root key that is disabled or deleted for unusable', async () => {
        const { rootKey, changes } = aPrincipal();
        await given(...changes);
        const guards = [{ kind: 'root-key-enabled', rootKeyId: rootKey.id }] as const;
        for (const state of ['disabled', 'deleted'] as const) {
          await given({ kind: 'set-root-key-state', id: rootKey.id, state });
          expect(await commit({ guards })).toMatchObject({ kind: 'guard-failed' });
        }
      });

      it('commits nothing of a unit of which a later change is refused', async () => {
        const adapter = await givenAdapter();
        const object = anObject({ adapterId: adapter.id });
        const before = await store.lastEventSequence();
        const outcome = await commit({
          changes: [
            { kind: 'insert-object', object },
            { kind: 'delete-certificate', id: 'nobody' },
          ],
          events: [anEvent()],
        });
        expect(outcome).toEqual({ kind: 'not-found', what: 'certificate' });
        expect(await store.readObject(adapter.id, object.id)).toBeUndefined();
        expect(await store.lastEventSequence()).toBe(before);
      });

      it('lets a refused unit not disturb those that are committed beside it', async () => {
        const adapter = await givenAdapter();
        const before = await store.lastEventSequence();
        const objects = Array.from({ length: 20 }, () => anObject({ adapterId: adapter.id }));
        const outcomes = await Promise.all(
          objects.map((object, position) =>
            commit({
              changes: [
                { kind: 'insert-object', object },
                ...(position % 3 === 0
                  ? [{ kind: 'delete-certificate', id: 'nobody' } as const]
                  : []),
              ],
              events: [anEvent()],
            }),
          ),
        );
        const kinds = outcomes.map(({ kind }) => kind);
        expect(kinds).toEqual(
          objects.map((_, position) => (position % 3 === 0 ? 'not-found' : 'committed')),
        );
        const listed = await store.listObjects(adapter.id, { offset: 0, limit: 100 });
        expect(listed).toHaveLength(13);
        expect(await store.lastEventSequence()).toBe(before + 13);
      });

      it('refuses what no store can keep as invalid, and goes on', async () => {
        const adapter = await givenAdapter();
        const event = anEvent();
        await commit({ events: [event] });
        const object = anObject({ adapterId: adapter.id });
        const units: readonly Partial<UnitOfWork>[] = [
          { changes: [{ kind: 'insert-object', object: { ...object, version: 2 } }] },
          { changes: [{ kind: 'update-object', object: { ...object, version: 1 } }] },
          { changes: [{ kind: 'insert-object', object: { ...object, createdAt: 0.5 } }] },
          {
            changes: [
              {
                kind: 'insert-object',
                object: { ...object, index: [{ name: 'n', value: Number.NaN }] },
              },
            ],
          },
          { events: [anEvent({ time: Number.POSITIVE_INFINITY })] },
          { events: [event] },
        ];
        for (const unit of units) {
          await expect(commit(unit)).rejects.toMatchObject({ name: 'StoreError', code: 'invalid' });
        }
        await given({ kind: 'insert-object', object });
      });
    });

    describe('the event log', () => {
      it('gives events sequences in the order of their units and within them', async () => {
        const before = await store.lastEventSequence();
        const events = Array.from({ length: 30 }, () => anEvent({ adapterId: 'a' }));
        const outcomes = await Promise.all(pairs(events).map((pair) => commit({ events: pair })));
        expect(outcomes).toEqual(
          outcomes.map((_, position) => ({
            kind: 'committed',
            lastSequence: before + 2 * (position + 1),
          })),
        );
        const log = await store.listEvents({ afterSequence: before, limit: 100 });
        expect(log).toEqual(
          events.map((event, position) => ({ ...event, sequence: before + position + 1 })),
        );
      });

      it('lists events after a sequence, up to a limit', async () => {
        const before = await store.lastEventSequence();
        await commit({ events: [anEvent(), anEvent({ correlationId: 'c' }), anEvent()] });
        const page = await store.listEvents({ afterSequence: before + 1, limit: 1 });
        expect(page.map(({ sequence, correlationId }) => [sequence, correlationId])).toEqual([
          [before + 2, 'c'],
        ]);
        expect(await store.listEvents({ afterSequence: before + 3, limit: 10 })).toEqual([]);
      });

      it('answers the newest sequence to a unit without events', async () => {
        await commit({ events: [anEvent()] });
        const lastSequence = await store.lastEventSequence();
        expect(await commit({})).toEqual({ kind: 'committed', lastSequence });
      });

      it('starts with 0 in an empty store', async () => {
        const empty = await openStore();
        try {
          expect(await empty.lastEventSequence()).toBe(0);
          expect(await empty.commit(aUnit())).toEqual({ kind: 'committed', lastSequence: 0 });
          expect(await empty.commit(aUnit({ events: [anEvent()] }))).toEqual({
            kind: 'committed',
            lastSequence: 1,
          });
        } finally {
          await empty.close();
        }
      });
    });

    describe('settings', () => {
      it('sets a setting once and answers what stands', async () => {
        expect(await store.readSetting('contract')).toBeUndefined();
        expect(await store.initialiseSetting('contract', 'first')).toBe('first');
        expect(await store.initialiseSetting('contract', 'second')).toBe('first');
        expect(await store.readSetting('contract')).toBe('first');
      });
    });

    describe('closing', () => {
      it('finishes what was begun, then refuses everything as unavailable', async () => {
        const closing = await openStore();
        const begun = Array.from({ length: 50 }, () =>
          closing.commit(aUnit({ events: [anEvent()] })),
        );
        const read = closing.lastEventSequence();
        await Promise.all([closing.close(), closing.close()]);
        const outcomes = await Promise.all(begun);
        expect(outcomes.every(({ kind }) => kind === 'committed')).toBe(true);
        expect(await read).toBeGreaterThanOrEqual(0);
        const refusal = { name: 'StoreError', code: 'unavailable' };
        await expect(closing.commit(aUnit())).rejects.toMatchObject(refusal);
        await expect(closing.lastEventSequence()).rejects.toMatchObject(refusal);
        await expect(closing.initialiseSetting('a', 'b')).rejects.toMatchObject(refusal);
      });
    });
  });
}

function pairs(events: readonly NewEvent[]): readonly (readonly NewEvent[])[] {
  return events.flatMap((event, position) => {
    const next = events[position + 1];
    return position % 2 === 0 && next !== undefined ? [[event, next]] : [];
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
