/** Sends every row of the table of errors, and holds the table to what the specification lists. */

import { kmipOperationAction } from '@claviger/audit-emitter';
import { VERSIONS } from '@claviger/kmip-protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cast, gatherCast } from './cast.fixtures.ts';
import { ERROR_ROWS } from './index.fixtures.ts';

let the: Cast;
/** Of the last event that was looked at. */
let lastSequence = 0;

/** Which objects there are, each with how often it was changed. */
async function objects(): Promise<unknown> {
  const { adapter } = the.rig.source.principal.record;
  const all = await the.rig.store.listObjects(adapter.id, { offset: 0, limit: 1000 });
  return all.map(({ id, version }) => [id, version]);
}

async function newEvents(): Promise<readonly unknown[]> {
  const records = await the.rig.store.listEvents({ afterSequence: lastSequence, limit: 1000 });
  lastSequence = records.at(-1)?.sequence ?? lastSequence;
  return records.map(({ body }) => JSON.parse(body));
}

beforeAll(async () => {
  the = await gatherCast();
}, 120_000);

const operations = [...new Set(ERROR_ROWS.map(({ operation }) => operation))].toSorted();

describe.each(operations)(
  '%s is refused, changes nothing and leaves its event when',
  (operation) => {
    const rows = ERROR_ROWS.filter((row) => row.operation === operation);

    it.each(rows.map((row) => [row.situation, row] as const))('%s', async (_, row) => {
      for (const version of VERSIONS) {
        const reason = row.reasons[version];
        if (reason === undefined) continue;
        const bytes = await row.message(the, version);
        const before = await objects();
        await newEvents(); // those of its preparation
        const { items } = await the.rig.answer(bytes);
        const answers = items.map((item) => `${version} ${item.resultReason ?? item.resultStatus}`);
        expect(answers).toEqual([`${version} ${reason}`]);
        expect(items).toMatchObject([{ resultStatus: 'OperationFailed' }]);
        expect(await newEvents()).toMatchObject([
          { action: kmipOperationAction(operation), outcome: 'failure' },
        ]);
        expect(await objects()).toEqual(before);
      }
    });
  },
);
