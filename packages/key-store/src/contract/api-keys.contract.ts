import { describe, expect, it } from 'vitest';
import { anApiKey } from '../key-store.fixtures.ts';
import type { Change } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeApiKeys(context: ContractContext): void {
  const { commit, given, store } = context;

  describe('API keys', () => {
    it('come back as they were', async () => {
      const frame = Uint8Array.from({ length: 64 }, (_, position) => position);
      const apiKey = anApiKey({ createdBy: 'IBMid-a', salt: frame.subarray(8, 12) });
      await given({ kind: 'insert-api-key', apiKey });
      const found = await store().findApiKey(apiKey.id);
      expect(found).toStrictEqual({ ...apiKey, salt: Uint8Array.of(8, 9, 10, 11) });
      expect(found?.salt.buffer.byteLength).toBe(4);
      expect(await store().findApiKey('nobody')).toBeUndefined();
    });

    it('are listed in the order of creation, revoked ones too', async () => {
      const [late, early] = [anApiKey({ createdAt: 2_000 }), anApiKey({ createdAt: 1_000 })];
      await given(
        { kind: 'insert-api-key', apiKey: late },
        { kind: 'insert-api-key', apiKey: early },
        { kind: 'revoke-api-key', id: early.id, by: { at: 3_000, actor: 'IBMid-b' } },
      );
      const listed = await store().listApiKeys();
      expect(listed.filter(({ id }) => id === late.id || id === early.id)).toEqual([
        { ...early, revokedAt: 3_000, revokedBy: 'IBMid-b' },
        late,
      ]);
    });

    it('are revoked once, for good', async () => {
      const apiKey = anApiKey();
      const revocation: Change = { kind: 'revoke-api-key', id: apiKey.id, by: { at: 3_000 } };
      expect(await commit({ changes: [revocation] })).toEqual({
        kind: 'not-found',
        what: 'api-key',
      });
      await given({ kind: 'insert-api-key', apiKey }, revocation);
      expect(await commit({ changes: [{ ...revocation, by: { at: 4_000 } }] })).toEqual({
        kind: 'conflict',
        id: apiKey.id,
      });
      expect(await store().findApiKey(apiKey.id)).toMatchObject({
        revokedAt: 3_000,
        revokedBy: null,
      });
      expect(await commit({ changes: [{ kind: 'insert-api-key', apiKey }] })).toEqual({
        kind: 'duplicate',
        what: 'api-key',
      });
    });
  });
}
