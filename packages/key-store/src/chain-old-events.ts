import { chainEvent, EMPTY_CHAIN, isEventBody } from './chain-event.ts';
import { createBlockIndex } from './event-blocks.ts';
import { integerColumn, textColumn } from './rows.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { StoreError } from './store.ts';

const PAGE = 256;

/**
 * Chains the events that were written before the log had a chain, a page at a time.
 *
 * What they say is as it was; from now on it cannot be changed unnoticed.
 */
export function chainOldEvents(database: SqliteDatabase): void {
  const readNode = database.prepare("SELECT value FROM setting WHERE name = 'log-node'");
  const readPage = database.prepare(
    'SELECT sequence, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?',
  );
  const replaceBody = database.prepare('UPDATE event SET body = ? WHERE sequence = ?');
  const insertLeaf = database.prepare('INSERT INTO event_leaf (sequence, hash) VALUES (?, ?)');
  const blocks = createBlockIndex(database);
  const node = textColumn(readNode.get([]) ?? {}, 'value');
  let head = EMPTY_CHAIN;
  for (;;) {
    const page = readPage.all([head.sequence, PAGE]);
    for (const row of page) {
      const body = textColumn(row, 'body');
      if (integerColumn(row, 'sequence') !== head.sequence + 1 || !isEventBody(body)) {
        throw damagedLog(head.sequence + 1);
      }
      const chained = chainEvent(body, node, head);
      replaceBody.run([chained.line, chained.sequence]);
      insertLeaf.run([chained.sequence, chained.leafHash]);
      head = chained;
    }
    blocks.fillUpTo(head.sequence);
    if (page.length < PAGE) return;
  }
}

function damagedLog(sequence: number): StoreError {
  return new StoreError(
    'corrupt',
    `The event log is damaged: event ${sequence} is missing or is no event. Restore the database from a backup. Nothing was changed.`,
  );
}
