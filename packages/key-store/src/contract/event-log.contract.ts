import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import type { NewEvent } from '../records.ts';
import type { ContractContext } from './context.ts';

export function describeEventLog(context: ContractContext): void {
  const { commit, inNewStore, openStore, store } = context;

  describe('the event log', () => {
    it('gives events sequences in the order of their units and within them', async () => {
      const before = await store().lastEventSequence();
      const events = Array.from({ length: 30 }, () => anEvent({ adapterId: 'a' }));
      const outcomes = await Promise.all(pairs(events).map((pair) => commit({ events: pair })));
      expect(outcomes).toEqual(
        outcomes.map((_, position) => ({
          kind: 'committed',
          lastSequence: before + 2 * (position + 1),
        })),
      );
      const log = await store().listEvents({ afterSequence: before, limit: 100 });
      expect(log).toEqual(
        events.map((event, position) => ({
          ...event,
          sequence: before + position + 1,
          body: expect.stringContaining(event.id),
        })),
      );
    });

    it('chains each event to the one before, whatever units are refused in between', async () => {
      await inNewStore(async (own) => {
        const taken = anEvent();
        const bodies = ['{}', '{"text":"\u2028 \ud83d\udd11 ü"}', '{"a":{"log":1}}'];
        await own.commit(aUnit({ events: [taken] }));
        const [first, refused, ...others] = await Promise.allSettled([
          own.commit(aUnit({ events: bodies.slice(0, 2).map((body) => anEvent({ body })) })),
          own.commit(aUnit({ events: [anEvent(), taken] })),
          own.commit(aUnit({ events: bodies.slice(2).map((body) => anEvent({ body })) })),
        ]);
        expect([first, refused, ...others].map(({ status }) => status)).toEqual([
          'fulfilled',
          'rejected',
          'fulfilled',
        ]);

        const { node } = await own.readLogExtent();
        const log = await own.listEvents({ afterSequence: 0, limit: 9 });
        let previousHash = '0'.repeat(64);
        for (const [position, { sequence, body }] of log.entries()) {
          expect(sequence).toBe(position + 1);
          const { log: place, ...event } = JSON.parse(body);
          expect(place).toStrictEqual({ node, sequence, previousHash });
          const before = [taken.body, ...bodies][position] ?? '';
          expect(event).toEqual(JSON.parse(before));
          expect(body.startsWith(before.slice(0, -1))).toBe(true);
          previousHash = createHash('sha256').update('\0').update(body).digest('hex');
          const leaf = await own.leafHashes(sequence, 1);
          expect(Buffer.from(leaf).toString('hex')).toBe(previousHash);
        }
        expect(await own.leafHashes(2, 100)).toHaveLength(3 * 32);
        expect(await own.leafHashes(5, 1)).toHaveLength(0);
      });
    });

    it.each([
      ['no object', '[]'],
      ['not closed', '{"a":1'],
      ['empty', ''],
      ['two lines', '{"a":\n1}'],
    ])('refuses an event whose body is %s', async (_name, body) => {
      await expect(commit({ events: [anEvent({ body })] })).rejects.toMatchObject({
        code: 'invalid',
      });
    });

    it('finds an event by its id', async () => {
      const event = anEvent({ adapterId: 'a' });
      await commit({ events: [event] });
      const { id, action, adapterId } = event;
      expect(await store().findEvent(id)).toMatchObject({ id, action, adapterId });
      expect(await store().findEvent('nobody')).toBeUndefined();
    });

    it('lists events after a sequence, up to a limit', async () => {
      const before = await store().lastEventSequence();
      await commit({ events: [anEvent(), anEvent({ correlationId: 'c' }), anEvent()] });
      const page = await store().listEvents({ afterSequence: before + 1, limit: 1 });
      expect(page.map(({ sequence, correlationId }) => [sequence, correlationId])).toEqual([
        [before + 2, 'c'],
      ]);
      expect(await store().listEvents({ afterSequence: before + 3, limit: 10 })).toEqual([]);
    });

    it('answers the newest sequence to a unit without events', async () => {
      await commit({ events: [anEvent()] });
      const lastSequence = await store().lastEventSequence();
      expect(await commit({})).toEqual({ kind: 'committed', lastSequence });
    });

    it('starts with 0 in an empty store', async () => {
      const empty = await openStore();
      try {
        expect(await empty.lastEventSequence()).toBe(0);
        expect(await empty.commit(aUnit())).toEqual({ kind: 'committed', lastSequence: 0 });
        expect(await empty.commit(aUnit({ events: [anEvent()] }))).toEqual({
          kind: 'committed',
          lastSequence: 1,
        });
      } finally {
        await empty.close();
      }
    });
  });
}

function pairs(events: readonly NewEvent[]): readonly (readonly NewEvent[])[] {
  return events.flatMap((event, position) => {
    const next = events[position + 1];
    return position % 2 === 0 && next !== undefined ? [[event, next]] : [];
  });
}
