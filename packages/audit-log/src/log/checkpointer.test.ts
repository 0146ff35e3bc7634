import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../audit-log.fixtures.ts';
import { restoreFrontier } from '../merkle/frontier.ts';
import { createCheckpointer } from './checkpointer.ts';
import { makeCheckpoint } from './make-checkpoint.ts';

function aRig() {
  const log = createMemoryLog();
  const failures: unknown[] = [];
  let now = 1_000_000;
  let isStopped = false;
  let broken: Error | undefined;
  let look = async () => {};
  const checkpointer = createCheckpointer({
    lastSequence: async () => {
      if (broken !== undefined) throw broken;
      return log.lines.length;
    },
    seal: async () => (await makeCheckpoint(log.store, log.signer, now))?.size,
    now: () => now,
    every: (_intervalMs, work) => {
      look = work;
      return () => {
        isStopped = true;
      };
    },
    onFailure: (error) => failures.push(error),
    maxEvents: 100,
    maxAgeMs: 60_000,
  });
  checkpointer.start();
  return {
    log,
    failures,
    checkpointer,
    isStopped: () => isStopped,
    fail: (error: Error | undefined) => {
      broken = error;
    },
    async lookAfter(ms: number) {
      now += ms;
      await look();
    },
    sizes: () => log.checkpoints.map(({ size }) => size),
  };
}

describe('the checkpointer', () => {
  it('seals after so many events, or so much time, and not without new events', async () => {
    const rig = aRig();
    await rig.lookAfter(1_000);
    expect(rig.sizes()).toEqual([]);
    rig.log.append(1);
    await rig.lookAfter(1_000);
    expect(rig.sizes()).toEqual([1]);
    rig.log.append(99);
    await rig.lookAfter(1_000);
    expect(rig.sizes()).toEqual([1]);
    rig.log.append(1);
    await rig.lookAfter(1_000);
    expect(rig.sizes()).toEqual([1, 101]);
    rig.log.append(1);
    await rig.lookAfter(59_999);
    expect(rig.sizes()).toEqual([1, 101]);
    await rig.lookAfter(1);
    await rig.lookAfter(90_000);
    expect(rig.sizes()).toEqual([1, 101, 102]);
  });

  it('seals what is left when it is closed, even at once', async () => {
    const rig = aRig();
    rig.log.append(3);
    await rig.checkpointer.close();
    expect([rig.sizes(), rig.isStopped()]).toEqual([[3], true]);
  });

  it('tells of a failure, and tries again', async () => {
    const rig = aRig();
    rig.log.append(3);
    rig.fail(new Error('down'));
    await rig.lookAfter(1_000);
    expect(rig.failures).toMatchObject([{ message: 'down' }]);
    rig.fail(undefined);
    await rig.lookAfter(1_000);
    expect(rig.sizes()).toEqual([3]);
  });
});

describe('a checkpoint', () => {
  it('is not made over a tree that is not the one that was signed', async () => {
    const log = createMemoryLog();
    log.append(4);
    const { frontier, ...kept } = await log.seal();
    log.append(1);
    const changed = { ...kept, frontier: restoreFrontier(4, frontier).toBytes().fill(1) };
    const store = { ...log.store, newestCheckpoint: async () => changed };
    await expect(makeCheckpoint(store, log.signer, 0)).rejects.toMatchObject({
      code: 'contradiction',
    });
  });

  it('is not made when the hash of an event is missing', async () => {
    const log = createMemoryLog();
    log.append(4);
    const store = { ...log.store, extent: async () => ({ node: 'x', first: 1, last: 5 }) };
    await expect(makeCheckpoint(store, log.signer, 0)).rejects.toThrow(/event 5/);
  });
});
