import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { QueueStage } from './queued-requests.ts';

type InAdapter = { readonly adapterId: string };

const SUMMARY = [
  'id',
  'adapter_id',
  'owner',
  'operation',
  'stage',
  'submitted_at',
  'ended_at',
  'collected_at',
] as const;

/** What reads the queue of requests. */
export function compileQueueReads(queries: QueryBuilder) {
  return {
    readQueuedRequest: compileStatement<InAdapter & { readonly id: string }>((p) =>
      queries
        .selectFrom('queued_request')
        .select([...SUMMARY, 'request', 'answer'])
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    listQueuedRequests: compileStatement<InAdapter>((p) =>
      queries
        .selectFrom('queued_request')
        .select(SUMMARY)
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('position'),
    ),
    listQueuedRequestsAt: compileStatement<{ readonly stage: QueueStage }>((p) =>
      queries
        .selectFrom('queued_request')
        .select(SUMMARY)
        .where('stage', '=', p('stage'))
        .orderBy('position'),
    ),
  };
}
