import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { storedObjects } from '@claviger/kmip-server';
import { expect, it } from 'vitest';
import { createObjectCounts } from './object-counts.ts';

const NOTHING = {
  PreActive: 0,
  Active: 0,
  Deactivated: 0,
  Compromised: 0,
  Destroyed: 0,
  DestroyedCompromised: 0,
};

function aRig() {
  let [milliseconds, asked] = [0, 0];
  let takesMs = 0;
  let isBroken = false;
  const memory = createMemoryKeyStore();
  const counts = createObjectCounts({
    store: {
      async listAdapters() {
        asked += 1;
        milliseconds += takesMs;
        if (isBroken) throw new Error('closed');
        return await memory.listAdapters();
      },
      listObjectSummaries: memory.listObjectSummaries.bind(memory),
    },
    whereState: storedObjects.whereState,
    now: () => 0,
    monotonicNow: () => milliseconds,
  });
  return {
    /** What is told now, once what it has begun has ended. */
    async latest() {
      const told = counts.latest();
      await new Promise((resolve) => setImmediate(resolve));
      return told;
    },
    later: (by: number) => {
      milliseconds += by;
    },
    takes: (ms: number) => {
      takesMs = ms;
    },
    break: () => {
      isBroken = true;
    },
    asked: () => asked,
  };
}

it('tells what was counted last, and counts once a minute', async () => {
  const rig = aRig();
  expect(await rig.latest()).toBeUndefined();
  expect(await rig.latest()).toEqual(NOTHING);
  rig.later(59_999);
  await rig.latest();
  expect(rig.asked()).toBe(1);
  rig.later(1);
  await rig.latest();
  expect(rig.asked()).toBe(2);
});

it('counts less often where it takes long', async () => {
  const rig = aRig();
  rig.takes(3000);
  await rig.latest();
  rig.later(599_000);
  await rig.latest();
  expect(rig.asked()).toBe(1);
  rig.later(1000);
  await rig.latest();
  expect(rig.asked()).toBe(2);
});

it('tells nothing while the store does not answer', async () => {
  const rig = aRig();
  rig.break();
  await rig.latest();
  expect(await rig.latest()).toBeUndefined();
});
