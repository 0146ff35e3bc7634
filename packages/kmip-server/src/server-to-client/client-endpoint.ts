/**
 * One client that the server sends requests to: whether it wants to know of a change, and the delivery of what it
 * is sent. What is sent is on record before it leaves, and so is that it could not be delivered.
 */

import type { ClavigerError, NotifiedAttributes, Version } from '@claviger/kmip-protocol';
import { toClavigerError } from '../batch/to-claviger-error.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { findClientAgain } from '../find-client.ts';
import { stateAt } from '../lifecycle/state.ts';
import type { Principal } from '../principal.ts';
import type {
  AskedOperation,
  AskedPayload,
  ClientAnswer,
  ClientRequests,
} from './client-requests.ts';
import { createDeliveryQueue, type Delivery, type DeliveryQueueOptions } from './delivery-queue.ts';
import { type NotifiedChanges, notifiedAttributesOf, type ObjectChange } from './object-change.ts';
import { createRequestRecord, type Putter, type Told, undelivered } from './request-record.ts';

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
  /**
   * Asks once, at once, whatever else waits; on record before it leaves, and again when it failed.
   *
   * @throws ClavigerError when it could not be put together or recorded: nothing was sent. `composePut` says why.
   */
  askOnce<O extends AskedOperation>(
    told: Told,
    operation: O,
    compose: ComposeOnce<O>,
  ): Promise<ClientAnswer<O>>;
  /** Resolves when nothing of it is being worked on any more. */
  close(): Promise<void>;
}

/** What is sent: a payload that holds no secret, or an object that is put together when it leaves. */
export type ComposeOnce<O extends AskedOperation> =
  | { readonly payload: AskedPayload<O> }
  | { readonly putter: () => Promise<Putter> };

export type EndpointLimits = Pick<DeliveryQueueOptions, 'wait' | 'maxWaiting' | 'giveUpAfterMs'>;

export function createClientEndpoint(
  dependencies: KmipServerDependencies,
  settings: EndpointSettings,
  requests: ClientRequests,
  limits: EndpointLimits,
): ClientEndpoint {
  const { clock, log, randomness, steadyClock = clock, store } = dependencies;
  const { adapter, requestURI } = settings;
  const where = { adapter, endpoint: requestURI };
  const record = createRequestRecord(dependencies, where);
  let hasWarnedOfRoom = false;
  let isClosed = false;
  const queue = createDeliveryQueue({
    ...limits,
    clock: steadyClock,
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
          await record.failed(told, refusal);
          return 'settled';
        }
        try {
          const answer = await requests.ask(told.version, operation, composed.payload);
          if (answer.kind === 'failed') return { again: answer.reason };
          if (answer.kind === 'answered') onAnswer(answer.payload);
          else await record.failed(told, undelivered(answer.reason));
          return 'settled';
        } finally {
          composed.wipe?.();
        }
      },
      abandon: (reason) => record.failed(told, undelivered(reason)),
    };
  }

  function notify(changed: ObjectsChanged, change: ObjectChange, now: number): void {
    const news = notifiedAttributesOf(change, settings.notifies, now);
    if (news === undefined) return;
    // Byte strings may be views of the request, which is wiped when it has been answered.
    const attributes = structuredClone(news);
    const told = toldOf(changed, 'Notify', change, now);
    push(delivery(told, 'Notify', (isRecorded) => composeNotify(told, attributes, isRecorded)));
  }

  async function composeNotify(
    told: Told,
    attributes: NotifiedAttributes,
    isRecorded: boolean,
  ): Promise<{ payload: AskedPayload<'Notify'> }> {
    if (!isRecorded) await record.sent(told);
    return { payload: { uniqueIdentifier: told.subject?.id ?? '', attributes } };
  }

  function put(changed: ObjectsChanged, change: ObjectChange, now: number): void {
    const told = toldOf(changed, 'Put', change, now);
    const putter = () => clientThatPuts(changed.principal);
    push(delivery(told, 'Put', (isRecorded) => record.put(told, isRecorded, putter)));
  }

  /** The client that made the object may be gone by now; its adapter and root key decide. */
  async function clientThatPuts(principal: Principal): Promise<Putter> {
    const client = (await findClientAgain(store, principal.record)) ?? principal.record;
    const { authority, certificate } = client;
    return {
      keys: client,
      by: {
        at: clock.now(),
        actor: certificate.createdBy,
        certificateId: certificate.id,
        authorityId: authority?.id,
        fingerprintSha256: certificate.fingerprintSha256,
      },
    };
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
        if (!isRecorded) await record.sent(told);
        return { payload };
      };
      push(delivery(told, operation, compose, onAnswer));
    },
    async askOnce(told, operation, compose) {
      const fail = async (error: ClavigerError) => {
        await record.failed(told, error);
        return error;
      };
      let payload: AskedPayload<typeof operation>;
      let wipe = () => {};
      try {
        if ('putter' in compose) {
          const composed = await record.put(told, false, compose.putter);
          wipe = composed.wipe;
          // Only a Put is put together by a putter.
          payload = composed.payload as AskedPayload<typeof operation>;
        } else {
          await record.sent(told);
          payload = compose.payload;
        }
      } catch (error) {
        throw await fail(toClavigerError(error));
      }
      try {
        const answer = await requests.ask(told.version, operation, payload);
        if (answer.kind !== 'answered') await fail(undelivered(answer.reason));
        return answer;
      } finally {
        wipe();
      }
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
