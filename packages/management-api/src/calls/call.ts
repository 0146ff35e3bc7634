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
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the client asks for the whole resource (`Prefer: return=representation`). */
  readonly prefersRepresentation: boolean;
  /** The key ring that the client works in, if it says so. */
  readonly keyRingId: string | undefined;
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

/** What a handler computed. Nothing of it happened yet. */
export interface Answer<Body> {
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  readonly work?: Work;
}
