/**
 * Fills a store with events and says how long searches take:
 * `npx tsx --conditions=@claviger/source scripts/measure-event-search.ts 1000000 /var/tmp/events.db`. A store that
 * is there is measured as it is.
 */
import { parseArgs } from 'node:util';
import {
  type EventSearch,
  type NewEvent,
  openSqliteKeyStore,
} from '../packages/key-store/src/index.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [count = '1000000', path = 'events.db'] = positionals;
const total = Number(count);
const UNIT = 5_000;
const CRN = 'crn:v1:bluemix:local:hs-crypto:local:a/00000000000000000000000000000000:one';
const ACTIONS = ['create', 'read', 'destroy', 'activate', 'revoke'] as const;
const BEGIN = Date.UTC(2026, 0, 1);

function eventAt(position: number): NewEvent {
  const action = `hs-crypto.kmip-key.${ACTIONS[position % 100 < 90 ? 1 : position % ACTIONS.length]}`;
  const isFailure = position % 1_000 === 7;
  const event = {
    action,
    outcome: isFailure ? 'failure' : 'success',
    severity: isFailure ? 'critical' : 'normal',
    initiatorId: `CertificateID-${position % 40}`,
    targetId: `${CRN}:kmip_object:object-${position % 50_000}`,
  };
  return {
    ...event,
    id: `event-${position}`,
    time: BEGIN + position * 100,
    adapterId: `adapter-${position % 20}`,
    correlationId: `message-${Math.floor(position / 2)}`,
    // As large as events are.
    body: JSON.stringify({ ...event, message: 'x'.repeat(900) }),
  };
}

const store = await openSqliteKeyStore({ path });
const filled = await store.lastEventSequence();
const beganAt = performance.now();
for (let at = filled; at < total; at += UNIT) {
  const events = Array.from({ length: Math.min(UNIT, total - at) }, (_, index) =>
    eventAt(at + index),
  );
  await store.commit({ guards: [], changes: [], events });
}
const seconds = (performance.now() - beganAt) / 1_000;
process.stdout.write(`${total - filled} events written in ${seconds.toFixed(1)} s\n`);

const SEARCHES: Readonly<Record<string, Partial<EventSearch>>> = {
  'the newest': {},
  'an action': { actions: ['hs-crypto.kmip-key.destroy'] },
  'rare failures of an initiator': { outcomes: ['failure'], initiatorId: 'CertificateID-7' },
  'an adapter, critical': { adapterId: 'adapter-7', severities: ['critical'] },
  'one object': { targetId: 'object-4711' },
  'one message': { correlationId: 'message-12345' },
  'an hour, long ago': {
    since: BEGIN + 3_600_000,
    until: BEGIN + 7_200_000,
    outcomes: ['failure'],
  },
  'nothing at all': { initiatorId: 'nobody', severities: ['critical'] },
};
const TRIES = 20;
for (const [name, search] of Object.entries(SEARCHES)) {
  const times: number[] = [];
  let found = 0;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const at = performance.now();
    found = (await store.queryEvents({ ...search, limit: 50 })).events.length;
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  const [median = 0, longest = 0] = [times[TRIES / 2], times.at(-1)];
  process.stdout.write(
    `${name.padEnd(30)} ${String(found).padStart(3)} found, median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms\n`,
  );
}
await store.close();
