import type { CheckpointQuery } from './log-records.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { EventQuery } from './records.ts';

type Nothing = Record<string, never>;
type Sequences = { readonly from: number; readonly to: number };
type AfterSize = Omit<CheckpointQuery, 'successionsOnly'>;

/** What reads the log, but for a search (`search-events.ts`). */
export function compileLogReads(queries: QueryBuilder) {
  const checkpoints = queries.selectFrom('checkpoint').selectAll();
  const cursors = queries.selectFrom('sink_cursor').selectAll();
  return {
    listEvents: compileStatement<EventQuery>((p) =>
      queries
        .selectFrom('event')
        .selectAll()
        .where('sequence', '>', p('afterSequence'))
        .orderBy('sequence')
        .limit(p('limit')),
    ),
    findEvent: compileStatement<{ readonly id: string }>((p) =>
      queries.selectFrom('event').selectAll().where('id', '=', p('id')),
    ),
    firstEvent: compileStatement<Nothing>(() =>
      queries.selectFrom('event').select('sequence').orderBy('sequence').limit(1),
    ),
    /** Of events that were deleted too. */
    lastSequence: compileStatement<Nothing>(() =>
      queries
        .selectFrom('event_leaf')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    listLeaves: compileStatement<Sequences>((p) =>
      queries
        .selectFrom('event_leaf')
        .select('hash')
        .where('sequence', '>=', p('from'))
        .where('sequence', '<=', p('to'))
        .orderBy('sequence'),
    ),
    listCheckpoints: compileStatement<AfterSize>((p) =>
      checkpoints.where('size', '>', p('afterSize')).orderBy('size').limit(p('limit')),
    ),
    listSuccessions: compileStatement<AfterSize>((p) =>
      checkpoints
        .where('is_succession', '=', 1)
        .where('size', '>', p('afterSize'))
        .orderBy('size')
        .limit(p('limit')),
    ),
    newestCheckpoint: compileStatement<Nothing>(() => checkpoints.orderBy('size', 'desc').limit(1)),
    listSinkCursors: compileStatement<Nothing>(() => cursors.orderBy('name')),
    readSinkCursor: compileStatement<{ readonly name: string }>((p) =>
      cursors.where('name', '=', p('name')),
    ),
  };
}
