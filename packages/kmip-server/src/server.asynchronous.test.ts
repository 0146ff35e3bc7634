import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '@claviger/key-store';
import { describe, expect, it } from 'vitest';
import { createQueueWorker } from './asynchronous/queue-worker.ts';
import { startMessageRig } from './batch/message-rig.fixtures.ts';
import { createCollectingLog } from './collecting-log.fixtures.ts';
import { create } from './requests.fixtures.ts';

const header = { asynchronousIndicator: true } as const;

describe('the work on asynchronous requests', () => {
  it('is done by itself once the processor is started', async () => {
    const rig = await startMessageRig({ asynchronousDelayMs: 1 });
    await rig.start();
    await rig.send('1.4', [create()], { header });
    await expect.poll(() => rig.countObjects(), { timeout: 60_000 }).toBe(1);
    await rig.stop();
  });

  it('is taken up again from what an earlier process has left', async () => {
    const rig = await startMessageRig({ asynchronousDelayMs: 1 });
    await rig.send('1.4', [create()], { header });
    await sleep(20);
    expect(await rig.countObjects()).toBe(0);
    await rig.start();
    await expect.poll(() => rig.countObjects(), { timeout: 60_000 }).toBe(1);
    await rig.stop();
  });

  it('stops with the processor, and what waits stays', async () => {
    const rig = await startMessageRig({ asynchronousDelayMs: 1 });
    await rig.start();
    await rig.stop();
    await rig.send('1.4', [create()], { header });
    await sleep(20);
    expect(await rig.countObjects()).toBe(0);
    expect(await rig.store.listWaitingRequests()).toHaveLength(1);
  });

  it('is not waited for longer than is allowed', async () => {
    const rig = await startMessageRig();
    await rig.send('1.4', [create()], { header });
    const [request] = await rig.store.listWaitingRequests();
    if (request === undefined) throw new Error('Nothing waits.');
    let end = () => {};
    const worker = createQueueWorker({
      store: rig.store,
      log: createCollectingLog(),
      workOn: () =>
        new Promise((resolve) => {
          end = () => resolve(true);
        }),
      delayMs: 1,
      waitMs: 5,
    });
    await worker.finish(request.adapterId, request.id);
    end();
    await worker.stop();
  });

  it('is worked on though one before it is damaged, but not while the store fails', async () => {
    const rig = await startMessageRig();
    for (let count = 0; count < 3; count++) await rig.send('1.4', [create()], { header });
    const [first, , last] = await rig.store.listWaitingRequests();
    if (first === undefined || last === undefined) throw new Error('Three requests wait.');
    const worked: string[] = [];
    let failure: Error = new TypeError('not what this version wrote');
    const log = createCollectingLog();
    const worker = createQueueWorker({
      store: rig.store,
      log,
      workOn: async ({ id }) => {
        if (id === first.id) throw failure;
        worked.push(id);
        return true;
      },
      delayMs: 1,
      waitMs: 10_000,
    });
    await worker.finish(last.adapterId, last.id);
    expect(worked).toHaveLength(2);
    failure = new StoreError('unavailable', 'the disk is full');
    await worker.finish(last.adapterId, last.id);
    expect(worked).toHaveLength(2);
    await worker.stop();
  });
});
