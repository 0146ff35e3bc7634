import { describe, expect, it } from 'vitest';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import type { ContractContext } from './context.ts';

export function describeClosing(context: ContractContext): void {
  const { openStore } = context;

  describe('closing', () => {
    it('finishes what was begun, then refuses everything as unavailable', async () => {
      const closing = await openStore();
      const begun = Array.from({ length: 50 }, () =>
        closing.commit(aUnit({ events: [anEvent()] })),
      );
      const read = closing.lastEventSequence();
      const located = closing.locateObjects('nobody', {
        where: {
          kind: 'and',
          of: ['a', 'b'].map((name) => ({ kind: 'equals', name, value: 1 }) as const),
        },
        offset: 0,
        limit: 1,
      });
      await Promise.all([closing.close(), closing.close()]);
      const outcomes = await Promise.all(begun);
      expect(outcomes.every(({ kind }) => kind === 'committed')).toBe(true);
      expect(await read).toBeGreaterThanOrEqual(0);
      expect(await located).toEqual({ ids: [], total: 0 });
      const refusal = { name: 'StoreError', code: 'unavailable' };
      await expect(closing.commit(aUnit())).rejects.toMatchObject(refusal);
      await expect(closing.lastEventSequence()).rejects.toMatchObject(refusal);
      await expect(closing.initialiseSetting('a', 'b')).rejects.toMatchObject(refusal);
    });
  });
}
