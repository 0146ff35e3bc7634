/** Runs the items of a message in their order (Batch Error Continuation Option: 1.4 §6.13). */

import type { ClavigerError, RequestBatchItem } from '@claviger/kmip-protocol';
import type { MessageContext } from './message-context.ts';
import { type ItemOutcome, runItem } from './run-item.ts';

export type ErrorContinuation = 'Stop' | 'Continue' | 'Undo';

/** An item that ran, with how it ended; `undone` ones had succeeded. */
export interface RanItem {
  readonly item: RequestBatchItem;
  readonly outcome: ItemOutcome | { readonly kind: 'undone'; readonly because: ClavigerError };
}

/**
 * Items after a failure are not run, and not answered, under Stop and Undo. Under Undo what had been
 * done is taken back. Results of the successful items are saved in the workspace.
 */
export async function runBatch(
  message: MessageContext,
  items: readonly RequestBatchItem[],
  continuation: ErrorContinuation,
): Promise<readonly RanItem[]> {
  const ran: RanItem[] = [];
  let idPlaceholder: string | undefined;
  for (const item of items) {
    const outcome = await runItem(message, item, idPlaceholder);
    ran.push({ item, outcome });
    if (outcome.kind === 'success') {
      message.workspace.save(outcome.save);
      if (outcome.idPlaceholder !== undefined) idPlaceholder = outcome.idPlaceholder ?? undefined;
      continue;
    }
    if (continuation === 'Stop') break;
    if (continuation === 'Undo') return undo(message, ran, outcome.error);
  }
  return ran;
}

/** Takes everything back; items that had succeeded are undone because of the error. */
export function undo(
  message: MessageContext,
  ran: readonly RanItem[],
  because: ClavigerError,
): readonly RanItem[] {
  message.workspace.discard();
  return ran.map(({ item, outcome }) => ({
    item,
    outcome: outcome.kind === 'success' ? { kind: 'undone', because } : outcome,
  }));
}
