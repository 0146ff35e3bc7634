import { sql } from 'kysely';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { NewQueuedRequest, QueueStage } from './queued-requests.ts';

type InAdapter = { readonly adapterId: string };
type ById = InAdapter & { readonly id: string };

/** What writes the queue of requests. */
export function compileQueueWrites(queries: QueryBuilder) {
  return {
    insertQueuedRequest: compileStatement<NewQueuedRequest>((p) =>
      queries
        .insertInto('queued_request')
        .values({
          id: p('id'),
          adapter_id: p('adapterId'),
          owner: p('owner'),
          operation: p('operation'),
          stage: 'waiting',
          request: p('request'),
          submitted_at: p('submittedAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    endQueuedRequest: compileStatement<
      ById & {
        readonly stage: QueueStage;
        readonly answer: Uint8Array | null;
        readonly endedAt: number;
      }
    >((p) =>
      queries
        .updateTable('queued_request')
        .set({
          stage: p('stage'),
          request: null,
          answer: p('answer'),
          ended_at: p('endedAt'),
        })
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId'))
        .where('stage', '=', 'waiting'),
    ),
    collectQueuedRequest: compileStatement<ById & { readonly at: number }>((p) =>
      queries
        .updateTable('queued_request')
        .set({ collected_at: p('at') })
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId'))
        .where('collected_at', 'is', null),
    ),
    /** Deletes all that have ended but the newest `keep` of the adapter. */
    trimQueuedRequests: compileStatement<InAdapter & { readonly keep: number }>((p) =>
      queries
        .deleteFrom('queued_request')
        .where('position', 'in', (eb) =>
          eb
            .selectFrom('queued_request as kept')
            .select('kept.position')
            .where('kept.adapter_id', '=', p('adapterId'))
            .where('kept.ended_at', 'is not', null)
            .orderBy('kept.position', 'desc')
            .limit(sql<number>`-1`)
            .offset(p('keep')),
        ),
    ),
    forgetQueuedRequests: compileStatement<{ readonly endedBefore: number }>((p) =>
      queries.deleteFrom('queued_request').where('ended_at', '<', p('endedBefore')),
    ),
    deleteQueuedRequestsOfAdapter: compileStatement<{ readonly id: string }>((p) =>
      queries.deleteFrom('queued_request').where('adapter_id', '=', p('id')),
    ),
  };
}
