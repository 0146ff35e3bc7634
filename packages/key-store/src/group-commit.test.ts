import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chainEvent, EMPTY_CHAIN } from './chain-event.ts';
import { createGroupWriter } from './group-commit.ts';
import { anAdapter, anEvent, anObject, aRootKey, aUnit } from './key-store.fixtures.ts';
import { openForWriting } from './open-database.ts';
import { createQueryBuilder } from './query-compiler.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { WriteRequest } from './worker-messages.ts';
import { compileWriteStatements } from './write-statements.ts';

const rootKey = aRootKey();
const adapter = anAdapter({ rootKeyId: rootKey.id });

/** A writer over a database with an adapter, and what it answers to a group of units. */
async function aWriter() {
  const path = join(await temporaryDirectory(), 'a.db');
  const options = { path, busyTimeoutMs: 1_000, maxBytes: undefined };
  const database = openForWriting(options, () => 0);
  onTestFinished(() => database.close());
  const writer = createGroupWriter(database, compileWriteStatements(createQueryBuilder()));
  const write = (units: readonly UnitOfWork[]) =>
    writer.write(
      units.map(
        (unit, id): WriteRequest => ({
          id,
          call: { kind: 'commit', unit, bytes: 1, obstacles: undefined },
        }),
      ),
    );
  write([
    aUnit({
      changes: [
        { kind: 'insert-root-key', rootKey },
        { kind: 'insert-adapter', adapter },
      ],
    }),
  ]);
  return { database, write };
}

function aCreation(uniqueName: string): UnitOfWork {
  const object = anObject({ adapterId: adapter.id, uniqueNames: [uniqueName] });
  return aUnit({ changes: [{ kind: 'insert-object', object }], events: [anEvent()] });
}

it.each([
  ['after it began to write', aCreation('taken'), { kind: 'duplicate', what: 'object-name' }],
  [
    'by a guard',
    {
      ...aCreation('free'),
      guards: [{ kind: 'root-key-enabled', rootKeyId: 'nobody' }] as const,
    },
    { kind: 'guard-failed', guard: { kind: 'root-key-enabled', rootKeyId: 'nobody' } },
  ],
])('a unit that is refused %s leaves nothing, and all others stay', async (_, refused, outcome) => {
  const { database, write } = await aWriter();
  const before = [aCreation('taken'), aUnit({ events: [anEvent()] })];
  const after = [aUnit({ events: [anEvent()] }), aCreation('another')];

  const replies = write([...before, refused, ...after]);

  const committed = (id: number, lastSequence: number) => ({
    id,
    ok: true,
    value: { kind: 'committed', lastSequence },
  });
  expect(replies).toEqual([
    committed(0, 1),
    committed(1, 2),
    { id: 2, ok: true, value: outcome },
    committed(3, 3),
    committed(4, 4),
  ]);
  const names = database.prepare('SELECT name FROM object_name ORDER BY name').all([]);
  expect(names.map(({ name }) => name)).toEqual(['another', 'taken']);
  expect(database.prepare('SELECT count(*) AS objects FROM object').get([])).toEqual({
    objects: 2,
  });
});

it('the log of a group that was written anew is one chain of its events', async () => {
  const { database, write } = await aWriter();
  const units = [aCreation('a'), aCreation('a'), aUnit({ events: [anEvent()] })];
  write(units);

  const node = database.prepare("SELECT value FROM setting WHERE name = 'log-node'").get([]);
  const kept = [units[0], units[2]].flatMap((unit) => unit?.events ?? []);
  let head = EMPTY_CHAIN;
  const lines = kept.map(({ body }) => {
    const chained = chainEvent(body, String(node?.['value']), head);
    head = chained;
    return { sequence: chained.sequence, body: chained.line };
  });
  const stored = database.prepare('SELECT sequence, body FROM event ORDER BY sequence').all([]);
  expect(stored.map((row) => ({ ...row }))).toEqual(lines);
});

it('an event whose id is in the log already refuses its unit alone', async () => {
  const { write } = await aWriter();
  const event = anEvent();
  const replies = write([
    aUnit({ events: [event] }),
    aUnit({ events: [anEvent(), event] }),
    aUnit({ events: [anEvent()] }),
  ]);
  expect(replies.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(replies[2]).toMatchObject({ value: { lastSequence: 2 } });
});
