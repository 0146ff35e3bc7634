import { describe, expect, it } from 'vitest';
import { aClientAuthority, anEvent, aPrincipal } from '../key-store.fixtures.ts';
import type { ClientAuthorityRecord } from '../management-records.ts';
import type { Change, CommitOutcome, Guard } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const insertion = (authority: ClientAuthorityRecord): Change => ({
  kind: 'insert-client-authority',
  authority,
});

export function describeClientAuthorities(context: ContractContext): void {
  const { commit, given, givenAdapter, store } = context;

  describe('client authorities', () => {
    it('are principals: with adapter and root key', async () => {
      const { adapter, rootKey, changes } = aPrincipal();
      const authority = aClientAuthority({
        adapterId: adapter.id,
        subjectRule: 'CN=vcenter-*',
        createdBy: 'IBMid-a',
      });
      await given(...changes, insertion(authority));
      expect(await store().findAuthorityPrincipal(authority.id)).toStrictEqual({
        authority,
        adapter,
        rootKey,
      });
      expect(await store().findAuthorityPrincipal('nobody')).toBeUndefined();
    });

    it('are found by id or by name within the adapter, by the id first', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const authority = aClientAuthority({ adapterId });
      const impostor = aClientAuthority({ adapterId, name: authority.id });
      await given(insertion(authority), insertion(impostor));
      expect(await store().findClientAuthority(adapterId, authority.name)).toEqual(authority);
      expect(await store().findClientAuthority(adapterId, authority.id)).toEqual(authority);
      expect(await store().findClientAuthority(adapterId, impostor.id)).toEqual(impostor);
      expect(await store().findClientAuthority(otherId, authority.id)).toBeUndefined();
      expect(await store().findClientAuthority(otherId, authority.name)).toBeUndefined();
    });

    it('are listed in the order of creation, of one adapter or of all', async () => {
      const { id: adapterId } = await givenAdapter();
      const late = aClientAuthority({ adapterId, createdAt: 2_000 });
      const early = aClientAuthority({ adapterId, createdAt: 1_000 });
      await given(insertion(late), insertion(early));
      expect(await store().listClientAuthorities(adapterId)).toEqual([early, late]);
      expect(await store().listClientAuthorities(undefined)).toEqual(
        expect.arrayContaining([early, late]),
      );
    });

    it('stand once in an adapter, under a name of their own', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const authority = aClientAuthority({ adapterId });
      const { id, name, fingerprintSha256 } = authority;
      await given(
        insertion(authority),
        insertion(aClientAuthority({ adapterId: otherId, name, fingerprintSha256 })),
      );
      const same: CommitOutcome = { kind: 'duplicate', what: 'client-authority' };
      const rows: readonly (readonly [ClientAuthorityRecord, CommitOutcome])[] = [
        [aClientAuthority({ adapterId, fingerprintSha256 }), same],
        [aClientAuthority({ adapterId, fingerprintSha256, name }), same],
        [{ ...aClientAuthority({ adapterId }), id }, same],
        [
          aClientAuthority({ adapterId, name }),
          { kind: 'duplicate', what: 'client-authority-name' },
        ],
        [aClientAuthority({ adapterId: 'nobody' }), { kind: 'not-found', what: 'adapter' }],
      ];
      for (const [record, outcome] of rows) {
        expect(await commit({ changes: [insertion(record)] })).toEqual(outcome);
      }
    });

    it('guard the units of their clients until they are deleted', async () => {
      const { id: adapterId } = await givenAdapter();
      const authority = aClientAuthority({ adapterId });
      await given(insertion(authority));
      const guard: Guard = { kind: 'client-authority-present', clientAuthorityId: authority.id };
      const unit = () => commit({ guards: [guard], events: [anEvent()] });
      expect(await unit()).toMatchObject({ kind: 'committed' });
      const deletion: Change = { kind: 'delete-client-authority', id: authority.id };
      await given(deletion);
      expect(await unit()).toEqual({ kind: 'guard-failed', guard });
      expect(await commit({ changes: [deletion] })).toEqual({
        kind: 'not-found',
        what: 'client-authority',
      });
    });
  });
}
