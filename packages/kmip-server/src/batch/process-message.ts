/**
 * From the bytes of a request to the bytes of its answer. This is the one place where state and events
 * are committed, and the answer is handed out only after that (promise 1: no record, no answer).
 */

import type { CertificateInitiator } from '@claviger/audit-emitter';
import type { Attribution, Guard, UnitOfWork } from '@claviger/key-store';
import { ClavigerError, type OperationName, type Version } from '@claviger/kmip-protocol';
import type { TtlvError } from '@claviger/ttlv-codec';
import { answerTimeOf } from '../asynchronous/asynchronous-indicator.ts';
import { createQueueWorker } from '../asynchronous/queue-worker.ts';
import { createRequestQueue } from '../asynchronous/request-queue.ts';
import { requestsAskedFor } from '../asynchronous/requests-asked-for.ts';
import { createRequestWork, type RequestEnding } from '../asynchronous/work-on-request.ts';
import { type Access, BY_CERTIFICATE } from '../credentials/access.ts';
import { createAuthenticate } from '../credentials/authenticate.ts';
import {
  createSeedableRandomness,
  type RngSeedPolicy,
} from '../cryptography/seedable-randomness.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { findClientAgain } from '../find-client.ts';
import { createGroupRounds } from '../locate/group-rounds.ts';
import type { ObservedItem } from '../observer.ts';
import { handlerOf } from '../operations/index.ts';
import type { ServerIdentity } from '../operations/operation-handler.ts';
import { createCryptokiApplications } from '../pkcs11/cryptoki-applications.ts';
import type { Principal } from '../principal.ts';
import { resultReason } from '../result-reason.ts';
import { turnsRoles } from '../server-to-client/turns-roles.ts';
import { createOpenStreams } from '../streams/open-streams.ts';
import { createLoginTickets } from '../tickets/login-tickets.ts';
import { eventOfMessage, eventsOfItems, type MessageOrigin, reasonText } from './audit-events.ts';
import { rootKeyUnusable } from './item-context.ts';
import { logAnswer } from './log-answer.ts';
import type { MessageContext } from './message-context.ts';
import {
  fromTtlvError,
  type ParsedRequest,
  parseRequest,
  type ReadRequest,
} from './parse-request.ts';
import { encodeResponse, responseItem, unreadableItem } from './response.ts';
import {
  answerTooLarge,
  type ErrorContinuation,
  failAll,
  type RanItem,
  runBatch,
} from './run-batch.ts';
import { toClavigerError } from './to-claviger-error.ts';
import { createTurns } from './turns.ts';
import { createWorkspace } from './workspace.ts';

/** Whom a message comes from. */
export interface MessageSource {
  /** As it was when the connection began; what may have changed since is checked with the commit. */
  readonly principal: Principal;
  readonly initiator: CertificateInitiator;
  readonly requestURI: string;
}

export interface MessageSettings {
  readonly identity: ServerIdentity;
  readonly operations: readonly OperationName[];
  readonly maxMessageBytes: number;
  readonly maxResponseBytes: number;
  /** See `KmipServerLimits`. */
  readonly asynchronousDelayMs: number;
  readonly pollWaitMs: number;
  /** What becomes of the seeds that clients send. */
  readonly rngSeed: RngSeedPolicy;
}

export type ProcessedMessage =
  /** The caller wipes the bytes when they have been sent: they may hold key material. */
  | {
      readonly kind: 'answer';
      readonly bytes: Uint8Array;
      /** After it the server asks, in this version (2.1 §6.1.54). */
      readonly turnsRolesIn?: Version | undefined;
    }
  /** Nothing can be answered: the connection ends. */
  | { readonly kind: 'close'; readonly reason: string }
  /** The certificate is no longer one of the adapter's: the connection ends. */
  | { readonly kind: 'certificate-removed' };

/** What comes with a message beside its bytes. */
export interface MessageCircumstances {
  /** Every item is answered with it, and nothing is done. */
  readonly refusal?: ClavigerError | undefined;
  /** Lets other messages go first while this one waits for what is not its own work. */
  standAside?<T>(wait: () => Promise<T>): Promise<T>;
}

