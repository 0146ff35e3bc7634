/** The record of what a client is sent: that it leaves, before it does, and that it could not be delivered. */

import { type AuditEventInput, keyState, kmipOperationAction } from '@claviger/audit-emitter';
import type { Attribution, UnitOfWork } from '@claviger/key-store';
import { ClavigerError, type Version } from '@claviger/kmip-protocol';
import { reasonText, toEvent } from '../batch/audit-events.ts';
import { rootKeyUnusable } from '../batch/item-context.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { AuditSubject } from '../operations/operation-handler.ts';
import type { ClientRecord } from '../principal.ts';
import type { AskedOperation } from './client-requests.ts';
import { type ComposedPut, composePut } from './compose-put.ts';

/** What a request needs to be on record. */
export interface Told {
  /** Id of the adapter. */
  readonly adapterId: string;
  readonly version: Version;
  readonly operation: AskedOperation;
  readonly correlationId: string;
  readonly subject: AuditSubject | undefined;
}

/** By whose keys an object is opened, and to whom the change of it is put down. */
export interface Putter {
  readonly keys: Pick<ClientRecord, 'adapter' | 'rootKey'>;
  readonly by: Attribution;
}

export interface RequestRecord {
  /** @throws what the store throws; then nothing may be sent. */
  sent(told: Told): Promise<void>;
  /**
   * The object as it is now; that it leaves is recorded together with what follows from it.
   *
   * @param isRecorded - Whether an earlier attempt has recorded it.
   * @param putter - Asked at each attempt.
   * @throws ClavigerError those of `composePut`, and `unavailable` when the object changes again and again.
   */
  put(told: Told, isRecorded: boolean, putter: () => Promise<Putter>): Promise<ComposedPut>;
  /** Never rejects: that an event of a failure cannot be kept is told in the log. */
  failed(told: Told, error: ClavigerError): Promise<void>;
}

/** How often a Put is composed anew because its object was changed in between. */
const MAX_ATTEMPTS = 8;

export function createRequestRecord(
  dependencies: Pick<KmipServerDependencies, 'audit' | 'clock' | 'keys' | 'log' | 'store'>,
  where: { readonly adapter: string; readonly endpoint: string },
): RequestRecord {
  const { audit, log, store } = dependencies;

  function eventOf(told: Told, failure: ClavigerError | undefined): UnitOfWork['events'] {
    const { adapterId, version, operation, correlationId, subject } = told;
    const input: AuditEventInput = {
      action: kmipOperationAction(operation),
      initiator: { kind: 'system' },
      correlationId,
      requestURI: where.endpoint,
      outcome:
        failure === undefined
          ? { kind: 'success' }
          : {
              kind: 'failure',
              errorCode: failure.code,
              reasonText: reasonText(failure, version),
            },
      target:
        subject === undefined
          ? { kind: 'instance' }
          : { kind: 'resource', resourceType: 'kmip_object', id: subject.id },
      ...(failure === undefined && { adapterId }),
      requestData: { kmipOperation: operation, protocolVersion: version },
      responseData:
        subject === undefined
          ? {}
          : failure === undefined
            ? {
                kmipObjectId: subject.id,
                kmipObjectType: subject.objectType,
                keyState: keyState(subject.state),
              }
            : { keyState: keyState(subject.state) },
    };
    const event = toEvent(audit, input, adapterId);
    return event === undefined ? [] : [event];
  }

  return {
    async sent(told) {
      await store.commit({ events: eventOf(told, undefined), changes: [], guards: [] });
    },

    async put(told, isRecorded, putter) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const { keys, by } = await putter();
        const composed = await composePut(dependencies, keys, told.subject?.id ?? '', by);
        const { changes, guards, subject } = composed;
        const events = isRecorded ? [] : eventOf({ ...told, subject }, undefined);
        let isKept = false;
        try {
          const outcome = await store.commit({ events, changes, guards });
          isKept = outcome.kind === 'committed';
          if (outcome.kind === 'guard-failed') throw rootKeyUnusable();
        } finally {
          if (!isKept) composed.wipe();
        }
        if (isKept) return composed;
      }
      throw new ClavigerError('unavailable', 'the object was changed again and again');
    },

    async failed(told, error) {
      const fields = { ...where, operation: told.operation, objectId: told.subject?.id };
      log.warn({ ...fields, code: error.code, reason: error.message }, 'a client was not told');
      try {
        await store.commit({ events: eventOf(told, error), changes: [], guards: [] });
      } catch (cause) {
        log.error({ ...where, err: cause }, 'an event could not be recorded');
      }
    },
  };
}

export function undelivered(reason: string): ClavigerError {
  return new ClavigerError('unavailable', `the client was not told: ${reason}`);
}
