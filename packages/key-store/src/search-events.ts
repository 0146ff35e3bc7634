/** Runs a search on one state of the log: the blocks of the index, and the events after the last full one. */
import { blockOf, firstOfBlock } from './event-blocks.ts';
import {
  type EventPage,
  type EventSearch,
  MAX_EXAMINED_EVENTS,
  matchesSearch,
  searchedTerms,
} from './event-search.ts';
import { BLOCK_EVENTS, listOf, type Positions } from './positions.ts';
import type { StatementCache } from './prepared-statement.ts';
import type { EventRecord } from './records.ts';
import { integerColumn, parseEventRow } from './rows.ts';
import { createBlockSearch, type Direction } from './search-blocks.ts';

const READ_EVENT = 'SELECT * FROM event WHERE sequence = ?';
const COUNT_BLOCKS = 'SELECT coalesce(max(block) + 1, 0) AS blocks FROM event_block';

/** Sequences from `first` to `last`, both included. */
interface Bounds {
  readonly first: number;
  readonly last: number;
}

export function searchEvents(
  statements: StatementCache,
  search: EventSearch,
  kept: Bounds,
): EventPage {
  const direction: Direction = search.order === 'oldest-first' ? 'up' : 'down';
  const bounds = {
    first: Math.max(kept.first, (search.afterSequence ?? 0) + 1),
    last: Math.min(kept.last, (search.beforeSequence ?? Infinity) - 1),
  };
  const events: EventRecord[] = [];
  let examined = 0;
  let lastExamined = 0;
  for (const sequence of candidatesOf(statements, search, direction, bounds)) {
    // There is at least one candidate more.
    if (events.length === search.limit || examined === MAX_EXAMINED_EVENTS) {
      return { events, nextSequence: lastExamined };
    }
    examined += 1;
    lastExamined = sequence;
    const row = statements.get({ sql: READ_EVENT, values: [sequence] });
    const event = row && parseEventRow(row);
    if (event !== undefined && matchesSearch(event, search)) events.push(event);
  }
  return { events, nextSequence: undefined };
}

/** Sequences of events that may match, in order. */
function* candidatesOf(
  statements: StatementCache,
  search: EventSearch,
  direction: Direction,
  { first, last }: Bounds,
): Generator<number> {
  if (first > last) return;
  const blocks = integerColumn(statements.get({ sql: COUNT_BLOCKS, values: [] }) ?? {}, 'blocks');
  const rest = { first: Math.max(first, firstOfBlock(blocks)), last };
  if (direction === 'down') yield* sequencesOf(rest, direction);

  const nextBlock = createBlockSearch(statements, direction, {
    terms: searchedTerms(search),
    since: search.since,
    until: search.until,
  });
  const [nearest, step] = direction === 'down' ? [last, -1] : [first, 1];
  let found = nextBlock(blockOf(nearest));
  while (found !== undefined) {
    const begin = firstOfBlock(found.block);
    if (direction === 'down' ? begin + BLOCK_EVENTS <= first : begin > last) break;
    for (const sequence of sequencesIn(begin, found.positions, direction)) {
      if (sequence >= first && sequence <= last) yield sequence;
    }
    found = nextBlock(found.block + step);
  }

  if (direction === 'up') yield* sequencesOf(rest, direction);
}

function sequencesIn(
  begin: number,
  positions: Positions | undefined,
  direction: Direction,
): Iterable<number> {
  if (positions === undefined) {
    return sequencesOf({ first: begin, last: begin + BLOCK_EVENTS - 1 }, direction);
  }
  const sequences = listOf(positions).map((position) => begin + position);
  return direction === 'up' ? sequences : sequences.reverse();
}

function* sequencesOf({ first, last }: Bounds, direction: Direction): Generator<number> {
  if (direction === 'up') for (let at = first; at <= last; at += 1) yield at;
  else for (let at = last; at >= first; at -= 1) yield at;
}