export interface MessageProcessor {
  /** Begins to work on asynchronous requests by itself, also on those that are left from before. */
  start(): Promise<void>;
  /** Finishes the asynchronous request that is being worked on; the others wait for the next start. */
  stop(): Promise<void>;
  /** Handles one message; never throws for anything that a client can cause. */
  process(
    source: MessageSource,
    bytes: Uint8Array,
    circumstances?: MessageCircumstances,
  ): Promise<ProcessedMessage>;
  /** Records that bytes came which are no message; there is nothing to answer. */
  processUnreadable(source: MessageSource, error: TtlvError): Promise<ProcessedMessage>;
}

/** A message on its way, with what became of its items. */
interface ObservedOrigin extends MessageOrigin {
  version: Version | undefined;
  items: readonly ObservedItem[];
  access: Access;
}

type CommitResult =
  | { readonly kind: 'committed' }
  | { readonly kind: 'certificate-removed' }
  | { readonly kind: 'root-key-unusable' }
  /** Somebody was faster, with the object or with its Name: computed anew, it is seen. */
  | { readonly kind: 'conflict'; readonly objectId: string | undefined }
  | { readonly kind: 'failed'; readonly error: ClavigerError };

type Attempt =
  /** Durable, with its events; `bytes` is the answer. */
  | { readonly kind: 'done'; readonly ran: readonly RanItem[]; readonly bytes: Uint8Array }
  | Exclude<CommitResult, { readonly kind: 'committed' }>;

type Computed = Exclude<Attempt, { readonly kind: 'conflict' | 'root-key-unusable' }>;

/** Of a queued request that somebody else has ended while it was worked on: nothing of the work remains. */
const ENDED_ALREADY: Computed = {
  kind: 'failed',
  error: new ClavigerError('operation-canceled', 'the request had ended already'),
};

/** How often a message is computed anew because something it relied on has changed. */
const MAX_ATTEMPTS = 16;

