/** Changes of what surrounds the events: checkpoints, cursors, retention. */
import { type BlockIndex, blockOf } from './event-blocks.ts';
import { BLOCK_EVENTS } from './positions.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import { integerColumn } from './rows.ts';
import type { WriteStatements } from './write-statements.ts';

/** How many blocks a unit deletes at most: other units wait for it. */
export const MAX_FORGOTTEN_BLOCKS = 4;

export function appendCheckpoint(
  statements: WriteStatements,
  { checkpoint }: ChangeOf<'append-checkpoint'>,
): Refusal | undefined {
  const { size, isSuccession } = checkpoint;
  const head = statements.readChainHead.get({});
  const events = head === undefined ? 0 : integerColumn(head, 'sequence');
  if (size <= newestCheckpointSize(statements) || size > events) {
    return { kind: 'conflict', id: `checkpoint ${size}` };
  }
  statements.insertCheckpoint.run({ ...checkpoint, isSuccession: isSuccession ? 1 : 0 });
  return undefined;
}

export function forgetEvents(
  statements: WriteStatements,
  blocks: BlockIndex,
  { upTo }: ChangeOf<'forget-events'>,
): Refusal | undefined {
  const slowest = statements.slowestSinkCursor.get({});
  const served = slowest === undefined ? Infinity : integerColumn(slowest, 'sequence');
  if (upTo > newestCheckpointSize(statements) || upTo > served) {
    return { kind: 'in-use', what: 'events' };
  }
  const first = statements.findFirstEvent.get({});
  if (first === undefined) return undefined;
  const begin = blockOf(integerColumn(first, 'sequence'));
  const end = Math.min(Math.floor(upTo / BLOCK_EVENTS), begin + MAX_FORGOTTEN_BLOCKS);
  for (let block = begin; block < end; block += 1) blocks.forget(block);
  return undefined;
}

function newestCheckpointSize(statements: WriteStatements): number {
  return integerColumn(statements.newestCheckpointSize.get({}) ?? {}, 'size');
}
