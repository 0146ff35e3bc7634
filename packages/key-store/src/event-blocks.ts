/**
 * The search index of the event log. Events stand in blocks of 1,024; when a block is full, each value
 * that is searched for (an action, an adapter, ...) gets one row with the places in the block where it
 * stands; for values of which nearly each event has another see `rare-terms.ts`. A commit of one event
 * costs nothing for it, and a search skips whole blocks.
 *
 * A value is kept as 48 bits of its hash: a search looks at the events themselves once more.
 */
import { hash } from 'node:crypto';
import { BLOCK_EVENTS, encodePositions } from './positions.ts';
import { encodeRareTerms, makeFilter, type RareTerm } from './rare-terms.ts';
import { integerColumn, nullableTextColumn, textColumn } from './rows.ts';
import type { SqliteDatabase, SqliteRow } from './sqlite-driver.ts';

const TERM_BYTES = 6;

/** What events are searched by. */
export type TermKind =
  | 'action'
  | 'severity'
  | 'outcome'
  | 'initiator'
  | 'target'
  | 'adapter'
  | 'correlation';

/** Of these nearly each event has another. */
const RARE: ReadonlySet<TermKind> = new Set(['target', 'correlation']);

export function isRare(kind: TermKind): boolean {
  return RARE.has(kind);
}

/** Block of an event, from 0. */
export function blockOf(sequence: number): number {
  return Math.floor((sequence - 1) / BLOCK_EVENTS);
}

/** Sequence of the first event of a block. */
export function firstOfBlock(block: number): number {
  return block * BLOCK_EVENTS + 1;
}

export function termOf(kind: TermKind, value: string): number {
  return hash('sha256', `${kind}:${value}`, 'buffer').readUIntBE(0, TERM_BYTES);
}

/** The part of a target's CRN that names the resource: its last segment. */
export function resourceOf(targetId: string): string {
  return targetId.slice(targetId.lastIndexOf(':') + 1);
}

export interface BlockIndex {
  /** Indexes the full blocks up to the event `sequence` that are not yet. */
  fillUpTo(sequence: number): void;
  /** Deletes the events of a full block, and what the index knows of them; that there was a block stays. */
  forget(block: number): void;
}

/** Works in the transaction that is open. */
export function createBlockIndex(database: SqliteDatabase): BlockIndex {
  const nextBlock = database.prepare(
    'SELECT coalesce(max(block) + 1, 0) AS block FROM event_block',
  );
  const readBlock = database.prepare(
    'SELECT sequence, time, action, severity, outcome, initiator_id, target_id, adapter_id, correlation_id ' +
      'FROM event WHERE sequence BETWEEN ? AND ? ORDER BY sequence',
  );
  const insertBlock = database.prepare(
    'INSERT INTO event_block (block, first_time, last_time) VALUES (?, ?, ?)',
  );
  const insertTerm = database.prepare(
    'INSERT INTO event_term (term, block, positions) VALUES (?, ?, ?)',
  );
  const insertFilter = database.prepare('INSERT INTO event_filter (block, filter) VALUES (?, ?)');
  const insertRare = database.prepare(
    'INSERT INTO event_rare_terms (block, entries) VALUES (?, ?)',
  );
  const deleteFilter = database.prepare('DELETE FROM event_filter WHERE block = ?');
  const deleteRare = database.prepare('DELETE FROM event_rare_terms WHERE block = ?');
  const deleteTerm = database.prepare('DELETE FROM event_term WHERE term = ? AND block = ?');
  const deleteEvents = database.prepare('DELETE FROM event WHERE sequence BETWEEN ? AND ?');

  const bounds = (block: number) => [firstOfBlock(block), firstOfBlock(block + 1) - 1];

  function fill(block: number): void {
    const rows = readBlock.all(bounds(block));
    const times = rows.map((row) => integerColumn(row, 'time'));
    insertBlock.run([
      block,
      times.reduce((a, b) => Math.min(a, b), Infinity),
      times.reduce((a, b) => Math.max(a, b), -Infinity),
    ]);
    const { frequent, rare } = termsOf(rows, firstOfBlock(block));
    for (const [term, positions] of frequent) {
      insertTerm.run([term, block, encodePositions(positions)]);
    }
    insertFilter.run([block, makeFilter(new Set(rare.map(([term]) => term)))]);
    insertRare.run([block, encodeRareTerms(rare)]);
  }

  return {
    fillUpTo(sequence) {
      const full = Math.floor(sequence / BLOCK_EVENTS);
      if (full === 0) return;
      for (let block = integerColumn(nextBlock.get([]) ?? {}, 'block'); block < full; block += 1) {
        fill(block);
      }
    },
    forget(block) {
      const rows = readBlock.all(bounds(block));
      const { frequent } = termsOf(rows, firstOfBlock(block));
      for (const term of frequent.keys()) deleteTerm.run([term, block]);
      deleteFilter.run([block]);
      deleteRare.run([block]);
      deleteEvents.run(bounds(block));
    },
  };
}

interface BlockTerms {
  /** Two values may have one term: then both are found under it. */
  readonly frequent: ReadonlyMap<number, readonly number[]>;
  readonly rare: readonly RareTerm[];
}

function termsOf(rows: readonly SqliteRow[], first: number): BlockTerms {
  const frequent = new Map<number, number[]>();
  const rare: RareTerm[] = [];
  /** Hashed once for each value in the block. */
  const known = new Map<string, number>();
  for (const row of rows) {
    const position = integerColumn(row, 'sequence') - first;
    for (const [kind, value] of searchedValues(row)) {
      const name = `${kind}:${value}`;
      const term = known.get(name) ?? termOf(kind, value);
      known.set(name, term);
      if (isRare(kind)) {
        rare.push([term, position]);
        continue;
      }
      const positions = frequent.get(term);
      if (positions === undefined) frequent.set(term, [position]);
      else positions.push(position);
    }
  }
  return { frequent, rare };
}

function searchedValues(row: SqliteRow): readonly (readonly [TermKind, string])[] {
  const adapterId = nullableTextColumn(row, 'adapter_id');
  const correlationId = nullableTextColumn(row, 'correlation_id');
  return [
    ['action', textColumn(row, 'action')],
    ['severity', textColumn(row, 'severity')],
    ['outcome', textColumn(row, 'outcome')],
    ['initiator', textColumn(row, 'initiator_id')],
    ['target', resourceOf(textColumn(row, 'target_id'))],
    ...(adapterId === null ? [] : ([['adapter', adapterId]] as const)),
    ...(correlationId === null ? [] : ([['correlation', correlationId]] as const)),
  ];
}
