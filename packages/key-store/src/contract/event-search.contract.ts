import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventSearch, matchesSearch } from '../event-search.ts';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import { BLOCK_EVENTS } from '../positions.ts';
import type { NewEvent } from '../records.ts';
import type { KeyStore } from '../store.ts';
import type { ContractContext } from './context.ts';

/** Two full blocks, and some events that are in no block yet. */
const COUNT = 2 * BLOCK_EVENTS + 100;
const CRN = 'crn:v1:bluemix:public:hs-crypto:eu-de:a/1:2';

/** Frequent and rare values in every mixture; the clock jumps back once. */
function anEventAt(position: number): NewEvent {
  return anEvent({
    time: 1_000_000 + position * 10 - (position === 1_500 ? 9_000 : 0),
    action: position % 7 === 0 ? 'kms.secrets.delete' : 'kms.secrets.create',
    outcome: position % 50 === 3 ? 'failure' : 'success',
    severity: ['normal', 'warning', 'critical'][position % 3] ?? 'normal',
    initiatorId: `CertificateID-${position % 4}`,
    targetId: `${CRN}:kmip_object:object-${position % 600}`,
    adapterId: position % 2 === 0 ? 'adapter-a' : null,
    correlationId: `message-${Math.floor(position / 2)}`,
    body: JSON.stringify({ message: position === 42 ? 'The ÄNSWER' : 'nothing' }),
  });
}

export function describeEventSearch(context: ContractContext): void {
  describe('a search of events', () => {
    let store: KeyStore;
    beforeAll(async () => {
      store = await context.openStore();
      const events = Array.from({ length: COUNT }, (_, position) => anEventAt(position));
      for (let at = 0; at < COUNT; at += 700) {
        await store.commit(aUnit({ events: events.slice(at, at + 700) }));
      }
    });
    afterAll(() => store.close());

    const searches: readonly (readonly [string, Partial<EventSearch>])[] = [
      ['everything', {}],
      ['an action', { actions: ['kms.secrets.delete'] }],
      ['one of two actions', { actions: ['kms.secrets.delete', 'kms.secrets.create', 'no'] }],
      ['no action', { actions: [] }],
      ['an action that never was', { actions: ['no'] }],
      ['a rare outcome with a severity', { outcomes: ['failure'], severities: ['critical'] }],
      ['an initiator', { initiatorId: 'CertificateID-2' }],
      ['a target by its CRN', { targetId: `${CRN}:kmip_object:object-7` }],
      ['a target by its id', { targetId: 'object-7' }],
      ['a target of another instance', { targetId: 'crn:other:object-7' }],
      ['an adapter', { adapterId: 'adapter-a', severities: ['normal', 'warning'] }],
      ['a message', { correlationId: 'message-700' }],
      ['what never meets', { adapterId: 'adapter-a', correlationId: 'message-x' }],
      ['a time', { since: 1_004_000, until: 1_006_010 }],
      ['a time with an outcome', { since: 1_005_000, outcomes: ['failure'] }],
      ['a time before everything', { until: 999 }],
      ['a text, whatever its case', { text: 'änswer' }],
      ['a text with wildcards', { text: '%' }],
      ['between two cursors', { afterSequence: 1_000, beforeSequence: 1_030 }],
    ];

    it.each(searches)('finds %s, from the newest and from the oldest', async (_name, search) => {
      const log = await store.listEvents({ afterSequence: 0, limit: COUNT });
      const { afterSequence = 0, beforeSequence = Infinity } = search;
      const expected = log
        .filter((event) => matchesSearch(event, { limit: 1, ...search }))
        .map(({ sequence }) => sequence)
        .filter((sequence) => sequence > afterSequence && sequence < beforeSequence);
      const newest = await store.queryEvents({ ...search, limit: 5_000 });
      expect(newest.events.map(({ sequence }) => sequence)).toEqual(expected.toReversed());
      expect(newest.nextSequence).toBeUndefined();
      const oldest = await store.queryEvents({ ...search, order: 'oldest-first', limit: 5_000 });
      expect(oldest.events.map(({ sequence }) => sequence)).toEqual(expected);
    });

    it.each(['newest-first', 'oldest-first'] as const)(
      'is answered page by page, %s',
      async (order) => {
        const search: EventSearch = { order, limit: 40, actions: ['kms.secrets.delete'] };
        const found: number[] = [];
        let cursor: number | undefined;
        do {
          const from =
            order === 'newest-first' ? { beforeSequence: cursor } : { afterSequence: cursor };
          const page = await store.queryEvents({ ...search, ...from });
          expect(page.events.length).toBeLessThanOrEqual(40);
          found.push(...page.events.map(({ sequence }) => sequence));
          cursor = page.nextSequence;
        } while (cursor !== undefined);
        expect(found).toHaveLength(Math.ceil(COUNT / 7));
        expect(new Set(found).size).toBe(found.length);
        expect(found.toSorted((a, b) => (order === 'newest-first' ? b - a : a - b))).toEqual(found);
      },
    );

    it.each([
      ['a limit of 0', { limit: 0 }],
      ['a limit beyond bounds', { limit: 10_001 }],
      ['a time that is no number', { limit: 1, since: Number.NaN }],
      ['too many actions', { limit: 1, actions: Array.from({ length: 129 }, () => 'a') }],
      ['a very long text', { limit: 1, text: 'x'.repeat(257) }],
    ])('refuses %s', async (_name, search) => {
      await expect(store.queryEvents(search)).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}
