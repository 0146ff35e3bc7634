/** What a place that receives audit events has to be able to do, and how it says that it could not. */

/** An event of the log, as the store keeps it. */
export interface SinkEvent {
  /** Rises by one from event to event of a log, without gaps. */
  readonly sequence: number;
  /** A UUID. Whoever receives an event twice knows it by this. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly correlationId: string | null;
  /** The event as JSON on one line. Sinks hand it on byte for byte where their format allows. */
  readonly body: string;
}

/**
 * One place that events are delivered to. Calls never overlap: a second `deliver` comes after the first
 * has settled.
 */
export interface Sink {
  /**
   * Delivers events, in order. When it resolves they are the receiver's; when it rejects any part of them
   * may have arrived, and they come again.
   *
   * @param batch - Events by rising sequence; at least one.
   * @param signal - Ends the attempt: the sink lets go of what it holds and rejects soon.
   * @throws DeliveryError for everything that is expected of a receiver.
   */
  deliver(batch: readonly SinkEvent[], signal: AbortSignal): Promise<void>;
  /** Lets go of connections and files. Called once, after the last `deliver`. Does not reject. */
  close(): Promise<void>;
}

/**
 * - `unavailable`: down, slow, busy; the same batch may succeed later.
 * - `misconfigured`: no batch will succeed before somebody changes something (credentials, address, trust).
 * - `refused`: the receiver does not want this batch, e.g. since it is too large or has an event that the
 *   receiver cannot read.
 */
export type DeliveryFailureKind = 'unavailable' | 'misconfigured' | 'refused';

interface DeliveryErrorOptions extends ErrorOptions {
  /** The receiver asked not to be tried again before so many milliseconds have gone by. */
  readonly retryAfterMs?: number | undefined;
}

/** A batch was not delivered. The message is safe to log: no secret, no event. */
export class DeliveryError extends Error {
  readonly kind: DeliveryFailureKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: DeliveryFailureKind, message: string, options: DeliveryErrorOptions = {}) {
    super(message, options);
    this.name = 'DeliveryError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What is thrown by code that is not ours, as `unavailable`. */
export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeliveryError('unavailable', message, { cause: error });
}

/** Rejects as a signal says, if it has been given already. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw toDeliveryError(signal.reason);
}
