import { describe, expect, it } from 'vitest';
import type { ContractContext } from './context.ts';

export function describeSettings(context: ContractContext): void {
  const { store } = context;

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
  });
}
