/**
 * From the bytes of a request to the bytes of its answer. This is the one place where state and events
 * are committed, and the answer is handed out only after that (promise 1: no record, no answer).
 */

import type { CertificateInitiator } from '@claviger/audit-emitter';
import type { NewEvent } from '@claviger/key-store';
import {
  ClavigerError,
  type OperationName,
  type RequestBatchItem,
  type Version,
} from '@claviger/kmip-protocol';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { ServerIdentity } from '../operations/operation-handler.ts';
import type { Principal } from '../principal.ts';
import { eventOfItem, type MessageOrigin, reasonText, toEvent } from './audit-events.ts';
import { rootKeyUnusable } from './item-context.ts';
import type { MessageContext } from './message-context.ts';
import { type ParsedRequest, parseRequest } from './parse-request.ts';
import { encodeResponse, responseItem, unreadableItem } from './response.ts';
import { type ErrorContinuation, type RanItem, runBatch, undo } from './run-batch.ts';
import { toClavigerError } from './run-item.ts';
import { createWorkspace } from './workspace.ts';

/** Whom a message comes from. */
export interface MessageSource {
  readonly principal: Principal;
  readonly initiator: CertificateInitiator;
  readonly requestURI: string;
}

export interface MessageSettings {
  readonly identity: ServerIdentity;
  readonly operations: readonly OperationName[];
  /** Bytes. */
  readonly maxMessageBytes: number;
}

export type ProcessedMessage =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  /** Nothing can be answered: the connection ends. */
  | { readonly kind: 'close'; readonly reason: string }
  /** The certificate is no longer one of the adapter's: the connection ends. */
  | { readonly kind: 'certificate-removed' };

/** How often a message is computed anew because another one changed the same object first. */
const MAX_ATTEMPTS = 8;

/** Handles one message; never throws for anything that a client can cause. */
export async function processMessage(
  dependencies: KmipServerDependencies,
  settings: MessageSettings,
  source: MessageSource,
  bytes: Uint8Array,
): Promise<ProcessedMessage> {
  const origin: MessageOrigin = {
    initiator: source.initiator,
    adapterId: source.principal.record.adapter.id,
    correlationId: dependencies.randomness.uuid(),
    requestURI: source.requestURI,
  };
  const request = parseRequest(bytes, { maxMessageBytes: settings.maxMessageBytes });
  if (request.kind === 'request')
    return await answer(dependencies, settings, source, origin, request);

  const { error } = request;
  dependencies.log.warn(
    { correlationId: origin.correlationId, certificate: source.initiator.fingerprint, err: error },
    'a message could not be read',
  );
  const version = request.kind === 'refused' ? request.version : '1.0';
  const event = toEvent(
    dependencies.audit,
    {
      action: 'claviger.kmip-request.default',
      outcome: { kind: 'failure', errorCode: error.code, reasonText: reasonText(error, version) },
      initiator: origin.initiator,
      target: { kind: 'instance' },
      correlationId: origin.correlationId,
      requestURI: origin.requestURI,
    },
    origin.adapterId,
  );
  const committed = await commit(dependencies, source, {
    events: event === undefined ? [] : [event],
    changes: [],
    guards: [],
  });
  if (committed === 'certificate-removed') return { kind: 'certificate-removed' };
  if (request.kind === 'unreadable' || committed !== 'committed') {
    return { kind: 'close', reason: error.message };
  }
  const now = seconds(dependencies);
  return {
    kind: 'answer',
    bytes: encodeResponse(version, now, undefined, [unreadableItem(error, version)]),
  };
}

async function answer(
  dependencies: KmipServerDependencies,
  settings: MessageSettings,
  source: MessageSource,
  origin: MessageOrigin,
  request: Extract<ParsedRequest, { kind: 'request' }>,
): Promise<ProcessedMessage> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const secrets: Uint8Array[] = [];
    try {
      const processed = await attemptAnswer(
        dependencies,
        settings,
        source,
        origin,
        request,
        secrets,
      );
      if (processed !== 'conflict') return processed;
    } catch (error) {
      return await answerFailure(dependencies, source, origin, request, toClavigerError(error));
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  }
  const error = new ClavigerError(
    'overloaded',
    'others kept changing the same object; try again later',
  );
  return await answerFailure(dependencies, source, origin, request, error);
}

