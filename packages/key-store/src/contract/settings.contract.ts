import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ContractContext } from './context.ts';

export function describeSettings(context: ContractContext): void {
  const { commit, given, store } = context;

  describe('settings', () => {
    it('sets a setting once and answers what stands', async () => {
      expect(await store().readSetting('contract')).toBeUndefined();
      expect(await store().initialiseSetting('contract', 'first')).toBe('first');
      expect(await store().initialiseSetting('contract', 'second')).toBe('first');
      expect(await store().readSetting('contract')).toBe('first');
      await expect(store().initialiseSetting('contract', '\0')).rejects.toMatchObject({
        code: 'invalid',
      });
    });

    it('replaces a value in a unit of work, or leaves it with the unit', async () => {
      const name = `replaced ${randomUUID()}`;
      await given({ kind: 'replace-setting', name, value: 'first' });
      await given({ kind: 'replace-setting', name, value: 'second' });
      expect(await store().readSetting(name)).toBe('second');
      expect(await store().initialiseSetting(name, 'third')).toBe('second');
      const outcome = await commit({
        changes: [
          { kind: 'replace-setting', name, value: 'fourth' },
          { kind: 'delete-certificate', id: 'nobody' },
        ],
      });
      expect(outcome).toMatchObject({ kind: 'not-found' });
      expect(await store().readSetting(name)).toBe('second');
    });
  });
}
