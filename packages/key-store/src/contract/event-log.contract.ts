import { describe, expect, it } from 'vitest';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import type { NewEvent } from '../records.ts';
import type { ContractContext } from './context.ts';

export function describeEventLog(context: ContractContext): void {
  const { commit, openStore, store } = context;

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
        events.map((event, position) => ({ ...event, sequence: before + position + 1 })),
      );
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
