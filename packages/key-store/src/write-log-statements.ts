import type { CheckpointRecord, SinkCursor } from './log-records.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { EventRecord } from './records.ts';

type ByName = { readonly name: string };
type Nothing = Record<string, never>;
type Leaf = { readonly sequence: number; readonly leafHash: Uint8Array };
type CheckpointColumns = Omit<CheckpointRecord, 'isSuccession'> & { readonly isSuccession: 0 | 1 };

/** What writes the log: events with their leaf hashes, checkpoints, cursors. */
export function compileLogWrites(queries: QueryBuilder) {
  return {
    /** The newest line; no row in an empty log. */
    readChainHead: compileStatement<Nothing>(() =>
      queries
        .selectFrom('event_leaf')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1),
    ),
    insertEvent: compileStatement<EventRecord>((p) =>
      queries
        .insertInto('event')
        .values({
          sequence: p('sequence'),
          id: p('id'),
          time: p('time'),
          action: p('action'),
          outcome: p('outcome'),
          severity: p('severity'),
          initiator_id: p('initiatorId'),
          target_id: p('targetId'),
          adapter_id: p('adapterId'),
          correlation_id: p('correlationId'),
          body: p('body'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    insertLeaf: compileStatement<Leaf>((p) =>
      queries.insertInto('event_leaf').values({ sequence: p('sequence'), hash: p('leafHash') }),
    ),
    findFirstEvent: compileStatement<Nothing>(() =>
      queries.selectFrom('event').select('sequence').orderBy('sequence').limit(1),
    ),

    newestCheckpointSize: compileStatement<Nothing>(() =>
      queries
        .selectFrom('checkpoint')
        .select((eb) => eb.fn.coalesce(eb.fn.max('size'), eb.lit(0)).as('size')),
    ),
    insertCheckpoint: compileStatement<CheckpointColumns>((p) =>
      queries.insertInto('checkpoint').values({
        size: p('size'),
        note: p('note'),
        frontier: p('frontier'),
        is_succession: p('isSuccession'),
        created_at: p('createdAt'),
      }),
    ),

    replaceSinkCursor: compileStatement<SinkCursor>((p) =>
      queries
        .insertInto('sink_cursor')
        .values({ name: p('name'), sequence: p('sequence'), updated_at: p('updatedAt') })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ sequence: p('sequence'), updated_at: p('updatedAt') }),
        ),
    ),
    deleteSinkCursor: compileStatement<ByName>((p) =>
      queries.deleteFrom('sink_cursor').where('name', '=', p('name')),
    ),
    /** No row when there is no sink. */
    slowestSinkCursor: compileStatement<Nothing>(() =>
      queries.selectFrom('sink_cursor').select('sequence').orderBy('sequence').limit(1),
    ),
  };
}
