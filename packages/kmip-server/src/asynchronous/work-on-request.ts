/**
 * Works on one queued request: as if its message came now, over the same way, with the difference that the
 * answer is sealed and kept with the commit instead of sent. A request that somebody else has ended meanwhile is
 * left alone, and nothing of the work remains.
 */

import type {
  Change,
  QueuedRequestRecord,
  QueuedRequestSummary,
  UnitOfWork,
} from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import { eventsOfItems, type MessageOrigin } from '../batch/audit-events.ts';
import { logAnswer } from '../batch/log-answer.ts';
import { parseRequest, type ReadRequest } from '../batch/parse-request.ts';
import type { MessageSource } from '../batch/process-message.ts';
import type { RanItem } from '../batch/run-batch.ts';
import { type Access, BY_CERTIFICATE } from '../credentials/access.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { ClientRecord, Principal } from '../principal.ts';
import { decodeQueuedMessage, type QueuedMessage, type QueuedOrigin } from './queued-message.ts';
import { createQueueSeal, type QueueSeal } from './seal-queued.ts';

/** What ends a request, in the commit of its work. */
export interface RequestEnding {
  readonly id: string;
  /** @param answer - The bytes of the answer, which are only read. */
  change(principal: Principal, ran: readonly RanItem[], answer: Uint8Array): Change;
}

/** What became of the work on a message. */
export type WorkResult =
  | { readonly kind: 'done'; readonly ran: readonly RanItem[]; readonly bytes: Uint8Array }
  | { readonly kind: 'certificate-removed' }
  /** `operation-canceled` when the request had ended already. */
  | { readonly kind: 'failed'; readonly error: ClavigerError };

export interface RequestWorkParts {
  readonly dependencies: KmipServerDependencies;
  readonly maxMessageBytes: number;
  compute(
    source: MessageSource,
    origin: MessageOrigin,
    request: ReadRequest,
    ending: RequestEnding,
  ): Promise<WorkResult>;
}

/** Refusals after which the same request may succeed. */
const PASSING: readonly string[] = ['overloaded', 'unavailable'];

/** @returns a function that works on a request, and tells whether it has ended. */
export function createRequestWork({
  dependencies,
  maxMessageBytes,
  compute,
}: RequestWorkParts): (request: QueuedRequestSummary) => Promise<boolean> {
  const { audit, clock, keys, log, store } = dependencies;

  return async ({ adapterId, id }) => {
    const record = await store.readQueuedRequest(adapterId, id);
    const adapter = await store.findAdapter(adapterId);
    const rootKey = adapter && (await store.findRootKey(adapter.rootKeyId));
    if (record === undefined || record.request === null) return true;
    if (adapter === undefined || rootKey === undefined) return true;
    // Without its key nothing can be read; enabled again, it goes on.
    if (rootKey.state !== 'enabled') return false;
    const bytes = createQueueSeal(keys, adapter, rootKey).open(
      id,
      'request',
      record.request,
      (opened) => new Uint8Array(opened),
    );
    try {
      return await workOn(record, decodeQueuedMessage(bytes));
    } finally {
      bytes.fill(0);
    }
  };

  async function workOn(
    record: QueuedRequestRecord,
    { origin: queued, message }: QueuedMessage,
  ): Promise<boolean> {
    const { adapterId } = record;
    const { correlationId, requestURI } = queued;
    const initiator = {
      kind: 'certificate',
      fingerprint: queued.auditFingerprint,
      name: queued.name,
      hostAddress: queued.hostAddress,
      agent: queued.agent,
    } as const;
    const access = accessOf(queued);
    const origin: MessageOrigin = { initiator, adapterId, correlationId, requestURI, access };
    const request = parseRequest(message, { maxMessageBytes: maxMessageBytes * 2 });
    if (request.kind !== 'request') {
      throw new TypeError(`A queued request cannot be read any more: ${request.error.message}`);
    }
    const client = await findQueuedClient(queued);
    if (client?.adapter.id !== adapterId) return await endRefused(record, origin, request);
    const principal = { record: client, auditFingerprint: queued.auditFingerprint };
    const result = await compute(
      { principal, initiator, requestURI },
      origin,
      request,
      endingOf(record),
    );
    switch (result.kind) {
      case 'done':
        result.bytes.fill(0);
        logAnswer(log, origin, request, result.ran);
        return true;
      case 'certificate-removed':
        return await endRefused(record, origin, request);
      case 'failed':
        if (result.error.code === 'operation-canceled') return true;
        if (PASSING.includes(result.error.code)) return false;
        return await endFailed(record, origin, request, result.error);
    }
  }

  /** The client as it is let in now. */
  async function findQueuedClient({
    authorityId,
    fingerprintSha256,
  }: QueuedOrigin): Promise<ClientRecord | undefined> {
    if (authorityId === undefined) return await store.findPrincipal(fingerprintSha256);
    const principal = await store.findAuthorityPrincipal(authorityId);
    if (principal === undefined) return undefined;
    const { createdBy, notAfter, notBefore } = principal.authority;
    const certificate = {
      fingerprintSha256,
      notBefore,
      notAfter,
      createdBy: createdBy ?? undefined,
    };
    return { ...principal, certificate };
  }

  function endingOf({ id, adapterId }: QueuedRequestRecord): RequestEnding {
    return {
      id,
      change({ record: { adapter, rootKey } }, ran, answer) {
        const seal: QueueSeal = createQueueSeal(keys, adapter, rootKey);
        const isGood = ran.every(({ outcome }) => outcome.kind === 'success');
        return {
          kind: 'end-request',
          id,
          adapterId,
          stage: isGood ? 'completed' : 'failed',
          answer: seal.seal(id, 'answer', answer),
          endedAt: clock.now(),
        };
      },
    };
  }

  async function endRefused(
    record: QueuedRequestRecord,
    origin: MessageOrigin,
    request: ReadRequest,
  ): Promise<boolean> {
    const error = new ClavigerError(
      'permission-denied',
      'the certificate that had asked for it may not any more',
    );
    return await endFailed(record, origin, request, error);
  }

  /** Ends a request without an answer of its own; Poll says that there is none. */
  async function endFailed(
    { id, adapterId }: QueuedRequestRecord,
    origin: MessageOrigin,
    request: ReadRequest,
    error: ClavigerError,
  ): Promise<boolean> {
    const ran = request.items.map((item): RanItem => {
      const outcome = { kind: 'failure', error, subject: undefined, missingId: undefined } as const;
      return { item, outcome };
    });
    logAnswer(log, origin, request, ran);
    const ended = { stage: 'failed', answer: null, endedAt: clock.now() } as const;
    const unit: UnitOfWork = {
      guards: [],
      changes: [{ kind: 'end-request', id, adapterId, ...ended }],
      events: eventsOfItems(audit, origin, request.version, ran),
    };
    const { kind } = await store.commit(unit);
    return kind === 'committed' || kind === 'conflict';
  }
}

/** As whom it was asked; the commit finds out whether the credential is still there. */
function accessOf({ credentialId: id, credentialName: name }: QueuedOrigin): Access {
  return id === undefined || name === undefined
    ? BY_CERTIFICATE
    : { credential: { id, name }, rights: [] };
}
