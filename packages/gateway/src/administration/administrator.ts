/**
 * Who administers, and the one way to do it: whatever is changed or looked at is committed together
 * with its audit event, and so is what was refused.
 */
import {
  type AuditAction,
  type AuditEventInput,
  type JsonObject,
  type LocalUserInitiator,
  type SystemInitiator,
  type TargetInput,
  toLogRecord,
} from '@claviger/audit-emitter';
import type { Change, CommitOutcome, NewEvent } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import type { Installation } from '../installation.ts';

/** Somebody at work, by one command. */
export interface Administrator {
  readonly initiator: LocalUserInitiator | SystemInitiator;
  /** What stands in the events, e.g. `claviger:/adapter/create`. */
  readonly requestURI: string;
  readonly correlationId: string;
}

/** Who it was, as records keep it: the id that stands in the events. */
export function actorOf({ initiator }: Administrator): string {
  return initiator.kind === 'system' ? 'claviger' : `LocalUser-${initiator.account}`;
}

/** What an action is about, as far as the event needs it. */
export interface Deed {
  readonly action: AuditAction;
  readonly target: TargetInput;
  readonly adapterId?: string | undefined;
  readonly requestData: JsonObject;
  readonly responseData?: JsonObject | undefined;
  readonly reasonCode?: 200 | 201 | 204 | undefined;
}

type Refused = Exclude<CommitOutcome, { readonly kind: 'committed' }>;

/**
 * Makes changes durable together with the events that tell of them.
 *
 * @param words - Why the store may refuse, for people.
 * @throws ClavigerError when it refuses; then events of the failures are in the log instead.
 */
export async function commitDeeds(
  installation: Installation,
  administrator: Administrator,
  work: { readonly changes: readonly Change[]; readonly deeds: readonly Deed[] },
  words: (refused: Refused) => string,
): Promise<void> {
  const { store } = installation;
  const events = work.deeds.flatMap((deed) =>
    eventOf(installation, administrator, deed, {
      kind: 'success',
      reasonCode: deed.reasonCode,
    }),
  );
  const outcome = await store.commit({ guards: [], changes: work.changes, events });
  if (outcome.kind === 'committed') return;
  const error = new ClavigerError(REFUSALS[outcome.kind], words(outcome));
  await recordFailure(installation, administrator, work.deeds, error);
  throw error;
}

/** Writes the events of deeds that were refused. */
export async function recordFailure(
  installation: Installation,
  administrator: Administrator,
  deeds: readonly Deed[],
  error: ClavigerError,
): Promise<void> {
  const events = deeds.flatMap((deed) =>
    eventOf(
      installation,
      administrator,
      { ...deed, responseData: undefined },
      { kind: 'failure', errorCode: error.code, reasonText: error.message },
    ),
  );
  await installation.store.commit({ guards: [], changes: [], events });
}

const REFUSALS = {
  duplicate: 'name-already-exists',
  'not-found': 'item-not-found',
  'in-use': 'illegal-operation',
  conflict: 'illegal-operation',
  'guard-failed': 'illegal-operation',
} as const satisfies Record<Refused['kind'], ClavigerError['code']>;

function eventOf(
  { audit }: Installation,
  { initiator, requestURI, correlationId }: Administrator,
  deed: Deed,
  outcome: AuditEventInput['outcome'],
): readonly NewEvent[] {
  const { action, target, adapterId, requestData, responseData } = deed;
  const event = audit.build({
    action,
    outcome,
    initiator,
    target,
    correlationId,
    requestURI,
    requestData,
    adapterId,
    responseData,
  });
  return event === undefined ? [] : [{ ...toLogRecord(event), adapterId: adapterId ?? null }];
}
