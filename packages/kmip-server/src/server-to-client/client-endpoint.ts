/**
 * One client that the server sends requests to: whether it wants to know of a change, and the delivery of what it
 * is sent. What is sent is on record before it leaves, and so is that it could not be delivered.
 */

import { type AuditEventInput, keyState, kmipOperationAction } from '@claviger/audit-emitter';
import type { UnitOfWork } from '@claviger/key-store';
import { ClavigerError, type NotifiedAttributes, type Version } from '@claviger/kmip-protocol';
import { reasonText, toEvent } from '../batch/audit-events.ts';
import { rootKeyUnusable } from '../batch/item-context.ts';
import { toClavigerError } from '../batch/to-claviger-error.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { findClientAgain } from '../find-client.ts';
import { stateAt } from '../lifecycle/state.ts';
import type { AuditSubject } from '../operations/operation-handler.ts';
import type { Principal } from '../principal.ts';
import type { AskedOperation, AskedPayload, ClientRequests } from './client-requests.ts';
import { composePut } from './compose-put.ts';
import { createDeliveryQueue, type Delivery, type DeliveryQueueOptions } from './delivery-queue.ts';
import { type NotifiedChanges, notifiedAttributesOf, type ObjectChange } from './object-change.ts';

/** What a message of a client has changed. */
export interface ObjectsChanged {
  /** Of the client that sent the message. */
  readonly principal: Principal;
  /** Of the message. */
  readonly version: Version;
  readonly objects: readonly ObjectChange[];
}

export interface EndpointSettings {
  /** Id or name. */
  readonly adapter: string;
  /** `kmip://host:port`, for events. */
  readonly requestURI: string;
  /** Default: that of the message which changed the object. */
  readonly version?: Version | undefined;
  /** Whether objects are put to it when they are made. */
  readonly putsNewObjects: boolean;
  readonly notifies: NotifiedChanges;
  /** Whether it is told of objects that belong to a credential. An endpoint of the operator is. */
  readonly seesOwnedObjects?: boolean | undefined;
}

export interface ClientEndpoint {
  objectsChanged(changed: ObjectsChanged): void;
  /** Asks in its turn, on record as everything that is sent; what comes back is handed to `onAnswer`. */
  ask<O extends AskedOperation>(
    version: Version,
    operation: O,
    payload: AskedPayload<O>,
    onAnswer: (payload: unknown) => void,
  ): void;
  /** Resolves when nothing of it is being worked on any more. */
  close(): Promise<void>;
}

export type EndpointLimits = Pick<DeliveryQueueOptions, 'wait' | 'maxWaiting' | 'giveUpAfterMs'>;

/** How often a Put is composed anew because its object was changed in between. */
const MAX_ATTEMPTS = 8;

