/** The queue of asynchronous requests as one message sees and changes it: with its commit, or not at all. */

import type { Change, QueuedRequestRecord, QueuedRequestSummary } from '@claviger/key-store';
import {
  ClavigerError,
  decodeItem,
  encodeItem,
  protocolVersionOf,
  type RequestBatchItem,
  RequestMessage,
  type ResponseBatchItem,
  ResponseMessage,
  type Version,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import type { MessageSource } from '../batch/process-message.ts';
import type { Access } from '../credentials/access.ts';
import { permissionsOf } from '../credentials/permissions.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { fromCorrelationValue } from './correlation-value.ts';
import { encodeQueuedMessage } from './queued-message.ts';
import { createQueueSeal } from './seal-queued.ts';

/** Requests of one adapter that may wait at a time. */
export const MAX_WAITING_REQUESTS = 256;
/** Those of one owner, who leaves room for the others of the adapter. */
export const MAX_WAITING_REQUESTS_OF_OWNER = 64;
/** Longest answer that is kept until somebody asks for it. */
export const MAX_QUEUED_ANSWER_BYTES = 1024 * 1024;
/** How long an answer is kept. */
export const ANSWER_KEPT_MS = 24 * 60 * 60 * 1000;

export interface RequestQueue {
  /**
   * Accepts an item, to be worked on after the message is durable.
   * @returns the id of the request.
   * @throws ClavigerError `overloaded`, `root-key-unusable`, `feature-not-supported`.
   */
  accept(item: RequestBatchItem): Promise<string>;
  /** The adapter's request with an Asynchronous Correlation Value. */
  find(correlationValue: Uint8Array): Promise<QueuedRequestRecord | undefined>;
  /** Those of the adapter, oldest first. */
  list(): Promise<readonly QueuedRequestSummary[]>;
  /**
   * The answer as it would have been sent; undefined where there is none. Its bytes are wiped with the message.
   * @throws ClavigerError `root-key-unusable`; `feature-not-supported` in another version than that of the
   * request.
   */
  answerOf(record: QueuedRequestRecord): ResponseBatchItem | undefined;
  /** Notes that the answer was asked for. */
  collect(record: QueuedRequestRecord): void;
  /** Ends a request that waits. */
  cancel(record: QueuedRequestRecord): void;
  changes(): readonly Change[];
  /** Forgets what the message wanted. */
  discard(): void;
}

export interface RequestQueueParts {
  readonly dependencies: Pick<KmipServerDependencies, 'keys' | 'randomness' | 'store'>;
  readonly source: MessageSource;
  readonly version: Version;
  readonly correlationId: string;
  /** A credential sees its own requests, and the certificate alone those without one; Rights narrow them. */
  readonly access: Access;
  /** What the client can take, in bytes. */
  readonly maxAnswerBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Makes the commit depend on the root key. @throws ClavigerError `root-key-unusable`. */
  useRootKey(): void;
  wipeLater(bytes: Uint8Array): Uint8Array;
}

export function createRequestQueue(parts: RequestQueueParts): RequestQueue {
  const { access, dependencies, source, version, now } = parts;
  const { store } = dependencies;
  const { adapter, rootKey } = source.principal.record;
  const adapterId = adapter.id;
  const seal = createQueueSeal(dependencies.keys, adapter, rootKey);
  const owner = access.credential?.id ?? null;
  const changes: Change[] = [];

  const wantedOf = (id: string) =>
    changes.find((change) => change.kind === 'end-request' && change.id === id);

  /** An answer is as good as the operation: whoever may not ask for that may not have the answer, either. */
  const isVisible = (record: QueuedRequestSummary) =>
    record.owner === owner && permissionsOf(access, record.operation).hasEverywhere;

  return {
    async accept(item) {
      if (access.rights.length > 0) {
        throw new ClavigerError(
          'feature-not-supported',
          'a ticket with rights is for requests that are answered at once',
        );
      }
      parts.useRootKey();
      const waiting = (await store.listQueuedRequests(adapterId)).filter(isWaiting);
      const own = waiting.filter((request) => request.owner === owner).length;
      const accepted = changes.filter(({ kind }) => kind === 'enqueue-request').length;
      if (own + accepted >= MAX_WAITING_REQUESTS_OF_OWNER) {
        throw new ClavigerError(
          'overloaded',
          `${MAX_WAITING_REQUESTS_OF_OWNER} asynchronous requests wait already; poll or cancel some first`,
        );
      }
      if (waiting.length + accepted >= MAX_WAITING_REQUESTS) {
        throw new ClavigerError(
          'overloaded',
          `${MAX_WAITING_REQUESTS} asynchronous requests of the adapter wait already; try again later`,
        );
      }
      const id = dependencies.randomness.uuid();
      const message = encodeAlone(item, version, parts.maxAnswerBytes);
      const bytes = encodeQueuedMessage({ origin: originOf(parts), message });
      const request = seal.seal(id, 'request', bytes);
      message.fill(0);
      bytes.fill(0);
      const { operation } = item;
      changes.push(
        { kind: 'forget-requests', endedBefore: Math.max(0, now - ANSWER_KEPT_MS) },
        {
          kind: 'enqueue-request',
          request: { id, adapterId, owner, operation, submittedAt: now, request },
        },
      );
      return id;
    },

    async find(correlationValue) {
      const id = fromCorrelationValue(correlationValue);
      const record = id === undefined ? undefined : await store.readQueuedRequest(adapterId, id);
      if (record === undefined || !isVisible(record)) return undefined;
      return wantedOf(record.id) === undefined ? record : { ...record, stage: 'canceled' };
    },

    async list() {
      const all = await store.listQueuedRequests(adapterId);
      return all.filter(isVisible);
    },

    answerOf({ id, answer }) {
      if (answer === null) return undefined;
      parts.useRootKey();
      const bytes = seal.open(id, 'answer', answer, (opened) =>
        parts.wipeLater(new Uint8Array(opened)),
      );
      return decodeAnswer(bytes, version);
    },

    collect({ id }) {
      changes.push({ kind: 'collect-request', adapterId, id, at: now });
    },

    cancel({ id }) {
      const ended = { stage: 'canceled', answer: null, endedAt: now } as const;
      changes.push({ kind: 'end-request', adapterId, id, ...ended });
    },

    changes: () => changes,

    discard() {
      changes.length = 0;
    },
  };
}

export function isWaiting({ stage }: QueuedRequestSummary): boolean {
  return stage === 'waiting';
}

/** The item as the only one of a message, which is read again by the parser of messages. */
function encodeAlone(item: RequestBatchItem, version: Version, maxAnswerBytes: number): Uint8Array {
  const { operation, requestPayload, messageExtension } = item;
  const requestHeader = {
    protocolVersion: protocolVersionOf(version),
    maximumResponseSize: Math.min(maxAnswerBytes, MAX_QUEUED_ANSWER_BYTES),
    attestationType: [],
    batchCount: 1,
  };
  const batchItem = [{ operation, requestPayload, messageExtension }];
  return encodeTtlv(encodeItem(RequestMessage, { requestHeader, batchItem }, version));
}

function originOf({ access, correlationId, source }: RequestQueueParts) {
  const { initiator, principal, requestURI } = source;
  const { authority, certificate } = principal.record;
  return {
    fingerprintSha256: certificate.fingerprintSha256,
    auditFingerprint: principal.auditFingerprint,
    authorityId: authority?.id,
    name: initiator.name,
    hostAddress: initiator.hostAddress,
    agent: initiator.agent,
    credentialId: access.credential?.id,
    credentialName: access.credential?.name,
    requestURI,
    correlationId,
  };
}

function decodeAnswer(bytes: Uint8Array, version: Version): ResponseBatchItem | undefined {
  const root = decodeTtlv(bytes, { maxMessageBytes: bytes.byteLength });
  let message: ResponseMessage;
  try {
    message = decodeItem(ResponseMessage, root, version);
  } catch (error) {
    if (error instanceof ClavigerError) throw otherVersion(error);
    throw error;
  }
  const { protocolVersionMajor: major, protocolVersionMinor: minor } =
    message.responseHeader.protocolVersion;
  if (`${major}.${minor}` !== version) throw otherVersion();
  return message.batchItem[0];
}

function otherVersion(cause?: Error): ClavigerError {
  return new ClavigerError(
    'feature-not-supported',
    'the request was made in another version of KMIP; poll in the same',
    { cause },
  );
}
