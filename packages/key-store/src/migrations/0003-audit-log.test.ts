/** What becomes of the log of version 2, in which events were not chained. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chainEvent, EMPTY_CHAIN } from '../chain-event.ts';
import { anEvent, aUnit } from '../key-store.fixtures.ts';
import { migrate } from '../migrate.ts';
import { BLOCK_EVENTS } from '../positions.ts';
import { openSqliteDatabase } from '../sqlite-driver.ts';
import { openSqliteKeyStore } from '../sqlite-store.ts';
import { temporaryDirectory } from '../temporary-directory.fixtures.ts';
import { initial } from './0001-initial.ts';
import { management } from './0002-management.ts';

const COUNT = BLOCK_EVENTS + 300;
const EVENTS = Array.from({ length: COUNT }, (_, position) =>
  anEvent({
    time: 5_000 + position,
    action: position === 3 ? 'rare' : 'frequent',
    body: JSON.stringify({ position, text: 'ü' }),
  }),
);

async function aDatabaseOfVersion2(bodyOf: (position: number) => string): Promise<string> {
  const path = join(await temporaryDirectory(), 'a.db');
  writeFileSync(path, '');
  const database = openSqliteDatabase(path, { readOnly: false });
  migrate(database, [initial, management], 1_000);
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  database.exec('BEGIN');
  EVENTS.forEach((it, position) => {
    insert.run([
      position + 1,
      it.id,
      it.time,
      it.action,
      it.outcome,
      it.severity,
      it.initiatorId,
      it.targetId,
      it.adapterId,
      it.correlationId,
      bodyOf(position),
    ]);
  });
  database.exec('COMMIT');
  database.close();
  return path;
}

describe('a log of version 2', () => {
  it('is chained from its first event on, goes on from there, and can be searched', async () => {
    const path = await aDatabaseOfVersion2((position) => EVENTS[position]?.body ?? '');
    const store = await openSqliteKeyStore({ path });
    onTestFinished(() => store.close());
    const added = anEvent();
    await store.commit(aUnit({ events: [added] }));

    const { node, firstSequence, lastSequence } = await store.readLogExtent();
    expect([firstSequence, lastSequence]).toEqual([1, COUNT + 1]);
    const log = await store.listEvents({ afterSequence: 0, limit: COUNT + 1 });
    let head = EMPTY_CHAIN;
    for (const [position, event] of [...EVENTS, added].entries()) {
      const chained = chainEvent(event.body, node, head);
      expect(log[position]).toEqual({ ...event, sequence: position + 1, body: chained.line });
      expect(await store.leafHashes(position + 1, 1)).toEqual(chained.leafHash);
      head = chained;
    }
    const { events } = await store.queryEvents({ limit: 9, actions: ['rare'] });
    expect(events.map(({ sequence }) => sequence)).toEqual([4]);
  });

  it('is refused, and left alone, when one of its events is none', async () => {
    const path = await aDatabaseOfVersion2((position) => (position === 700 ? 'no event' : '{}'));
    await expect(openSqliteKeyStore({ path })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('event 701'),
    });
    const database = openSqliteDatabase(path, { readOnly: true });
    onTestFinished(() => database.close());
    expect(database.prepare('SELECT body FROM event WHERE sequence = 1').get([])).toMatchObject({
      body: '{}',
    });
  });
});
