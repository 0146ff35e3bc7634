import { describe, expect, it } from 'vitest';
import { anAdapter, anEvent, aPrincipal, aRootKey } from '../key-store.fixtures.ts';
import type { DetailedRootKey, NewRootKeyDetails } from '../management-records.ts';
import type { RootKeyState } from '../records.ts';
import type { Change, CommitOutcome, Guard } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeRootKeys(context: ContractContext): void {
  const { commit, given, inNewStore, store } = context;

  async function givenRootKey(details?: NewRootKeyDetails) {
    const rootKey = aRootKey();
    await given({ kind: 'insert-root-key', rootKey, details });
    return rootKey;
  }

  describe('keys with everything known of them', () => {
    it('come back as they were made', async () => {
      const { versionId, ...details }: NewRootKeyDetails = {
        description: 'of the test',
        tags: ['b', 'a', 'b'],
        aliases: [],
        imported: true,
        extractable: true,
        keyRingId: 'ring',
        createdBy: 'IBMid-a',
        expirationAt: 9_000,
        wrappedPayload: Uint8Array.of(1, 2, 3, 4).subarray(1, 3),
        versionId: 'version 1 of the test',
      };
      const rootKey = await givenRootKey({ ...details, versionId });
      expect(await store().findRootKey(rootKey.id)).toStrictEqual({
        ...rootKey,
        ...details,
        wrappedPayload: Uint8Array.of(2, 3),
        version: { id: versionId, createdAt: rootKey.createdAt },
        lastUpdateAt: null,
        lastRotateAt: null,
        deletedAt: null,
        deletedBy: null,
      });
    });

    it('have defaults', async () => {
      const rootKey = await givenRootKey();
      expect(await store().findRootKey(rootKey.id)).toStrictEqual({
        ...rootKey,
        description: null,
        tags: [],
        aliases: [],
        imported: false,
        extractable: false,
        keyRingId: 'default',
        createdBy: null,
        version: { id: rootKey.id, createdAt: rootKey.createdAt },
        lastUpdateAt: null,
        lastRotateAt: null,
        deletedAt: null,
        deletedBy: null,
        expirationAt: null,
        wrappedPayload: null,
      } satisfies DetailedRootKey);
      expect(await store().findRootKey('nobody')).toBeUndefined();
    });

    it('are found by id or by alias, by the id first', async () => {
      const other = await givenRootKey();
      const prefix = `alias-${other.id}`;
      const aliases = [`${prefix}-b`, `${prefix}-a`, `${prefix}-b`, other.id];
      const rootKey = await givenRootKey({ aliases });
      const found = await store().findRootKey(`${prefix}-b`);
      expect(found?.id).toBe(rootKey.id);
      expect(found?.aliases).toEqual([other.id, `${prefix}-a`, `${prefix}-b`].sort());
      expect((await store().findRootKey(other.id))?.id).toBe(other.id);
    });

    it('do not share an id, an alias or a version', async () => {
      const rootKey = aRootKey();
      const details = { aliases: [`a-${rootKey.id}`], versionId: `v-${rootKey.id}` };
      await given({ kind: 'insert-root-key', rootKey, details });
      const insert = (id: string, other: NewRootKeyDetails): Change => ({
        kind: 'insert-root-key',
        rootKey: { ...aRootKey(), id },
        details: other,
      });
      const rows: readonly (readonly [Change, CommitOutcome])[] = [
        [insert(rootKey.id, {}), { kind: 'duplicate', what: 'root-key' }],
        [
          insert('other', { versionId: details.versionId }),
          { kind: 'duplicate', what: 'root-key-version' },
        ],
        [
          insert('other', { aliases: ['free', ...details.aliases] }),
          { kind: 'duplicate', what: 'root-key-alias' },
        ],
      ];
      for (const [change, outcome] of rows) {
        expect(await commit({ changes: [change] })).toEqual(outcome);
      }
      expect(await store().findRootKey('free')).toBeUndefined();
    });

    it('that are standard keys carry no adapter, and are no root keys', async () => {
      const standard = await givenRootKey({ extractable: true });
      const notFound: CommitOutcome = { kind: 'not-found', what: 'root-key' };
      const adapter = anAdapter({ rootKeyId: standard.id });
      expect(await commit({ changes: [{ kind: 'insert-adapter', adapter }] })).toEqual(notFound);
      expect(await commit({ changes: [rotationOf(standard.id)] })).toEqual(notFound);
      expect((await store().listRootKeys()).map(({ id }) => id)).not.toContain(standard.id);
    });

    it('are listed by page in the order of their ids, by state and kind', () =>
      inNewStore(async (own) => {
        const states: readonly RootKeyState[] = ['enabled', 'disabled', 'deleted'];
        const changes = states.flatMap((state, position) =>
          [false, true].map((extractable): Change => {
            const id = `${9 - position}-${extractable ? 'standard' : 'root'}`;
            const details = { extractable, aliases: [`alias of ${id}`] };
            return { kind: 'insert-root-key', rootKey: aRootKey({ id, state }), details };
          }),
        );
        await own.commit({ guards: [], changes, events: [] });
        const list = async (query: Partial<Parameters<typeof own.pageRootKeys>[0]>) => {
          const page = await own.pageRootKeys({ offset: 0, limit: 10, ...query });
          return { ids: page.items.map(({ id }) => id), total: page.total };
        };
        const all = ['7-root', '7-standard', '8-root', '8-standard', '9-root', '9-standard'];
        expect(await list({})).toEqual({ ids: all, total: 6 });
        expect(await list({ offset: 1, limit: 2 })).toEqual({ ids: all.slice(1, 3), total: 6 });
        expect(await list({ extractable: false })).toEqual({
          ids: ['7-root', '8-root', '9-root'],
          total: 3,
        });
        expect(await list({ extractable: true, states: ['disabled', 'enabled'] })).toEqual({
          ids: ['8-standard', '9-standard'],
          total: 2,
        });
        expect(await list({ states: ['deleted', 'deleted'], limit: 1 })).toEqual({
          ids: ['7-root'],
          total: 2,
        });
        expect(await list({ states: [] })).toEqual({ ids: [], total: 0 });
        const { items } = await own.pageRootKeys({ offset: 0, limit: 1 });
        expect(items[0]?.aliases).toEqual(['alias of 7-root']);
        await expect(list({ offset: -1 })).rejects.toMatchObject({ code: 'invalid' });
        await expect(list({ states: [], limit: -1 })).rejects.toMatchObject({ code: 'invalid' });
      }));
  });

  describe('the state of a root key', () => {
    it('tells when it was changed, when the key was deleted and by whom', async () => {
      const { id } = await givenRootKey();
      const set = (state: RootKeyState, at: number): Change => ({
        kind: 'set-root-key-state',
        id,
        state,
        by: { at, actor: 'IBMid-a' },
      });
      await given(set('disabled', 2_000));
      expect(await store().findRootKey(id)).toMatchObject({
        state: 'disabled',
        lastUpdateAt: 2_000,
        deletedAt: null,
      });
      await given(set('deleted', 3_000));
      expect(await store().findRootKey(id)).toMatchObject({
        state: 'deleted',
        lastUpdateAt: 3_000,
        deletedAt: 3_000,
        deletedBy: 'IBMid-a',
      });
      await given(set('enabled', 4_000));
      expect(await store().findRootKey(id)).toMatchObject({
        state: 'enabled',
        lastUpdateAt: 4_000,
        deletedAt: null,
        deletedBy: null,
      });
    });

    it('changes from the states named only, so that one of two wins', async () => {
      const { id } = await givenRootKey();
      const disable: Change = {
        kind: 'set-root-key-state',
        id,
        state: 'disabled',
        from: ['enabled'],
      };
      const outcomes = await Promise.all([
        commit({ changes: [disable] }),
        commit({ changes: [disable] }),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'conflict']);
    });

    it('does not become deleted while an adapter is over the key, where that is asked', async () => {
      const { rootKey, adapter, changes } = aPrincipal();
      await given(...changes);
      const deletion: Change = {
        kind: 'set-root-key-state',
        id: rootKey.id,
        state: 'deleted',
        unlessUsed: true,
      };
      expect(await commit({ changes: [deletion] })).toEqual({ kind: 'in-use', what: 'root-key' });
      await given({ kind: 'delete-adapter', id: adapter.id, withCertificates: true }, deletion);
    });

    it('deleted frees the aliases', async () => {
      const alias = `alias-${aRootKey().id}`;
      const { id } = await givenRootKey({ aliases: [alias] });
      await given({ kind: 'set-root-key-state', id, state: 'deleted' });
      expect(await store().findRootKey(alias)).toBeUndefined();
      expect((await store().findRootKey(id))?.aliases).toEqual([]);
      const heir = await givenRootKey({ aliases: [alias] });
      expect((await store().findRootKey(alias))?.id).toBe(heir.id);
    });
  });

  describe('the rotation of a root key', () => {
    it('gives the key and every adapter their new wrapping, and keeps the old versions', async () => {
      const { rootKey, adapter, certificate, changes } = aPrincipal();
      const other = anAdapter({ rootKeyId: rootKey.id });
      await given(...changes, { kind: 'insert-adapter', adapter: other });
      const rotation = rotationOf(rootKey.id, [adapter.id, other.id]);
      await given(rotation);

      const { wrappedKey } = rotation.version;
      expect(await store().findPrincipal(certificate.fingerprintSha256)).toEqual({
        certificate,
        adapter: { ...adapter, wrappedKey: Uint8Array.of(21) },
        rootKey: { ...rootKey, wrappedKey },
      });
      expect((await store().findAdapter(other.id))?.wrappedKey).toEqual(Uint8Array.of(22));
      expect(await store().findRootKey(rootKey.id)).toMatchObject({
        wrappedKey,
        version: { id: rotation.version.id, createdAt: 5_000 },
        lastUpdateAt: 5_000,
        lastRotateAt: 5_000,
      });
      const old = { id: rootKey.id, wrappedKey: rootKey.wrappedKey, createdAt: rootKey.createdAt };
      const versions = (offset: number, limit: number) =>
        store().pageRootKeyVersions(rootKey.id, { offset, limit });
      expect(await versions(0, 10)).toEqual({ items: [rotation.version, old], total: 2 });
      expect(await versions(1, 10)).toEqual({ items: [old], total: 2 });
      expect(await store().pageRootKeyVersions('nobody', { offset: 0, limit: 1 })).toEqual({
        items: [],
        total: 0,
      });
      await expect(versions(0, -1)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('conflicts when adapters are missing, too many, of another key, or deleted', async () => {
      const { rootKey, adapter, changes } = aPrincipal();
      const stranger = aPrincipal();
      const deleted = anAdapter({ rootKeyId: rootKey.id });
      await given(
        ...changes,
        ...stranger.changes,
        { kind: 'insert-adapter', adapter: deleted },
        { kind: 'delete-adapter', id: deleted.id },
      );
      for (const adapterIds of [
        [],
        [stranger.adapter.id],
        [deleted.id],
        [adapter.id, stranger.adapter.id],
        [adapter.id, deleted.id],
        [adapter.id, 'nobody'],
      ]) {
        expect(await commit({ changes: [rotationOf(rootKey.id, adapterIds)] })).toEqual({
          kind: 'conflict',
          id: rootKey.id,
        });
      }
      expect(await store().findAdapter(adapter.id)).toEqual(adapter);
      await given(rotationOf(rootKey.id, [adapter.id]));
    });

    it('is won by one of two', async () => {
      const { id } = await givenRootKey();
      const outcomes = await Promise.all([
        commit({ changes: [rotationOf(id)] }),
        commit({
          changes: [{ ...rotationOf(id), version: { ...rotationOf(id).version, id: `${id}-x` } }],
        }),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'conflict']);
    });

    it('does not happen to a key that is deleted or unknown, nor with a version id that is taken', async () => {
      const { id } = await givenRootKey();
      const { id: deletedId } = await givenRootKey();
      await given({ kind: 'set-root-key-state', id: deletedId, state: 'deleted' });
      const taken = { ...rotationOf(id).version, id: deletedId };
      const rows: readonly (readonly [Change, CommitOutcome])[] = [
        [rotationOf(deletedId), { kind: 'conflict', id: deletedId }],
        [rotationOf('nobody'), { kind: 'not-found', what: 'root-key' }],
        [
          { ...rotationOf(id), version: taken },
          { kind: 'duplicate', what: 'root-key-version' },
        ],
      ];
      for (const [change, outcome] of rows) {
        expect(await commit({ changes: [change] })).toEqual(outcome);
      }
    });

    it('fails the guard of whoever wrapped by an older version', async () => {
      const { id } = await givenRootKey();
      const guard: Guard = { kind: 'root-key-version', rootKeyId: id, versionId: id };
      const unit = { guards: [guard], events: [anEvent()] };
      expect(await commit(unit)).toMatchObject({ kind: 'committed' });
      await given(rotationOf(id));
      expect(await commit(unit)).toEqual({ kind: 'guard-failed', guard });
      const unknown: Guard = { kind: 'root-key-version', rootKeyId: 'nobody', versionId: id };
      expect(await commit({ guards: [unknown] })).toEqual({ kind: 'guard-failed', guard: unknown });
    });
  });
}

/** From the first version, which has the id of the key, to a second one. */
function rotationOf(id: string, adapterIds: readonly string[] = []) {
  return {
    kind: 'rotate-root-key',
    id,
    fromVersionId: id,
    version: { id: `${id}-2`, wrappedKey: Uint8Array.of(20), createdAt: 5_000 },
    adapters: adapterIds.map((adapterId, position) => ({
      id: adapterId,
      wrappedKey: Uint8Array.of(21 + position),
    })),
  } as const satisfies Change;
}