export function createClientEndpoint(
  dependencies: KmipServerDependencies,
  settings: EndpointSettings,
  requests: ClientRequests,
  limits: EndpointLimits,
): ClientEndpoint {
  const { audit, clock, log, randomness, store } = dependencies;
  const { adapter, requestURI } = settings;
  const where = { adapter, endpoint: requestURI };
  let hasWarnedOfRoom = false;
  let isClosed = false;
  const queue = createDeliveryQueue({
    ...limits,
    clock,
    onTrouble: (reason) => {
      if (!isClosed) log.warn({ ...where, reason }, 'a client cannot be told; it is tried again');
    },
  });

  function push(delivery: Delivery): void {
    if (queue.push(delivery)) {
      hasWarnedOfRoom = false;
      return;
    }
    if (isClosed || hasWarnedOfRoom) return;
    hasWarnedOfRoom = true;
    log.warn(
      { ...where, maxWaiting: limits.maxWaiting },
      'so much waits for a client that it is not told of further changes',
    );
  }

  /** What a delivery needs to be on record. */
  interface Told {
    readonly adapterId: string;
    readonly version: Version;
    readonly operation: AskedOperation;
    readonly correlationId: string;
    readonly subject: AuditSubject | undefined;
  }

  function eventOf(told: Told, failure: ClavigerError | undefined): UnitOfWork['events'] {
    const { adapterId, version, operation, correlationId, subject } = told;
    const input: AuditEventInput = {
      action: kmipOperationAction(operation),
      initiator: { kind: 'system' },
      correlationId,
      requestURI,
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

  /** Never rejects: that an event of a failure cannot be kept is told in the log. */
  async function recordFailure(told: Told, error: ClavigerError): Promise<void> {
    const fields = { ...where, operation: told.operation, objectId: told.subject?.id };
    log.warn({ ...fields, code: error.code, reason: error.message }, 'a client was not told');
    try {
      await store.commit({ events: eventOf(told, error), changes: [], guards: [] });
    } catch (cause) {
      log.error({ ...where, err: cause }, 'an event could not be recorded');
    }
  }

  /** One request, made durable by `compose` before each attempt to send it. */
  function delivery<O extends AskedOperation>(
    told: Told,
    operation: O,
    compose: (isRecorded: boolean) => Promise<{ payload: AskedPayload<O>; wipe?(): void }>,
    onAnswer: (payload: unknown) => void = () => {},
  ): Delivery {
    let isRecorded = false;
    return {
      async attempt() {
        let composed: Awaited<ReturnType<typeof compose>>;
        try {
          composed = await compose(isRecorded);
          isRecorded = true;
        } catch (error) {
          const refusal = toClavigerError(error);
          // A store that cannot be written to now may be later; what is refused stays so.
          if (refusal.code === 'internal' || refusal.code === 'unavailable') {
            log.error({ ...where, err: error }, 'a request to a client could not be recorded');
            return { again: 'it could not be recorded' };
          }
          await recordFailure(told, refusal);
          return 'settled';
        }
        try {
          const answer = await requests.ask(told.version, operation, composed.payload);
          if (answer.kind === 'failed') return { again: answer.reason };
          if (answer.kind === 'answered') onAnswer(answer.payload);
          else await recordFailure(told, undelivered(answer.reason));
          return 'settled';
        } finally {
          composed.wipe?.();
        }
      },
      abandon: (reason) => recordFailure(told, undelivered(reason)),
    };
  }

  function notify(changed: ObjectsChanged, change: ObjectChange, now: number): void {
    const attributes = notifiedAttributesOf(change, settings.notifies, now);
    if (attributes === undefined) return;
    const told = toldOf(changed, 'Notify', change, now);
    push(delivery(told, 'Notify', (isRecorded) => composeNotify(told, attributes, isRecorded)));
  }

  async function composeNotify(
    told: Told,
    attributes: NotifiedAttributes,
    isRecorded: boolean,
  ): Promise<{ payload: AskedPayload<'Notify'> }> {
    if (!isRecorded) {
      await store.commit({ events: eventOf(told, undefined), changes: [], guards: [] });
    }
    return { payload: { uniqueIdentifier: told.subject?.id ?? '', attributes } };
  }

  function put(changed: ObjectsChanged, change: ObjectChange, now: number): void {
    const told = toldOf(changed, 'Put', change, now);
    push(
      delivery(told, 'Put', (isRecorded) => composeRecorded(changed.principal, told, isRecorded)),
    );
  }

  /** The object as it is now; that it leaves is recorded together with what follows from it. */
  async function composeRecorded(principal: Principal, told: Told, isRecorded: boolean) {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      // The client that made the object may be gone by now; its adapter and root key decide.
      const client = (await findClientAgain(store, principal.record)) ?? principal.record;
      const composed = await composePut(dependencies, client, told.subject?.id ?? '');
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
  }

  function toldOf(
    { principal, version }: ObjectsChanged,
    operation: AskedOperation,
    { after }: ObjectChange,
    now: number,
  ): Told {
    const { id, objectType } = after;
    return {
      adapterId: principal.record.adapter.id,
      version: settings.version ?? version,
      operation,
      correlationId: randomness.uuid(),
      subject: { id, objectType, state: stateAt(after, now) },
    };
  }

  return {
    objectsChanged(changed) {
      const { id, name } = changed.principal.record.adapter;
      if (adapter !== id && adapter !== name) return;
      const now = Math.floor(clock.now() / 1000);
      for (const change of changed.objects) {
        if (change.after.owner !== undefined && settings.seesOwnedObjects === false) continue;
        if (change.before !== undefined) notify(changed, change, now);
        else if (settings.putsNewObjects) put(changed, change, now);
      }
    },
    ask(version, operation, payload, onAnswer) {
      const correlationId = randomness.uuid();
      const told: Told = {
        adapterId: adapter,
        version,
        operation,
        correlationId,
        subject: undefined,
      };
      const compose = async (isRecorded: boolean) => {
        if (!isRecorded) {
          await store.commit({ events: eventOf(told, undefined), changes: [], guards: [] });
        }
        return { payload };
      };
      push(delivery(told, operation, compose, onAnswer));
    },
    async close() {
      isClosed = true;
      const left = queue.close();
      await requests.close();
      const count = await left;
      if (count > 0) log.warn({ ...where, count }, 'a client was not told of what waited for it');
    },
  };
}

function undelivered(reason: string): ClavigerError {
  return new ClavigerError('unavailable', `the client was not told: ${reason}`);
}
