import { describe, expect, it } from 'vitest';
import {
  aCertificate,
  aClientAuthority,
  aCredential,
  anAdapter,
  anObject,
  aPrincipal,
  aRootKey,
} from '../key-store.fixtures.ts';
import type { Predicate } from '../records.ts';
import type { Change, CommitOutcome } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const IN_USE: CommitOutcome = { kind: 'in-use', what: 'adapter' };
const DESTROYED = { name: 'State', value: 'Destroyed' };
const NOT_DESTROYED: Predicate = { kind: 'not', of: { kind: 'equals', ...DESTROYED } };

export function describeAdapterLives(context: ContractContext): void {
  const { commit, given, givenAdapter, givenObject, inNewStore, store } = context;

  describe('the life of an adapter', () => {
    it('keeps who made it, and notes who changed what belongs to it', async () => {
      const rootKey = aRootKey();
      const adapter = anAdapter({
        rootKeyId: rootKey.id,
        profile: 'native_1.0',
        createdBy: 'IBMid-a',
        updatedBy: 'IBMid-a',
        updatedAt: 1_000,
      });
      await given({ kind: 'insert-root-key', rootKey }, { kind: 'insert-adapter', adapter });
      expect(await store().findAdapter(adapter.id)).toStrictEqual(adapter);
      await given({
        kind: 'touch-adapter',
        id: adapter.id,
        by: { at: 2_000, actor: 'IBMid-b' },
      });
      expect(await store().findAdapter(adapter.id)).toStrictEqual({
        ...adapter,
        updatedAt: 2_000,
        updatedBy: 'IBMid-b',
      });
    });

    it('comes back without what nobody told', async () => {
      const adapter = await givenAdapter();
      expect(await store().findAdapter(adapter.id)).toStrictEqual(adapter);
    });

    it('ends with its certificates, authorities and credentials, when that is wanted', async () => {
      const { certificate, adapter, changes } = aPrincipal();
      const authority = aClientAuthority({ adapterId: adapter.id });
      const credential = aCredential({ adapterId: adapter.id });
      await given(
        ...changes,
        { kind: 'insert-client-authority', authority },
        { kind: 'insert-credential', credential },
      );
      const deletion = { kind: 'delete-adapter', id: adapter.id } as const;
      expect(await commit({ changes: [deletion] })).toEqual(IN_USE);
      await given({ kind: 'delete-certificate', id: certificate.id });
      expect(await commit({ changes: [deletion] })).toEqual(IN_USE);
      await given({ kind: 'insert-certificate', certificate });

      await given({ ...deletion, withCertificates: true });
      expect(await store().findPrincipal(certificate.fingerprintSha256)).toBeUndefined();
      expect(await store().findAuthorityPrincipal(authority.id)).toBeUndefined();
      expect(await store().listCertificates(adapter.id)).toEqual([]);
      expect(await store().listClientAuthorities(adapter.id)).toEqual([]);
      expect(
        await store().findCredentialOfIdentity(adapter.id, credential.identity),
      ).toBeUndefined();
    });

    it('goes on, with its certificates, while an object stands in the way', async () => {
      const object = await givenObject();
      const { adapterId } = object;
      const deletion = {
        kind: 'delete-adapter',
        id: adapterId,
        withCertificates: true,
      } as const;
      const unlessLeft = { ...deletion, unless: NOT_DESTROYED };
      expect(await commit({ changes: [deletion] })).toEqual(IN_USE);
      expect(await commit({ changes: [unlessLeft] })).toEqual(IN_USE);
      expect(await store().listCertificates(adapterId)).toHaveLength(1);

      await given({
        kind: 'update-object',
        object: { ...object, version: 2, index: [DESTROYED] },
      });
      expect(await commit({ changes: [deletion] })).toEqual(IN_USE);
      await given(unlessLeft);
      expect(await store().findAdapter(adapterId)).toBeUndefined();
    });

    it('ends in the unit that destroys its last object', async () => {
      const object = await givenObject();
      await given(
        { kind: 'update-object', object: { ...object, version: 2, index: [DESTROYED] } },
        {
          kind: 'delete-adapter',
          id: object.adapterId,
          withCertificates: true,
          unless: NOT_DESTROYED,
        },
      );
      expect(await store().findAdapter(object.adapterId)).toBeUndefined();
    });

    it.each<readonly [string, Predicate]>([
      ['an equality', { kind: 'equals', ...DESTROYED }],
      ['a range', { kind: 'range', name: 'Date', from: 1 }],
      ['nothing in particular', { kind: 'and', of: [] }],
    ])('asks about objects by %s', async (_name, unless) => {
      const { adapterId } = await givenObject({ index: [DESTROYED, { name: 'Date', value: 7 }] });
      const deletion: Change = {
        kind: 'delete-adapter',
        id: adapterId,
        withCertificates: true,
        unless,
      };
      expect(await commit({ changes: [deletion] })).toEqual(IN_USE);
      const of = [unless, { kind: 'equals', name: 'State', value: 'Active' } as const];
      await given({ ...deletion, unless: { kind: 'and', of } });
    });

    it('leaves no trace in any read, and lets nothing happen to it any more', async () => {
      const { adapter, changes } = aPrincipal();
      await given(...changes);
      const deletion: Change = { kind: 'delete-adapter', id: adapter.id, withCertificates: true };
      await given({ ...deletion, by: { at: 2_000, actor: 'IBMid-a' } });
      const { id: adapterId, name, rootKeyId } = adapter;
      const page = { offset: 0, limit: 100 };
      expect(await store().findAdapter(adapterId)).toBeUndefined();
      expect(await store().findAdapter(name)).toBeUndefined();
      expect((await store().listAdapters()).map(({ id }) => id)).not.toContain(adapterId);
      expect(await store().pageAdapters({ ...page, rootKeyId })).toEqual({ items: [], total: 0 });
      const rows: readonly Change[] = [
        deletion,
        { kind: 'touch-adapter', id: adapterId, by: { at: 3_000 } },
        { kind: 'insert-object', object: anObject({ adapterId }) },
        { kind: 'insert-certificate', certificate: aCertificate({ adapterId }) },
        { kind: 'insert-client-authority', authority: aClientAuthority({ adapterId }) },
      ];
      for (const change of rows) {
        expect(await commit({ changes: [change] })).toEqual({ kind: 'not-found', what: 'adapter' });
      }
    });

    it('frees its name, but never its id', async () => {
      const { adapter, changes } = aPrincipal();
      await given(...changes, {
        kind: 'delete-adapter',
        id: adapter.id,
        withCertificates: true,
      });
      const { rootKeyId, name } = adapter;
      expect(
        await commit({ changes: [{ kind: 'insert-adapter', adapter: { ...adapter, name: 'x' } }] }),
      ).toEqual({ kind: 'duplicate', what: 'adapter-name' });
      const heir = anAdapter({ rootKeyId, name });
      await given({ kind: 'insert-adapter', adapter: heir });
      expect(await store().findAdapter(name)).toEqual(heir);
    });

    it('leaves its destroyed objects on record, and their ids taken', async () => {
      const object = await givenObject({ index: [DESTROYED] });
      const { adapterId } = object;
      await given({
        kind: 'delete-adapter',
        id: adapterId,
        withCertificates: true,
        unless: NOT_DESTROYED,
      });
      expect((await store().readObject(adapterId, object.id))?.id).toBe(object.id);
      const second = anObject({ id: object.id, adapterId: (await givenAdapter()).id });
      expect(await commit({ changes: [{ kind: 'insert-object', object: second }] })).toEqual({
        kind: 'duplicate',
        what: 'object-id',
      });
    });

    it('is listed by page in the order of creation, of one root key or of all', () =>
      inNewStore(async (own) => {
        const rootKeys = [aRootKey(), aRootKey()];
        const adapters = rootKeys.flatMap(({ id: rootKeyId }, position) =>
          [30, 10, 20].map((createdAt) =>
            anAdapter({ rootKeyId, createdAt: createdAt + position }),
          ),
        );
        const changes: readonly Change[] = [
          ...rootKeys.map((rootKey): Change => ({ kind: 'insert-root-key', rootKey })),
          ...adapters.map((adapter): Change => ({ kind: 'insert-adapter', adapter })),
        ];
        await own.commit({ guards: [], changes, events: [] });
        const list = async (rootKeyId: string | undefined, offset: number, limit: number) => {
          const { items, total } = await own.pageAdapters({ rootKeyId, offset, limit });
          return { createdAt: items.map(({ createdAt }) => createdAt), total };
        };
        expect(await list(undefined, 1, 3)).toEqual({ createdAt: [11, 20, 21], total: 6 });
        expect(await list(rootKeys[1]?.id, 1, 9)).toEqual({ createdAt: [21, 31], total: 3 });
        expect(await list(rootKeys[1]?.id, 9, 9)).toEqual({ createdAt: [], total: 3 });
        expect(await list('nobody', 0, 9)).toEqual({ createdAt: [], total: 0 });
        await expect(list(undefined, 0, 0.5)).rejects.toMatchObject({ code: 'invalid' });
      }));
  });
}
