import { describe, expect, it } from 'vitest';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import type { CheckpointRecord } from '../log-records.ts';
import { BLOCK_EVENTS } from '../positions.ts';
import type { KeyStore } from '../store.ts';
import type { ContractContext } from './context.ts';

export function describeCheckpoints(context: ContractContext): void {
  const { inNewStore, store, commit } = context;

  describe('checkpoints of the log', () => {
    it('are kept in the order of their sizes', async () => {
      await inNewStore(async (own) => {
        expect(await own.newestCheckpoint()).toBeUndefined();
        await givenEvents(own, 9);
        const checkpoints = [2, 5, 9].map((size) => aCheckpoint(size, size === 5));
        for (const checkpoint of checkpoints) {
          expect(await append(own, checkpoint)).toMatchObject({ kind: 'committed' });
        }
        expect(await own.newestCheckpoint()).toEqual(checkpoints[2]);
        expect(await own.listCheckpoints({ afterSize: 0, limit: 9 })).toEqual(checkpoints);
        expect(await own.listCheckpoints({ afterSize: 2, limit: 1 })).toEqual([checkpoints[1]]);
        const successions = { afterSize: 0, limit: 9, successionsOnly: true };
        expect(await own.listCheckpoints(successions)).toEqual([checkpoints[1]]);
      });
    });

    it('conflict when they are no larger than the newest, or larger than the log', async () => {
      await inNewStore(async (own) => {
        await givenEvents(own, 3);
        await append(own, aCheckpoint(2));
        for (const size of [1, 2, 4]) {
          expect(await append(own, aCheckpoint(size))).toEqual({
            kind: 'conflict',
            id: `checkpoint ${size}`,
          });
        }
      });
    });

    it('can be guarded by the value of a setting', async () => {
      const name = 'signing key';
      const guard = (value: string | undefined) => ({ kind: 'setting-is', name, value }) as const;
      const change = { kind: 'replace-setting', name, value: 'new' } as const;
      await inNewStore(async (own) => {
        const failed = await own.commit(aUnit({ guards: [guard('old')], changes: [change] }));
        expect(failed).toEqual({ kind: 'guard-failed', guard: guard('old') });
        expect(
          await own.commit(aUnit({ guards: [guard(undefined)], changes: [change] })),
        ).toMatchObject({ kind: 'committed' });
        expect(await own.commit(aUnit({ guards: [guard('new')] }))).toMatchObject({
          kind: 'committed',
        });
        expect(await own.commit(aUnit({ guards: [guard(undefined)] }))).toMatchObject({
          kind: 'guard-failed',
        });
      });
    });
  });

  describe('the cursor of a sink', () => {
    it('is what was written last, until it is deleted', async () => {
      await inNewStore(async (own) => {
        expect(await own.readSinkCursor('splunk')).toBeUndefined();
        await own.writeSinkCursor('splunk', 7, 1_000);
        await own.writeSinkCursor('kafka', 3, 1_500);
        await own.writeSinkCursor('splunk', 9, 2_000);
        const splunk = { name: 'splunk', sequence: 9, updatedAt: 2_000 };
        expect(await own.readSinkCursor('splunk')).toEqual(splunk);
        expect((await own.listSinkCursors()).map(({ name }) => name)).toEqual(['kafka', 'splunk']);
        await own.commit(aUnit({ changes: [{ kind: 'delete-sink-cursor', name: 'kafka' }] }));
        expect(await own.listSinkCursors()).toEqual([splunk]);
      });
    });

    it('is refused when it is no place in a log', async () => {
      await expect(store().writeSinkCursor('s', -1, 0)).rejects.toMatchObject({ code: 'invalid' });
      await expect(store().writeSinkCursor('\0', 1, 0)).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  describe('old events', () => {
    it('stay until a checkpoint covers them and every sink was served them', async () => {
      await inNewStore(async (own) => {
        await givenEvents(own, BLOCK_EVENTS + 10);
        const forget = () => own.commit(aUnit({ changes: [forgetting(BLOCK_EVENTS + 5)] }));
        const inUse = { kind: 'in-use', what: 'events' };
        expect(await forget()).toEqual(inUse);
        await append(own, aCheckpoint(BLOCK_EVENTS + 7));
        await own.writeSinkCursor('slow', BLOCK_EVENTS, 0);
        await own.writeSinkCursor('fast', BLOCK_EVENTS + 9, 0);
        expect(await forget()).toEqual(inUse);
        await own.writeSinkCursor('slow', BLOCK_EVENTS + 5, 0);
        expect(await forget()).toMatchObject({ kind: 'committed' });
      });
    });

    it('go in whole blocks, and leave their hashes and the numbering', async () => {
      await inNewStore(async (own) => {
        await givenEvents(own, 2 * BLOCK_EVENTS + 10);
        const size = 2 * BLOCK_EVENTS + 10;
        await append(own, aCheckpoint(size));
        const hashes = await own.leafHashes(1, size);
        await own.commit(aUnit({ changes: [forgetting(BLOCK_EVENTS + 5)] }));
        const { firstSequence, lastSequence } = await own.readLogExtent();
        expect([firstSequence, lastSequence]).toEqual([BLOCK_EVENTS + 1, size]);
        expect(await own.leafHashes(1, size)).toEqual(hashes);
        const [oldest] = await own.listEvents({ afterSequence: 0, limit: 1 });
        expect(oldest?.sequence).toBe(BLOCK_EVENTS + 1);
        const all = await own.queryEvents({ order: 'oldest-first', limit: 10_000 });
        expect(all.events.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: BLOCK_EVENTS + 10 }, (_, index) => BLOCK_EVENTS + 1 + index),
        );
        await own.commit(aUnit({ changes: [forgetting(size)] }));
        expect(await own.commit(aUnit({ events: [anEvent()] }))).toMatchObject({
          lastSequence: size + 1,
        });
        expect(await own.readLogExtent()).toMatchObject({ firstSequence: 2 * BLOCK_EVENTS + 1 });
      });
    });

    it('cannot be deleted where there are none', async () => {
      expect(await commit({ changes: [forgetting(0)] })).toMatchObject({ kind: 'committed' });
    });
  });
}

function forgetting(upTo: number) {
  return { kind: 'forget-events', upTo } as const;
}

async function givenEvents(store: KeyStore, count: number): Promise<void> {
  const events = Array.from({ length: count }, () => anEvent());
  expect(await store.commit(aUnit({ events }))).toMatchObject({ kind: 'committed' });
}

function append(store: KeyStore, checkpoint: CheckpointRecord) {
  return store.commit(aUnit({ changes: [{ kind: 'append-checkpoint', checkpoint }] }));
}

function aCheckpoint(size: number, isSuccession = false): CheckpointRecord {
  const note = `log\n${size}\n`;
  return { size, note, frontier: Uint8Array.of(size), isSuccession, createdAt: 1_000 + size };
}
