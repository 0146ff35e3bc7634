/**
 * A program for tests that need a process to kill: commits units to the database `argv[2]`, `argv[3]`
 * of them, a few at a time, and prints `sequence event-id object-id` once a unit was acknowledged.
 */
import { anEvent, anObject, aPrincipal, aUnit } from './key-store.fixtures.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';

const UNITS_AT_A_TIME = 5;

const [, , path = '', count = '0'] = process.argv;
const store = await openSqliteKeyStore({ path });
const { adapter, changes } = aPrincipal();
await store.commit(aUnit({ changes }));

async function commitOne(): Promise<void> {
  const object = anObject({ adapterId: adapter.id });
  const event = anEvent({ adapterId: adapter.id, targetId: object.id });
  const outcome = await store.commit(
    aUnit({ changes: [{ kind: 'insert-object', object }], events: [event] }),
  );
  if (outcome.kind !== 'committed') throw new Error(`A unit was refused: ${outcome.kind}.`);
  process.stdout.write(`${outcome.lastSequence} ${event.id} ${object.id}\n`);
}

let begun = 0;
async function commitMany(): Promise<void> {
  while (begun < Number(count)) {
    begun += 1;
    await commitOne();
  }
}

await Promise.all(Array.from({ length: UNITS_AT_A_TIME }, commitMany));
await store.close();
