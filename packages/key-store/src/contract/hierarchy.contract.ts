import { describe, expect, it } from 'vitest';
import { aCertificate, anAdapter, aPrincipal, aRootKey } from '../key-store.fixtures.ts';
import type { Change, CommitOutcome } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeHierarchy(context: ContractContext): void {
  const { commit, given, givenAdapter, givenObject, store } = context;

  describe('adapters, certificates and root keys', () => {
    it('finds the principal of a fingerprint: certificate, adapter and root key', async () => {
      const { certificate, adapter, rootKey, changes } = aPrincipal();
      await given(...changes);
      expect(await store().findPrincipal(certificate.fingerprintSha256)).toEqual({
        certificate,
        adapter,
        rootKey,
      });
      expect(await store().findPrincipal('00'.repeat(32))).toBeUndefined();
    });

    it('finds an adapter by id or by name, and prefers the id', async () => {
      const adapter = await givenAdapter();
      const impostor = anAdapter({
        rootKeyId: adapter.rootKeyId,
        name: adapter.id,
        description: 'named like an id',
      });
      await given({ kind: 'insert-adapter', adapter: impostor });
      expect(await store().findAdapter(adapter.name)).toEqual(adapter);
      expect(await store().findAdapter(adapter.id)).toEqual(adapter);
      expect(await store().findAdapter(impostor.id)).toEqual(impostor);
      expect(await store().findAdapter('nobody')).toBeUndefined();
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
        ...certificates.map((certificate): Change => ({ kind: 'insert-certificate', certificate })),
      );
      const adapters = await store().listAdapters();
      expect(adapters.filter(({ rootKeyId }) => rootKeyId === rootKey.id)).toEqual([early, late]);
      expect(await store().listCertificates(late.id)).toEqual(certificates.toReversed());
      expect(await store().listCertificates(undefined)).toEqual(
        expect.arrayContaining(certificates),
      );
      expect(await store().listCertificates(early.id)).toEqual([]);
      expect(await store().listRootKeys()).toContainEqual(rootKey);
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
      expect(await store().findPrincipal(certificate.fingerprintSha256)).toBeUndefined();
      await given({ kind: 'insert-certificate', certificate });
      expect(await store().findPrincipal(certificate.fingerprintSha256)).toBeDefined();
    });

    it('deletes an adapter only when it has neither certificates nor objects', async () => {
      const { certificate, adapter, changes } = aPrincipal();
      await given(...changes);
      const deletion: Change = { kind: 'delete-adapter', id: adapter.id };
      const inUse: CommitOutcome = { kind: 'in-use', what: 'adapter' };
      expect(await commit({ changes: [deletion] })).toEqual(inUse);
      await given({ kind: 'delete-certificate', id: certificate.id });
      await given(deletion);
      expect(await store().findAdapter(adapter.id)).toBeUndefined();

      const object = await givenObject();
      const [remaining] = await store().listCertificates(object.adapterId);
      await given({ kind: 'delete-certificate', id: remaining?.id ?? '' });
      expect(await commit({ changes: [{ kind: 'delete-adapter', id: object.adapterId }] })).toEqual(
        inUse,
      );
    });

    it('switches a root key off and on, even one that adapters use', async () => {
      const { certificate, rootKey, changes } = aPrincipal();
      await given(...changes);
      for (const state of ['disabled', 'enabled', 'deleted'] as const) {
        await given({ kind: 'set-root-key-state', id: rootKey.id, state });
        const principal = await store().findPrincipal(certificate.fingerprintSha256);
        expect(principal?.rootKey).toEqual({ ...rootKey, state });
      }
    });
  });
}
