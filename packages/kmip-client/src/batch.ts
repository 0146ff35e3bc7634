/** What a batch is asked for and what comes back (1.4 §7.1, §6.13). */

import type { OperationFailure } from './error.ts';
import type { BatchRequest, ClientOperation, ResponsePayload } from './payloads.ts';

export interface BatchOptions {
  /** What the server does after an item that fails; when absent, it stops (1.4 §6.13). */
  readonly errorContinuation?: 'Stop' | 'Continue' | 'Undo' | undefined;
  /**
   * Whether the items must be carried out in their order (1.4 §6.12). Needed where one works on the object
   * that an earlier one made; when absent, the server may take any order.
   */
  readonly order?: boolean | undefined;
}

/** What became of one item. */
export type BatchResult<O extends ClientOperation = ClientOperation> =
  | { readonly kind: 'success'; readonly payload: ResponsePayload<O> }
  /** Refused, or undone since another item was refused: see `resultStatus`. */
  | ({ readonly kind: 'failure' } & OperationFailure)
  /** The server stopped at an earlier item and says nothing of this one. */
  | { readonly kind: 'skipped' };

/** The results of a batch, each at the place of its request. */
export type BatchResults<I extends readonly BatchRequest[]> = {
  readonly [K in keyof I]: BatchResult<I[K]['operation']>;
};
