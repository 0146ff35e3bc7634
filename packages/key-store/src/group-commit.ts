/**
 * One transaction for everything that waits, one fsync for all.
 *
 * A unit that is refused is rolled back alone: the group is written anew then, each unit in a savepoint. A failure of the database itself (disk full, I/O error)
 * fails every unit of the group, since none of them is durable.
 */
import { applyChange } from './apply-change.ts';
import { type ChainHead, chainEvent, EMPTY_CHAIN } from './chain-event.ts';
import { invalid } from './check-arguments.ts';
import { holds } from './check-guard.ts';
import { createBlockIndex } from './event-blocks.ts';
import { createObjectIndex } from './object-index.ts';
import { createStatementCache, prepareStatements } from './prepared-statement.ts';
import type { NewEvent } from './records.ts';
import type { Refusal } from './refusal.ts';
import { rollBack } from './roll-back.ts';
import { bytesColumn, integerColumn, textColumn } from './rows.ts';
import { type SqliteDatabase, SqliteFailure } from './sqlite-driver.ts';
import { StoreError } from './store.ts';
import { toStoreError } from './to-store-error.ts';
import type { CommitOutcome } from './unit-of-work.ts';
import {
  toPlainError,
  type WorkerReply,
  type WriteCall,
  type WriteRequest,
} from './worker-messages.ts';
import type { WriteStatementTexts } from './write-statements.ts';

export interface GroupWriter {
  /** Answers, in the order of the requests, only after the commit returned. */
  write(group: readonly WriteRequest[]): readonly WorkerReply[];
}

type CommitCall = Extract<WriteCall, { readonly kind: 'commit' }>;

const OBSTACLE_STATEMENTS_KEPT = 4;

/** An outcome, the value of a setting, or the error of this call alone. */
type WriteResult = CommitOutcome | string | StoreError;

export function createGroupWriter(
  database: SqliteDatabase,
  texts: WriteStatementTexts,
): GroupWriter {
  const statements = prepareStatements(database, texts);
  const obstacleStatements = createStatementCache(database, OBSTACLE_STATEMENTS_KEPT);
  const blocks = createBlockIndex(database);
  const index = createObjectIndex(database);
  // Given by the migration, never changed.
  const node = textColumn(statements.findSetting.get({ name: 'log-node' }) ?? {}, 'value');
  const beginReading = database.prepare('BEGIN');
  const beginWriting = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const setSavepoint = database.prepare('SAVEPOINT unit');
  const rollBackToSavepoint = database.prepare('ROLLBACK TO unit');
  const releaseSavepoint = database.prepare('RELEASE unit');
  /** The newest event in the open transaction; another process may have written since the last. */
  let head: ChainHead = EMPTY_CHAIN;

  function write(group: readonly WriteRequest[]): readonly WorkerReply[] {
    try {
      // A savepoint copies every page that a unit changes, and few units are refused: the group is
      // written without them, and once more with them when they would have been needed.
      const results = writeAll(group, attempt) ?? writeAll(group, attemptOrRollBack) ?? [];
      return results.map((result, position) => reply(group[position]?.id ?? 0, result));
    } catch (cause) {
      giveUp();
      const error = toPlainError(toStoreError(cause));
      return group.map(({ id }) => ({ id, ok: false, error }));
    }
  }

  /** @returns undefined, and nothing is written, when a unit was refused that had begun to write. */
  function writeAll(
    group: readonly WriteRequest[],
    writeOne: (call: WriteCall) => WriteResult,
  ): readonly WriteResult[] | undefined {
    (group.some(({ call }) => writes(call)) ? beginWriting : beginReading).run([]);
    head = readHead();
    const { sequence: before } = head;
    const results: WriteResult[] = [];
    for (const { call } of group) {
      const result = writeOne(call);
      if (writeOne === attempt && !happened(result) && !isOfGuard(result)) {
        giveUp();
        return undefined;
      }
      results.push(result);
    }
    if (head.sequence > before) blocks.fillUpTo(head.sequence);
    commit.run([]);
    return results;
  }

  function attemptOrRollBack(call: WriteCall): WriteResult {
    const headBefore = head;
    setSavepoint.run([]);
    const result = attempt(call);
    if (!happened(result)) {
      rollBackToSavepoint.run([]);
      index.forget();
      head = headBefore;
    }
    releaseSavepoint.run([]);
    return result;
  }

  /** @throws whatever fails the whole group. */
  function attempt(call: WriteCall): WriteResult {
    try {
      return perform(call);
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === 'invalid') return cause;
      if (cause instanceof SqliteFailure && cause.kind === 'constraint') {
        return invalid(`the database refused it (${cause.message})`);
      }
      throw cause;
    }
  }

  function perform(call: WriteCall): CommitOutcome | string {
    if (call.kind === 'commit') return applyUnit(call);
    const { name, value } = call;
    statements.insertSetting.run({ name, value });
    return textColumn(statements.findSetting.get({ name }) ?? {}, 'value');
  }

  function applyUnit(call: CommitCall): CommitOutcome {
    const refusal = applyGuardsAndChanges(call);
    if (refusal !== undefined) return refusal;
    for (const event of call.unit.events) insertEvent(event);
    return { kind: 'committed', lastSequence: head.sequence };
  }

  function applyGuardsAndChanges({ unit, obstacles }: CommitCall): Refusal | undefined {
    const broken = unit.guards.find((guard) => !holds(statements, guard));
    if (broken !== undefined) return { kind: 'guard-failed', guard: broken };
    for (const [position, change] of unit.changes.entries()) {
      const refusal = applyChange(statements, blocks, index, change, () => {
        const obstacle = obstacles?.get(position);
        return obstacle && obstacleStatements.get(obstacle);
      });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  function insertEvent(event: NewEvent): void {
    const chained = chainEvent(event.body, node, head);
    const { sequence, line: body } = chained;
    const inserted = statements.insertEvent.run({ ...event, sequence, body });
    if (inserted === 0) throw invalid(`the log already has an event with the id ${event.id}`);
    statements.insertLeaf.run(chained);
    head = chained;
  }

  function readHead(): ChainHead {
    const row = statements.readChainHead.get({});
    if (row === undefined) return EMPTY_CHAIN;
    return { sequence: integerColumn(row, 'sequence'), leafHash: bytesColumn(row, 'hash') };
  }

  function giveUp(): void {
    index.forget();
    rollBack(database);
  }

  return { write };
}

function happened(result: WriteResult): boolean {
  if (result instanceof StoreError) return false;
  return typeof result === 'string' || result.kind === 'committed';
}

/** Guards are looked at before a unit writes anything. */
function isOfGuard(result: WriteResult): boolean {
  return typeof result === 'object' && 'kind' in result && result.kind === 'guard-failed';
}

function reply(id: number, result: WriteResult): WorkerReply {
  return result instanceof StoreError
    ? { id, ok: false, error: toPlainError(result) }
    : { id, ok: true, value: result };
}

/** Whether the call may change the database: a unit of guards alone does not. */
function writes(call: WriteCall): boolean {
  return call.kind !== 'commit' || call.unit.changes.length > 0 || call.unit.events.length > 0;
}
