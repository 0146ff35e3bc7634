import type { JsonObject, TargetInput } from '@claviger/audit-emitter';
import type { Attribution, Change, CommitOutcome, Guard } from '@claviger/key-store';
import type { ApiError } from '../errors/api-error.ts';
import type { Caller } from '../identity/caller.ts';

/** What the event of a call tells beyond its action and outcome. */
export interface EventFacts {
  readonly target: TargetInput;
  readonly adapterId: string | undefined;
  readonly requestData: JsonObject;
  /** Of success only. */
  readonly responseData: JsonObject;
}

/** Nothing is known but that something was asked of the instance. */
export const NO_FACTS: EventFacts = {
  target: { kind: 'instance' },
  adapterId: undefined,
  requestData: {},
  responseData: {},
};

/** One request of somebody who may make it. */
export interface Call {
  readonly caller: Caller;
  readonly correlationId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the client asks for the whole resource (`Prefer: return=representation`). */
  readonly prefersRepresentation: boolean;
  /** The key ring that the client works in, if it says so. */
  readonly keyRingId: string | undefined;
  /** In which form the client wants an answer that may come as a stream. */
  readonly streamForm: StreamForm | undefined;
  /** The last event that the client of a stream has, if it says so (`Last-Event-ID`). */
  readonly lastEventId: string | undefined;
  /** Rejects when the caller may not make this call any more: for calls that go on. */
  stillAllowed(): Promise<void>;
  /** The caller, now. */
  readonly by: Attribution;
  /** Adds to what the event tells, as soon as it is known: then a failure tells it too. */
  tell(facts: Partial<EventFacts>): void;
}

export type Refused = Exclude<CommitOutcome, { readonly kind: 'committed' }>;

/** What is to be changed, and the words for when the store refuses. */
export interface Work {
  readonly guards?: readonly Guard[];
  readonly changes: readonly Change[];
  refused(outcome: Refused): ApiError | undefined;
  /** Somebody else was faster: compute again from what is stored now. Otherwise `refused` decides. */
  readonly retryOnConflict?: true;
}

/** Events as they come, or all of them, one a line. */
export type StreamForm = 'text/event-stream' | 'application/x-ndjson';

/** A body of unknown length. */
export interface StreamedBody {
  readonly form: StreamForm;
  /** Begins when the event of the call is durable. Ends soon after the signal. */
  open(signal: AbortSignal): AsyncIterable<string>;
}

/** What a handler computed. Nothing of it happened yet. */
export interface Answer<Body> {
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  readonly work?: Work;
  /** Instead of a body. */
  readonly stream?: StreamedBody;
}
