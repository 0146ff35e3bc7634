import { StoreError, type UnitOfWork } from '@claviger/key-store';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { describe, expect, it } from 'vitest';
import { createReadinessChecks, READINESS_SETTING } from './readiness.ts';

type Step = 'wrap' | 'unwrap' | 'write';

function aRig() {
  const store = createMemoryKeyStore();
  let [milliseconds, wraps, writes] = [0, 0, 0];
  let failure: { readonly of: Step; readonly error: Error } | undefined;
  const failAt = (step: Step) => {
    if (failure?.of === step) throw failure.error;
  };
  const checks = createReadinessChecks({
    store: {
      async commit(unit: UnitOfWork) {
        writes += 1;
        failAt('write');
        return await store.commit(unit);
      },
    },
    master: {
      wrap(bytes) {
        wraps += 1;
        failAt('wrap');
        return bytes;
      },
      unwrap(bytes) {
        failAt('unwrap');
        return bytes;
      },
    },
    isListening: () => true,
    now: () => Date.UTC(2026, 4, 6) + milliseconds,
    monotonicNow: () => milliseconds,
  });
  return {
    store,
    ask: (name: string) => checks[name]?.(),
    later: (by: number) => {
      milliseconds += by;
    },
    fail: (of?: Step) => {
      const error = new StoreError('unavailable', 'The disk is full.');
      failure = of && { of, error };
    },
    counts: () => ({ wraps, writes }),
  };
}

describe('readiness', () => {
  it('is one write that is kept, and one wrap', async () => {
    const rig = aRig();
    await rig.ask('store');
    await rig.ask('masterKey');
    expect(await rig.store.readSetting(READINESS_SETTING)).toBe('2026-05-06T00:00:00.000Z');
    expect(rig.counts()).toEqual({ wraps: 1, writes: 1 });
    expect(await rig.store.lastEventSequence()).toBe(0);
  });

  it('does the work once a second, however many ask', async () => {
    const rig = aRig();
    await Promise.all(Array.from({ length: 50 }, () => rig.ask('store')));
    rig.later(999);
    await rig.ask('store');
    expect(rig.counts().writes).toBe(1);
    rig.later(1);
    await rig.ask('store');
    expect(rig.counts().writes).toBe(2);
  });

  it.each([
    ['wrap', 'masterKey'],
    ['unwrap', 'masterKey'],
    ['write', 'store'],
  ] as const)(
    'fails for a second when it cannot %s, by its check %s, then tries anew',
    async (step, name) => {
      const rig = aRig();
      rig.fail(step);
      await expect(rig.ask(name)).rejects.toThrow('The disk is full.');
      rig.fail();
      await expect(rig.ask(name)).rejects.toThrow('The disk is full.');
      rig.later(1000);
      await expect(rig.ask(name)).resolves.toBeUndefined();
    },
  );
});
