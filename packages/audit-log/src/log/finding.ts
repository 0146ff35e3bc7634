/** What is wrong with a log. */

export type FindingKind =
  /** Events are not there. */
  | 'removed'
  /** Events are not what they were when they were chained or sealed. */
  | 'changed'
  /** Events stand in another order. */
  | 'reordered'
  /** There are lines that do not belong there. */
  | 'inserted'
  /** The log ends too early. */
  | 'truncated'
  /** Two signed checkpoints contradict each other: there are two histories. */
  | 'forked'
  /** A checkpoint is older than others that are known. */
  | 'replayed'
  /** A line of another log, or a checkpoint of one. */
  | 'foreign'
  /** A line, checkpoint or proof that is none. */
  | 'malformed'
  /** A signature or key that does not lead to the trusted key. */
  | 'untrusted';

export interface Finding {
  readonly kind: FindingKind;
  /** A sentence that says where and what. */
  readonly message: string;
  /** Events that it is about, where that can be said; both included. */
  readonly from?: number;
  readonly to?: number;
  /** In `events.jsonl`, from 1. */
  readonly line?: number;
}

/** Findings, of which the first ones are kept: a broken log can have as many as events. */
export interface FindingList {
  readonly kept: readonly Finding[];
  readonly count: number;
  add(finding: Finding): void;
}

export function createFindingList(limit: number): FindingList {
  const kept: Finding[] = [];
  let count = 0;
  return {
    kept,
    get count() {
      return count;
    },
    add(finding) {
      count += 1;
      if (kept.length < limit) kept.push(finding);
    },
  };
}

/** `event 7`, or `events 7 to 9`. */
export function eventsBetween(from: number, to: number): string {
  return from === to ? `event ${from}` : `events ${from} to ${to}`;
}