/** All connections share one processor, so that messages that want the same object queue for it. */
export function createMessageProcessor(
  given: KmipServerDependencies,
  settings: MessageSettings,
): MessageProcessor {
  const randomness = createSeedableRandomness(given.randomness, settings.rngSeed);
  const dependencies = { ...given, randomness };
  const { audit, clock, log, observer, steadyClock = clock, store } = dependencies;
  const turns = createTurns();
  const streams = createOpenStreams(steadyClock, randomness);
  const tickets = createLoginTickets(steadyClock, randomness);
  const authenticate = createAuthenticate(dependencies, tickets);
  const worker = createQueueWorker({
    store,
    log,
    workOn: createRequestWork({
      dependencies,
      maxMessageBytes: settings.maxMessageBytes,
      compute,
    }),
    delayMs: settings.asynchronousDelayMs,
    waitMs: settings.pollWaitMs,
  });
  const applications = createCryptokiApplications(randomness);
  const rounds = createGroupRounds();

  return {
    start: () => worker.start(),
    stop: () => worker.stop(),
    async process(source, bytes, circumstances = {}) {
      return await observed(source, async (origin) => {
        const request = parseRequest(bytes, { maxMessageBytes: settings.maxMessageBytes });
        if ('version' in request) origin.version = request.version;
        switch (request.kind) {
          case 'request':
            return await answerRequest(source, origin, request, circumstances);
          case 'rejected':
            return await answerFailure(source, origin, request, request.error);
          case 'refused':
          case 'unreadable':
            return await refuseMessage(source, origin, request);
        }
      });
    },
    async processUnreadable(source, error) {
      const request = { kind: 'unreadable', error: fromTtlvError(error) } as const;
      return await observed(source, (origin) => refuseMessage(source, origin, request));
    },
  };

  /** Works on one message, and tells whoever counts what became of it. */
  async function observed(
    { initiator, principal, requestURI }: MessageSource,
    work: (origin: ObservedOrigin) => Promise<ProcessedMessage>,
  ): Promise<ProcessedMessage> {
    const adapterId = principal.record.adapter.id;
    const correlationId = randomness.uuid();
    const origin: ObservedOrigin = {
      initiator,
      adapterId,
      correlationId,
      requestURI,
      access: BY_CERTIFICATE,
      version: undefined,
      items: [],
    };
    const watch = observer?.messageBegun({ adapterId, correlationId });
    try {
      return await (watch?.within === undefined ? work(origin) : watch.within(() => work(origin)));
    } finally {
      watch?.ended(origin);
    }
  }

  async function answerRequest(
    source: MessageSource,
    origin: ObservedOrigin,
    request: ReadRequest,
    { refusal, standAside = (wait) => wait() }: MessageCircumstances,
  ): Promise<ProcessedMessage> {
    if (refusal !== undefined) return await answerFailure(source, origin, request, refusal);
    try {
      const { header, version, items } = request;
      const { principal } = source;
      const itemCount = items.length;
      origin.access = await authenticate({ header, version, itemCount, principal });
      for (const id of requestsAskedFor(request)) {
        await standAside(() => worker.finish(origin.adapterId, id));
      }
    } catch (error) {
      return await answerFailure(source, origin, request, toClavigerError(error));
    }
    const computed = await compute(source, origin, request);
    switch (computed.kind) {
      case 'done':
        origin.items = observedItems(computed.ran, request.version);
        logAnswer(log, origin, request, computed.ran);
        return {
          kind: 'answer',
          bytes: computed.bytes,
          ...(turnsRoles(computed.ran) && { turnsRolesIn: request.version }),
        };
      case 'certificate-removed':
        return { kind: 'certificate-removed' };
      case 'failed':
        return await answerFailure(source, origin, request, computed.error);
    }
  }

  /** Computes the answer and commits; computes anew while what was relied on changes. */
  async function compute(
    source: MessageSource,
    origin: MessageOrigin,
    request: ReadRequest,
    ending?: RequestEnding,
  ): Promise<Computed> {
    let endTurn: (() => void) | undefined;
    try {
      let { principal } = source;
      // A root key that was disabled when the connection began may have been enabled since.
      let isStale = principal.record.rootKey.state !== 'enabled';
      for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
        if (isStale) {
          const current = await refresh(principal);
          if (current === undefined) return { kind: 'certificate-removed' };
          principal = current;
          isStale = false;
        }
        const attempt = await attemptAnswer({ ...source, principal }, origin, request, ending);
        switch (attempt.kind) {
          case 'conflict':
            if (ending !== undefined && attempt.objectId === ending.id) return ENDED_ALREADY;
            if (attempt.objectId !== undefined) endTurn ??= await turns.take(attempt.objectId);
            break;
          case 'root-key-unusable':
            isStale = true; // known, it fails those items only that need the key
            break;
          default:
            return attempt;
        }
      }
    } catch (error) {
      return { kind: 'failed', error: toClavigerError(error) };
    } finally {
      endTurn?.();
    }
    const busy = 'others kept changing the same object; try again later';
    return { kind: 'failed', error: new ClavigerError('overloaded', busy) };
  }

  async function refresh({ auditFingerprint, record }: Principal): Promise<Principal | undefined> {
    const current = await findClientAgain(store, record);
    return current && { auditFingerprint, record: current };
  }

  async function attemptAnswer(
    source: MessageSource,
    origin: MessageOrigin,
    request: ReadRequest,
    ending: RequestEnding | undefined,
  ): Promise<Attempt> {
    const { version, header, items } = request;
    const nowSeconds = seconds();
    const secrets: Uint8Array[] = [];
    const wipeLater = (bytes: Uint8Array) => {
      secrets.push(bytes);
      return bytes;
    };
    const maxBytes = Math.min(
      header.maximumResponseSize ?? settings.maxResponseBytes,
      settings.maxResponseBytes,
    );
    const workspace = createWorkspace(store, origin.adapterId, origin.access.credential?.name);
    const useRootKey = () => {
      const { rootKey } = source.principal.record;
      if (rootKey.state !== 'enabled') throw rootKeyUnusable();
      workspace.requireRootKey(rootKey.id);
    };
    const queue = createRequestQueue({
      dependencies,
      source,
      version,
      correlationId: origin.correlationId,
      access: origin.access,
      maxAnswerBytes: maxBytes,
      now: clock.now(),
      useRootKey,
      wipeLater,
    });
    const context: MessageContext = {
      dependencies,
      principal: source.principal,
      access: origin.access,
      version,
      nowSeconds,
      operations: settings.operations,
      identity: settings.identity,
      workspace,
      answerTime: answerTimeOf(header),
      queue,
      useRootKey,
      streams: streams.forMessage(),
      tickets: tickets.forMessage(),
      applications: applications.forMessage(),
      rounds: rounds.forMessage(),
      seedGenerator: randomness.seed,
      wipeLater,
    };
    let bytes: Uint8Array | undefined;
    let isAnswered = false;
    try {
      let ran = await runBatch(context, items, continuationOf(request), maxBytes);
      bytes = encodeAnswer(origin, request, ran, nowSeconds);
      if (bytes.byteLength > maxBytes) {
        bytes.fill(0);
        ran = await failAll(context, ran, answerTooLarge(bytes.byteLength, maxBytes));
        bytes = encodeAnswer(origin, request, ran, nowSeconds);
      }
      // The answer is sealed by the adapter's key: the switch of its root key counts here, too.
      if (ending !== undefined) workspace.requireRootKey(source.principal.record.rootKey.id);
      const committed = await commit(source, {
        events: eventsOfItems(audit, origin, version, ran),
        changes: [
          ...workspace.changes(attributionOf(source.principal)),
          ...queue.changes(),
          ...(ending === undefined ? [] : [ending.change(source.principal, ran, bytes)]),
        ],
        guards: [...credentialGuards(origin.access), ...workspace.guards()],
      });
      if (committed.kind !== 'committed') return committed;
      context.tickets.keep();
      context.applications.keep();
      if (queue.changes().length > 0) worker.notice(origin.adapterId);
      isAnswered = true;
      dependencies.serverToClient?.objectsChanged({
        principal: source.principal,
        version,
        objects: workspace.changedObjects(),
      });
      return { kind: 'done', ran, bytes };
    } finally {
      if (!isAnswered) {
        bytes?.fill(0);
        context.streams.discard();
        context.rounds.discard();
      }
      for (const secret of secrets) secret.fill(0);
    }
  }

  /** Answers every item with the same failure, after its event is durable. */
  async function answerFailure(
    source: MessageSource,
    origin: ObservedOrigin,
    request: ReadRequest,
    error: ClavigerError,
  ): Promise<ProcessedMessage> {
    const ran = request.items.map((item): RanItem => {
      return {
        item,
        outcome: { kind: 'failure', error, subject: undefined, missingId: undefined },
      };
    });
    const events = eventsOfItems(audit, origin, request.version, ran);
    const committed = await commit(source, { events, changes: [], guards: [] });
    origin.items = observedItems(ran, request.version);
    logAnswer(log, origin, request, ran);
    if (committed.kind === 'certificate-removed') return { kind: 'certificate-removed' };
    if (committed.kind !== 'committed') {
      logNotRecorded(origin, committed);
      return { kind: 'close', reason: 'the event of a failed request could not be recorded' };
    }
    return { kind: 'answer', bytes: encodeAnswer(origin, request, ran, seconds()) };
  }

  /** Answers a message of which no item could be read, if its version could. */
  async function refuseMessage(
    source: MessageSource,
    origin: MessageOrigin,
    request: Extract<ParsedRequest, { kind: 'refused' | 'unreadable' }>,
  ): Promise<ProcessedMessage> {
    const { error } = request;
    const version = request.kind === 'refused' ? request.version : '1.0';
    const reason = reasonText(error, version);
    const event = eventOfMessage(audit, origin, {
      kind: 'failure',
      errorCode: error.code,
      reasonText: reason,
    });
    const events = event === undefined ? [] : [event];
    const committed = await commit(source, { events, changes: [], guards: [] });
    const { adapterId, correlationId } = origin;
    log.warn(
      {
        correlationId,
        adapterId,
        code: error.code,
        reason,
        ...(error.cause instanceof Error && { err: error.cause }),
      },
      'a message was refused',
    );
    if (committed.kind === 'certificate-removed') return { kind: 'certificate-removed' };
    if (committed.kind !== 'committed') logNotRecorded(origin, committed);
    if (request.kind === 'unreadable') return { kind: 'close', reason };
    if (committed.kind !== 'committed') {
      return { kind: 'close', reason: 'the event of a refused message could not be recorded' };
    }
    const header = { version, timeStamp: seconds(), clientCorrelationValue: undefined };
    return {
      kind: 'answer',
      bytes: encodeResponse({ ...header, correlationId }, [
        unreadableItem(error, version, correlationId),
      ]),
    };
  }

  function logNotRecorded({ adapterId, correlationId }: MessageOrigin, result: CommitResult): void {
    const why = result.kind === 'failed' ? { err: result.error.cause ?? result.error } : {};
    log.error({ correlationId, adapterId, ...why }, 'an event could not be recorded');
  }

  /** Makes a message durable, under the guard that its client is still let in. */
  async function commit({ principal }: MessageSource, unit: UnitOfWork): Promise<CommitResult> {
    try {
      const outcome = await store.commit({
        ...unit,
        guards: [admissionOf(principal), ...unit.guards],
      });
      switch (outcome.kind) {
        case 'committed':
          return { kind: 'committed' };
        case 'guard-failed':
          switch (outcome.guard.kind) {
            case 'root-key-enabled':
              return { kind: 'root-key-unusable' };
            case 'setting-is':
              return { kind: 'conflict', objectId: undefined };
            case 'credential-present':
              return { kind: 'failed', error: credentialRemoved() };
            default:
              return { kind: 'certificate-removed' };
          }
        default:
          return {
            kind: 'conflict',
            objectId: outcome.kind === 'conflict' ? outcome.id : undefined,
          };
      }
    } catch (error) {
      return { kind: 'failed', error: toClavigerError(error) }; // the caller logs it, with what failed
    }
  }

  function encodeAnswer(
    { correlationId, access: { serverHashedPassword } }: MessageOrigin,
    { version, header }: ReadRequest,
    ran: readonly RanItem[],
    timeStamp: number,
  ): Uint8Array {
    const { clientCorrelationValue } = header;
    return encodeResponse(
      { version, timeStamp, clientCorrelationValue, correlationId, serverHashedPassword },
      ran.map((item) => responseItem(item, version, correlationId)),
    );
  }

  /** To the client by its certificate, and to the person who registered that, or its authority. */
  function attributionOf({ record: { certificate, authority } }: Principal): Attribution {
    const { id, createdBy, fingerprintSha256 } = certificate;
    return {
      at: clock.now(),
      actor: createdBy,
      certificateId: id,
      authorityId: authority?.id,
      fingerprintSha256,
    };
  }

  function seconds(): number {
    return Math.floor(clock.now() / 1000);
  }
}

