/** What delivery needs from its surroundings, and what can be set for each sink. */

import type { DeliveryClock } from './delivery-clock.ts';
import type { EventFilter } from './event-filter.ts';
import type { Lag, LagLevel, LagThresholds } from './lag-watch.ts';
import type { RetryOptions } from './retry-delay.ts';
import type { DeliveryFailureKind, Sink, SinkEvent } from './sink.ts';

/** The log that events are read from; the key store's fits. */
export interface EventSource {
  /** By rising sequence. */
  listEvents(query: {
    readonly afterSequence: number;
    readonly limit: number;
  }): Promise<readonly SinkEvent[]>;
  /** Sequence of the newest event; 0 when there is none. */
  lastEventSequence(): Promise<number>;
}

/** Where each sink's place in the log is kept. It has to be durable. */
export interface SinkCursors {
  /** @returns undefined when the sink has none yet. */
  read(name: string): Promise<number | undefined>;
  /** @param sequence - Sequence of the last event that was delivered. */
  write(name: string, sequence: number): Promise<void>;
}

/** The part of a logger that delivery uses; pino's fits. Fields first, then a plain sentence. */
export interface DeliveryLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Hears what happens, for metrics and alerts. Must not throw. */
export interface DeliveryObserver {
  /** After each batch, each failure, and while a sink is waited for. */
  lag(sink: string, lag: Lag): void;
  delivered(sink: string, events: number): void;
  failed(sink: string, kind: DeliveryFailureKind): void;
  /** The level has changed, or has been raised for another hour. */
  lagLevel(sink: string, level: LagLevel, lag: Lag): void;
}

export interface DeliveryDependencies {
  readonly source: EventSource;
  readonly cursors: SinkCursors;
  readonly clock: DeliveryClock;
  /** From 0 up to 1; spreads the attempts of many senders. */
  readonly random: () => number;
  readonly log: DeliveryLog;
  readonly observer?: DeliveryObserver | undefined;
}

export interface BatchOptions {
  readonly maxEvents: number;
  /** Bodies of one batch in bytes; a single larger event is a batch of its own. */
  readonly maxBytes: number;
  /** How long a batch that is not full waits for more events, in milliseconds. */
  readonly lingerMs: number;
}

export const DEFAULT_BATCH: BatchOptions = { maxEvents: 500, maxBytes: 1_048_576, lingerMs: 0 };

/** A sink and how it is served. */
export interface SinkPlan {
  /** Names the cursor: a renamed sink begins anew. */
  readonly name: string;
  readonly sink: Sink;
  readonly filter?: EventFilter | undefined;
  readonly batch?: Partial<BatchOptions> | undefined;
  readonly retry?: Partial<RetryOptions> | undefined;
  readonly lagThresholds?: Partial<LagThresholds> | undefined;
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Where a sink without a cursor begins. Default `beginning`: it receives the whole log. */
  readonly startAt?: 'beginning' | 'now' | undefined;
}

export interface SinkStatus {
  readonly name: string;
  /** Sequence of the last event that was delivered or filtered out; undefined before it is known. */
  readonly cursor: number | undefined;
  readonly lag: Lag;
  readonly level: LagLevel;
  /** Failures in a row. */
  readonly failures: number;
  readonly lastFailure:
    | {
        readonly kind: DeliveryFailureKind;
        readonly message: string;
        /** Milliseconds since the epoch. */
        readonly time: number;
      }
    | undefined;
  /** Id of the one event that the receiver refuses and that all later ones wait for. */
  readonly refusedEventId: string | undefined;
}
