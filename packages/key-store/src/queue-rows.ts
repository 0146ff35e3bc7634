import {
  QUEUE_STAGES,
  type QueuedRequestRecord,
  type QueuedRequestSummary,
  type QueueStage,
} from './queued-requests.ts';
import {
  damaged,
  integerColumn,
  nullableBytesColumn,
  nullableIntegerColumn,
  nullableTextColumn,
  textColumn,
} from './rows.ts';
import type { SqliteRow } from './sqlite-driver.ts';

export function parseQueuedRequestSummaryRow(row: SqliteRow): QueuedRequestSummary {
  return {
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    owner: nullableTextColumn(row, 'owner'),
    operation: textColumn(row, 'operation'),
    stage: stageColumn(row, 'stage'),
    submittedAt: integerColumn(row, 'submitted_at'),
    endedAt: nullableIntegerColumn(row, 'ended_at'),
    collectedAt: nullableIntegerColumn(row, 'collected_at'),
  };
}

export function parseQueuedRequestRow(row: SqliteRow): QueuedRequestRecord {
  return {
    ...parseQueuedRequestSummaryRow(row),
    request: nullableBytesColumn(row, 'request'),
    answer: nullableBytesColumn(row, 'answer'),
  };
}

function stageColumn(row: SqliteRow, column: string): QueueStage {
  const stage = QUEUE_STAGES.find((candidate) => candidate === row[column]);
  if (stage === undefined) throw damaged(column, 'the stage of a queued request');
  return stage;
}