/** What must still be there for the client to be answered. */
function admissionOf({ record: { authority, certificate } }: Principal): Guard {
  return authority === undefined
    ? { kind: 'certificate-present', certificateId: certificate.id ?? '' }
    : { kind: 'client-authority-present', clientAuthorityId: authority.id };
}

/** A credential that is removed is good for nothing from then on, nor are tickets that it asked for. */
function credentialGuards({ credential }: Access): readonly Guard[] {
  return credential === undefined
    ? []
    : [{ kind: 'credential-present', credentialId: credential.id }];
}

function credentialRemoved(): ClavigerError {
  return new ClavigerError(
    'authentication-failed',
    'the credential was removed from its adapter; show another',
  );
}

/** A client may name an operation that there is not: its number is no label. */
function observedItems(ran: readonly RanItem[], version: Version): readonly ObservedItem[] {
  return ran.map(({ item, outcome }) => {
    const code = outcome.kind === 'failure' ? outcome.error.code : undefined;
    return {
      operation: handlerOf(item.operation) === undefined ? 'Other' : item.operation,
      outcome: code ?? 'success',
      reason: code && resultReason(code, version),
    };
  });
}

function continuationOf({ header }: ReadRequest): ErrorContinuation {
  const option = header.batchErrorContinuationOption;
  return option === 'Continue' || option === 'Undo' ? option : 'Stop';
}
