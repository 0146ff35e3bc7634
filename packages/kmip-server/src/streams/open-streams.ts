/**
 * Cryptographic operations that take their data in parts (1.4 §4.29, Init and Final Indicator): what is open
 * between two requests, in memory. A stream belongs to the adapter, the operation and the object that it was
 * opened with; it is forgotten when it is not gone on with, and with the process.
 */

import { ClavigerError, type OperationName } from '@claviger/kmip-protocol';
import type { Clock, Randomness } from '../dependencies.ts';

/** How long a stream waits for its next part. */
export const STREAM_IDLE_MS = 10 * 60 * 1000;
/** Streams of one adapter at a time: one client cannot fill the memory. */
export const MAX_STREAMS_OF_ADAPTER = 1024;

const CORRELATION_VALUE_BYTES = 16;

/** Whose stream it is. */
export interface StreamOwner {
  readonly adapterId: string;
  readonly operation: OperationName;
  /** Undefined for operations without a key. */
  readonly objectId: string | undefined;
}

/** Takes data part by part. It keeps copies of what it needs again: the bytes of a request are wiped after it. */
export interface DataStream<Result> {
  /** What the part gives at once, if anything. */
  update(data: Uint8Array): Uint8Array | undefined;
  final(): Result;
}

/** The streams as one message has them. */
export interface MessageStreams {
  /** @returns the Correlation Value. @throws ClavigerError `overloaded`. */
  add(owner: StreamOwner, stream: DataStream<unknown>): Uint8Array;
  /** @throws ClavigerError `unknown-stream` unless the owner has a stream of that Correlation Value. */
  get(owner: StreamOwner, correlationValue: Uint8Array): DataStream<unknown>;
  remove(correlationValue: Uint8Array): void;
  /**
   * Ends all streams that the message has opened or gone on with. What it gave them cannot be taken back, and
   * its client has no answer: to go on would be to compute with data twice, or with data that was refused.
   */
  discard(): void;
}

export interface OpenStreams {
  forMessage(): MessageStreams;
}

interface Entry {
  readonly owner: StreamOwner;
  readonly stream: DataStream<unknown>;
  lastUsedAt: number;
}

export function createOpenStreams(clock: Clock, randomness: Randomness): OpenStreams {
  /** The one that was used longest ago stands first. */
  const entries = new Map<string, Entry>();
  const counts = new Map<string, number>();

  function forget(key: string, { owner }: Entry): void {
    entries.delete(key);
    const left = (counts.get(owner.adapterId) ?? 1) - 1;
    if (left === 0) counts.delete(owner.adapterId);
    else counts.set(owner.adapterId, left);
  }

  function end(key: string): void {
    const entry = entries.get(key);
    if (entry !== undefined) forget(key, entry);
  }

  function forgetIdle(): void {
    const limit = clock.now() - STREAM_IDLE_MS;
    for (const [key, entry] of entries) {
      if (entry.lastUsedAt > limit) return;
      forget(key, entry);
    }
  }

  return { forMessage };

  function forMessage(): MessageStreams {
    const touched = new Set<string>();
    return {
      add(owner, stream) {
        forgetIdle();
        const count = counts.get(owner.adapterId) ?? 0;
        if (count >= MAX_STREAMS_OF_ADAPTER) {
          throw new ClavigerError(
            'overloaded',
            `${MAX_STREAMS_OF_ADAPTER} operations in parts are open; finish some first`,
          );
        }
        const correlationValue = randomness.bytes(CORRELATION_VALUE_BYTES);
        const key = keyOf(correlationValue);
        entries.set(key, { owner, stream, lastUsedAt: clock.now() });
        touched.add(key);
        counts.set(owner.adapterId, count + 1);
        return correlationValue;
      },

      get(owner, correlationValue) {
        forgetIdle();
        const key = keyOf(correlationValue);
        const entry = entries.get(key);
        if (entry === undefined || !isSame(entry.owner, owner)) {
          throw new ClavigerError(
            'unknown-stream',
            'no operation in parts has this Correlation Value; begin it anew with the Init Indicator',
          );
        }
        touched.add(key);
        entries.delete(key);
        entries.set(key, { ...entry, lastUsedAt: clock.now() });
        return entry.stream;
      },

      remove(correlationValue) {
        end(keyOf(correlationValue));
      },

      discard() {
        for (const key of touched) end(key);
      },
    };
  }
}

function isSame(one: StreamOwner, other: StreamOwner): boolean {
  return (
    one.adapterId === other.adapterId &&
    one.operation === other.operation &&
    one.objectId === other.objectId
  );
}

function keyOf(correlationValue: Uint8Array): string {
  return Buffer.from(correlationValue).toString('hex');
}
