import { describe, expect, it } from 'vitest';
import { aCredential } from '../key-store.fixtures.ts';
import type { CredentialRecord } from '../management-records.ts';
import type { Change, CommitOutcome, Guard } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const insertion = (credential: CredentialRecord): Change => ({
  kind: 'insert-credential',
  credential,
});

export function describeCredentials(context: ContractContext): void {
  const { commit, given, givenAdapter, store } = context;

  describe('credentials', () => {
    it('come back as they were, by id, name or identity, within their adapter', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const user = aCredential({ adapterId, createdAt: 1_000, createdBy: 'IBMid-a' });
      const sealed = Uint8Array.of(1, 2, 3);
      const device = aCredential({ adapterId, createdAt: 2_000, verifier: null, sealed });
      await given(insertion(device), insertion(user));
      expect(await store().listCredentials(adapterId)).toStrictEqual([user, device]);
      expect(await store().findCredential(adapterId, user.id)).toStrictEqual(user);
      expect(await store().findCredential(adapterId, device.name)).toStrictEqual(device);
      const { identity } = device;
      expect(await store().findCredentialOfIdentity(adapterId, identity)).toStrictEqual(device);
      expect(await store().listCredentials(otherId)).toEqual([]);
      expect(await store().findCredential(otherId, user.id)).toBeUndefined();
      expect(await store().findCredentialOfIdentity(otherId, identity)).toBeUndefined();
    });

    it('have a name and an identity of their own in the adapter', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const credential = aCredential({ adapterId });
      const { id, name, identity } = credential;
      await given(
        insertion(credential),
        insertion(aCredential({ adapterId: otherId, name, identity })),
      );
      const same: CommitOutcome = { kind: 'duplicate', what: 'credential' };
      const rows: readonly (readonly [CredentialRecord, CommitOutcome])[] = [
        [aCredential({ adapterId, identity }), same],
        [aCredential({ adapterId, identity, name }), same],
        [{ ...aCredential({ adapterId }), id }, same],
        [aCredential({ adapterId, name }), { kind: 'duplicate', what: 'credential-name' }],
        [aCredential({ adapterId: 'nobody' }), { kind: 'not-found', what: 'adapter' }],
      ];
      for (const [taken, outcome] of rows) {
        expect(await commit({ changes: [insertion(taken)] })).toEqual(outcome);
      }
      expect(await store().listCredentials(adapterId)).toEqual([credential]);
    });

    it('take a proof once, and none that is older', async () => {
      const { id: adapterId } = await givenAdapter();
      const credential = aCredential({ adapterId });
      const { id } = credential;
      await given(insertion(credential));
      const using = (proof: number, of = id): Change => ({ kind: 'use-credential', id: of, proof });
      await given(using(7));
      for (const proof of [7, 6, 0]) {
        expect(await commit({ changes: [using(proof)] })).toEqual({ kind: 'conflict', id });
      }
      await given(using(8));
      expect(await store().findCredential(adapterId, id)).toEqual({ ...credential, lastProof: 8 });
      const missing = { kind: 'not-found', what: 'credential' };
      expect(await commit({ changes: [using(9, 'nobody')] })).toEqual(missing);
    });

    it('guard units of work until they are deleted', async () => {
      const { id: adapterId } = await givenAdapter();
      const credential = aCredential({ adapterId });
      await given(insertion(credential));
      const guard: Guard = { kind: 'credential-present', credentialId: credential.id };
      expect(await commit({ guards: [guard] })).toMatchObject({ kind: 'committed' });
      const deletion: Change = { kind: 'delete-credential', id: credential.id };
      await given(deletion);
      expect(await commit({ guards: [guard] })).toEqual({ kind: 'guard-failed', guard });
      expect(await commit({ changes: [deletion] })).toEqual({
        kind: 'not-found',
        what: 'credential',
      });
    });
  });
}
