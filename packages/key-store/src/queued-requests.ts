/**
 * Requests that were accepted and are worked on after their answer: what is asked and what came of it,
 * sealed by the caller. They are kept for a while, and a few of each adapter only.
 */

export const QUEUE_STAGES = ['waiting', 'completed', 'failed', 'canceled'] as const;

/** Where a request stands. All but `waiting` are final. */
export type QueueStage = (typeof QUEUE_STAGES)[number];

/** A request without what it holds. */
export interface QueuedRequestSummary {
  /** Unique in the store. */
  readonly id: string;
  readonly adapterId: string;
  /** Whose it is within the adapter, by a word of the caller's; null for nobody's. */
  readonly owner: string | null;
  /** What is asked, by a word of the caller's. */
  readonly operation: string;
  readonly stage: QueueStage;
  /** Milliseconds since the epoch. */
  readonly submittedAt: number;
  readonly endedAt: number | null;
  /** When somebody first asked for the answer; null while nobody has. */
  readonly collectedAt: number | null;
}

export interface QueuedRequestRecord extends QueuedRequestSummary {
  /** Sealed; null when it has ended, since nobody needs it then. */
  readonly request: Uint8Array | null;
  /** Sealed; null while there is none, and when it was canceled. */
  readonly answer: Uint8Array | null;
}

/** What is put into the queue: it waits. */
export type NewQueuedRequest = Pick<
  QueuedRequestSummary,
  'id' | 'adapterId' | 'owner' | 'operation' | 'submittedAt'
> & { readonly request: Uint8Array };

/** How many ended requests of one adapter are kept: the newest. */
export const MAX_ENDED_REQUESTS = 128;