async function attemptAnswer(
  dependencies: KmipServerDependencies,
  settings: MessageSettings,
  source: MessageSource,
  origin: MessageOrigin,
  request: Extract<ParsedRequest, { kind: 'request' }>,
  secrets: Uint8Array[],
): Promise<ProcessedMessage | 'conflict'> {
  const { version, header, items } = request;
  const nowSeconds = seconds(dependencies);
  const workspace = createWorkspace(dependencies.store, origin.adapterId);
  const context: MessageContext = {
    dependencies,
    principal: source.principal,
    version,
    nowSeconds,
    operations: settings.operations,
    identity: settings.identity,
    workspace,
    wipeLater(bytes) {
      secrets.push(bytes);
      return bytes;
    },
  };
  const encode = (ran: readonly RanItem[]) =>
    encodeResponse(
      version,
      nowSeconds,
      header.clientCorrelationValue,
      ran.map((item) => responseItem(item, version)),
    );

  let ran = await runBatch(context, items, continuationOf(request));
  let bytes = encode(ran);
  const limit = header.maximumResponseSize;
  if (limit !== undefined && bytes.byteLength > limit) {
    bytes.fill(0);
    const tooLarge = new ClavigerError(
      'response-too-large',
      `the answer has ${bytes.byteLength} bytes, the request allows ${limit}`,
    );
    ran = undo(context, ran, tooLarge).map(({ item, outcome }) => ({
      item,
      outcome: outcome.kind === 'undone' ? failed(tooLarge) : outcome,
    }));
    bytes = encode(ran);
  }

  logFailures(dependencies, origin, version, ran);
  const events = ran.flatMap(
    (item) => eventOfItem(dependencies.audit, origin, version, item) ?? [],
  );
  const committed = await commit(dependencies, source, {
    events,
    changes: workspace.changes(),
    guards: workspace.guards(),
  });
  if (committed === 'committed') return { kind: 'answer', bytes };
  bytes.fill(0);
  if (committed === 'conflict') return 'conflict';
  if (committed === 'certificate-removed') return { kind: 'certificate-removed' };
  return await answerFailure(dependencies, source, origin, request, committed);
}

const failed = (error: ClavigerError) =>
  ({ kind: 'failure', error, subject: undefined, missingId: undefined }) as const;

/** Answers every item with the same failure, after its event is durable. */
async function answerFailure(
  dependencies: KmipServerDependencies,
  source: MessageSource,
  origin: MessageOrigin,
  { version, header, items }: Extract<ParsedRequest, { kind: 'request' }>,
  error: ClavigerError,
): Promise<ProcessedMessage> {
  const ran: RanItem[] = items.map((item: RequestBatchItem) => ({ item, outcome: failed(error) }));
  logFailures(dependencies, origin, version, ran);
  const committed = await commit(dependencies, source, {
    events: ran.flatMap((item) => eventOfItem(dependencies.audit, origin, version, item) ?? []),
    changes: [],
    guards: [],
  });
  if (committed === 'certificate-removed') return { kind: 'certificate-removed' };
  if (committed !== 'committed') {
    // Not even the failure can be recorded: no record, no answer.
    return { kind: 'close', reason: 'the event of a failed request could not be recorded' };
  }
  return {
    kind: 'answer',
    bytes: encodeResponse(
      version,
      seconds(dependencies),
      header.clientCorrelationValue,
      ran.map((item) => responseItem(item, version)),
    ),
  };
}

/** Makes a message durable, under the guard that its certificate is still the adapter's. */
async function commit(
  { store, log }: KmipServerDependencies,
  { principal }: MessageSource,
  unit: {
    readonly events: readonly NewEvent[];
    readonly changes: Parameters<typeof store.commit>[0]['changes'];
    readonly guards: Parameters<typeof store.commit>[0]['guards'];
  },
): Promise<'committed' | 'conflict' | 'certificate-removed' | ClavigerError> {
  try {
    const outcome = await store.commit({
      ...unit,
      guards: [
        { kind: 'certificate-present', certificateId: principal.record.certificate.id },
        ...unit.guards,
      ],
    });
    switch (outcome.kind) {
      case 'committed':
        return 'committed';
      case 'guard-failed':
        return outcome.guard.kind === 'certificate-present'
          ? 'certificate-removed'
          : rootKeyUnusable();
      default:
        // Somebody was faster, with the object or with its Name: computed anew, it is seen.
        return 'conflict';
    }
  } catch (error) {
    log.error({ err: error }, 'a message could not be made durable');
    return toClavigerError(error);
  }
}

function continuationOf({
  header,
}: Extract<ParsedRequest, { kind: 'request' }>): ErrorContinuation {
  const option = header.batchErrorContinuationOption;
  return option === 'Continue' || option === 'Undo' ? option : 'Stop';
}

function logFailures(
  { log }: KmipServerDependencies,
  origin: MessageOrigin,
  version: Version,
  ran: readonly RanItem[],
): void {
  for (const { item, outcome } of ran) {
    if (outcome.kind !== 'failure') continue;
    const { error } = outcome;
    const fields = {
      correlationId: origin.correlationId,
      adapterId: origin.adapterId,
      operation: item.operation,
      code: error.code,
      reason: reasonText(error, version),
    };
    if (error.code === 'internal' || error.code === 'unavailable') {
      log.error({ ...fields, err: error.cause ?? error }, 'an operation failed unexpectedly');
    } else log.info(fields, 'an operation was refused');
  }
}

function seconds({ clock }: KmipServerDependencies): number {
  return Math.floor(clock.now() / 1000);
}
