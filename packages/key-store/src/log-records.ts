/** What is kept beside the events: checkpoints of the log, and how far each sink was served. */
import type { UnitOfWork } from './unit-of-work.ts';

/** A signed statement about the first `size` events. */
export interface CheckpointRecord {
  readonly size: number;
  /** A signed note (C2SP signed-note), which the store does not look into. */
  readonly note: string;
  /** Hashes of the subtrees from which the tree of this size is continued. */
  readonly frontier: Uint8Array;
  /** Whether the note also hands over to another signing key. */
  readonly isSuccession: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface CheckpointQuery {
  /** Only those of a greater size. */
  readonly afterSize: number;
  readonly limit: number;
  /** Only those that hand over to another key. */
  readonly successionsOnly?: boolean;
}

/** How far a sink was served: up to and with the event `sequence`. */
export interface SinkCursor {
  readonly name: string;
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Which events the log still has, and which hashes. */
export interface LogExtent {
  /** Identity of the log: 32 hexadecimal digits. One database is one log. */
  readonly node: string;
  /** Sequence of the oldest event that is kept; `lastSequence` + 1 when none is. */
  readonly firstSequence: number;
  /** Sequence of the newest event, 0 when there never was one. */
  readonly lastSequence: number;
}

/** The unit of work by which a cursor is written; nothing can refuse it. */
export function cursorUnit(cursor: SinkCursor): UnitOfWork {
  return { guards: [], changes: [{ kind: 'write-sink-cursor', cursor }], events: [] };
}
