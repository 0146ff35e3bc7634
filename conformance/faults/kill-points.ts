/** Where a gateway is killed: every step from the request to the answer, and what happens beside them. */

import type { Random } from '../seeded-random.ts';
import type { InjectedFaults, StatementFault } from './injected-faults.ts';

export interface KillPoint {
  readonly name: string;
  /** Chooses which of many such moments it is. */
  choose(random: Random): InjectedFaults;
}

/** So many such statements go well first, at most. */
const MOST_SKIPPED = 40;
/** A commit with its fsync takes about this long. */
const COMMIT_MICROSECONDS = 3000;

const COMMIT = '^COMMIT$';
const APPEND_OF_EVENT = '^insert .*into "event" ';

const STATEMENTS: readonly (readonly [name: string, sql: string])[] = [
  ['the insert of an object', '^insert .*into "object" '],
  ['an update of an object', '^update "object" '],
  ['the insert of an index entry', '^insert into object_entry '],
  ['the insert of it by value', '^insert into entry_object '],
  ['the insert of a Name', '^insert .*into "object_name" '],
  ['the removal of an index entry', '^delete from object_entry '],
  ['the removal of it by value', '^delete from entry_object '],
  ['the append of an event', APPEND_OF_EVENT],
  ['the append of its hash', '^insert .*into "event_leaf" '],
];

export const KILL_POINTS: readonly KillPoint[] = [
  at('before BEGIN', '^BEGIN IMMEDIATE$', 'before'),
  at('after BEGIN', '^BEGIN IMMEDIATE$', 'after'),
  ...STATEMENTS.flatMap(([name, sql]) => [
    at(`before ${name}`, sql, 'before'),
    at(`after ${name}`, sql, 'after'),
  ]),
  at('before COMMIT', COMMIT, 'before'),
  at('during COMMIT', COMMIT, 'during'),
  at('after COMMIT', COMMIT, 'after'),
  {
    name: 'while a group is rolled back',
    choose: (random) => ({
      faults: [
        {
          ...{ sql: APPEND_OF_EVENT, when: 'before', effect: 'io-error', thread: 'writer' },
          skip: random.integer(0, MOST_SKIPPED),
        },
        fault(random, '^ROLLBACK$', 'before', 0),
      ],
    }),
  },
  {
    name: 'during a COMMIT with a checkpoint',
    choose: (random) => ({
      checkpointsEachCommit: true,
      faults: [fault(random, COMMIT, 'during', MOST_SKIPPED)],
    }),
  },
  {
    name: 'before an answer',
    choose: (random) => ({ answers: { when: 'before', skip: random.integer(0, MOST_SKIPPED) } }),
  },
  {
    name: 'after an answer',
    choose: (random) => ({ answers: { when: 'after', skip: random.integer(0, MOST_SKIPPED) } }),
  },
  { name: 'at any moment', choose: () => ({}) },
];

function at(
  name: string,
  sql: string,
  when: StatementFault['when'],
  mostSkipped = MOST_SKIPPED,
): KillPoint {
  return { name, choose: (random) => ({ faults: [fault(random, sql, when, mostSkipped)] }) };
}

function fault(
  random: Random,
  sql: string,
  when: StatementFault['when'],
  mostSkipped: number,
): StatementFault {
  const skip = random.integer(0, mostSkipped);
  const microseconds = random.integer(0, COMMIT_MICROSECONDS);
  return { sql, when, skip, effect: 'kill', microseconds };
}
