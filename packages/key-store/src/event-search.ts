/** What can be asked of the event log, and which events answer it. */
import { checkInteger, invalid } from './check-arguments.ts';
import { isRare, resourceOf, type TermKind, termOf } from './event-blocks.ts';
import type { EventRecord } from './records.ts';

/** Every condition that is given must hold; of a list one value. */
export interface EventSearch {
  /** Newest first by default. */
  readonly order?: 'newest-first' | 'oldest-first';
  /** Events that are answered at most, from 1 to `MAX_SEARCH_LIMIT`. */
  readonly limit: number;
  /** Only events with a smaller sequence: the cursor of a search from the newest. */
  readonly beforeSequence?: number | undefined;
  /** Only events with a greater sequence: the cursor of a search from the oldest. */
  readonly afterSequence?: number | undefined;
  /** Milliseconds since the epoch: from `since` on, and before `until`. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly severities?: readonly string[] | undefined;
  readonly outcomes?: readonly string[] | undefined;
  readonly initiatorId?: string | undefined;
  /** The CRN of the target, or its last segment: the id of the object, adapter or key. */
  readonly targetId?: string | undefined;
  readonly adapterId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** Stands somewhere in the event, whatever the case of its letters. Not indexed: see `EventPage`. */
  readonly text?: string | undefined;
}

/**
 * What a search found. A search looks at `MAX_EXAMINED_EVENTS` events at most; when that was not
 * enough for `limit`, the page is shorter (it may be empty), and `nextSequence` goes on from there.
 */
export interface EventPage {
  readonly events: readonly EventRecord[];
  /**
   * For the next page: `beforeSequence` from the newest, `afterSequence` from the oldest. There may be
   * nothing more behind it; undefined when that is certain.
   */
  readonly nextSequence: number | undefined;
}

export const MAX_SEARCH_LIMIT = 10_000;
/** Events whose text is looked at for one page. */
export const MAX_EXAMINED_EVENTS = 20_000;
/** Values of one list. */
const MAX_VALUES = 128;
const MAX_TEXT_LENGTH = 256;

/** @throws StoreError `invalid`. */
export function checkEventSearch(search: EventSearch): void {
  checkInteger(search.limit, 'a limit');
  if (search.limit < 1 || search.limit > MAX_SEARCH_LIMIT) {
    throw invalid(`a search answers 1 to ${MAX_SEARCH_LIMIT} events`);
  }
  for (const name of ['beforeSequence', 'afterSequence', 'since', 'until'] as const) {
    const value = search[name];
    if (value !== undefined) checkInteger(value, name);
  }
  for (const name of ['actions', 'severities', 'outcomes'] as const) {
    if ((search[name]?.length ?? 0) > MAX_VALUES) {
      throw invalid(`a search names more than ${MAX_VALUES} ${name}`);
    }
  }
  if ((search.text?.length ?? 0) > MAX_TEXT_LENGTH) {
    throw invalid(`the text of a search is longer than ${MAX_TEXT_LENGTH} characters`);
  }
}

/** The meaning of a search, apart from cursors and limit. */
export function matchesSearch(event: EventRecord, search: EventSearch): boolean {
  const { since = -Infinity, until = Infinity, targetId } = search;
  return (
    event.time >= since &&
    event.time < until &&
    isOneOf(event.action, search.actions) &&
    isOneOf(event.severity, search.severities) &&
    isOneOf(event.outcome, search.outcomes) &&
    isOneOf(event.initiatorId, listOf(search.initiatorId)) &&
    (targetId === undefined ||
      event.targetId === targetId ||
      resourceOf(event.targetId) === targetId) &&
    isOneOf(event.adapterId, listOf(search.adapterId)) &&
    isOneOf(event.correlationId, listOf(search.correlationId)) &&
    (search.text === undefined || event.body.toLowerCase().includes(search.text.toLowerCase()))
  );
}

/** The terms of the index of which one must stand in the block. */
export interface TermCondition {
  readonly isRare: boolean;
  readonly terms: readonly number[];
}

export function searchedTerms(search: EventSearch): readonly TermCondition[] {
  const { targetId } = search;
  const conditions: readonly (readonly [TermKind, readonly string[] | undefined])[] = [
    ['action', search.actions],
    ['severity', search.severities],
    ['outcome', search.outcomes],
    ['initiator', listOf(search.initiatorId)],
    ['target', targetId === undefined ? undefined : [resourceOf(targetId)]],
    ['adapter', listOf(search.adapterId)],
    ['correlation', listOf(search.correlationId)],
  ];
  return conditions.flatMap(([kind, values]) =>
    values === undefined
      ? []
      : [{ isRare: isRare(kind), terms: [...new Set(values)].map((it) => termOf(kind, it)) }],
  );
}

function isOneOf(value: string | null, values: readonly string[] | undefined): boolean {
  return values === undefined || (value !== null && values.includes(value));
}

function listOf(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
