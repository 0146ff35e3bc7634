/** Runs one batch item: finds its handler, reads its payload, computes its result. */

import {
  assertKnownValues,
  ClavigerError,
  decodeItem,
  encodeItem,
  inWordsOf,
  isWithin,
  OPERATIONS,
  type RequestBatchItem,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { isForLater } from '../asynchronous/asynchronous-indicator.ts';
import { toCorrelationValue } from '../asynchronous/correlation-value.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import { formatObjectRules } from '../objects/object-rules.ts';
import { handlerOf } from '../operations/index.ts';
import type {
  AnswerInstead,
  AuditFacts,
  AuditSubject,
  ClientReplacement,
  OperationResult,
} from '../operations/operation-handler.ts';
import { type EarlierAnswer, withoutReferences } from './batch-references.ts';
import { createItemContext } from './item-context.ts';
import type { MessageContext } from './message-context.ts';
import { toClavigerError } from './to-claviger-error.ts';

/** How an item ended. */
export type ItemOutcome =
  | {
      readonly kind: 'success';
      readonly payload: TtlvItem;
      /** Stands in the batch item, where it is not the answer to its own operation. */
      readonly instead: AnswerInstead | undefined;
      readonly save: readonly ManagedObject[];
      /** As they are kept. */
      readonly rules: string | undefined;
      readonly clientCertificate: ClientReplacement | undefined;
      readonly audit: AuditFacts;
      readonly idPlaceholder: string | null | undefined;
    }
  | {
      readonly kind: 'failure';
      readonly error: ClavigerError;
      /** The object that it was about, when it got as far. */
      readonly subject: AuditSubject | undefined;
      readonly missingId: string | undefined;
    };

/** What the items before it have left for an item. */
export interface Before {
  /** Null when an item has emptied it, which is not the same as that there was none. */
  readonly idPlaceholder: string | null | undefined;
  readonly answers: readonly EarlierAnswer[];
}

/** Never throws: whatever goes wrong inside is the outcome of this item. */
export async function runItem(
  message: MessageContext,
  item: RequestBatchItem,
  before: Before,
): Promise<ItemOutcome> {
  const context = createItemContext(message, before.idPlaceholder, item.operation);
  try {
    const handler = handlerOf(item.operation);
    const isOffered =
      handler !== undefined &&
      message.operations.includes(handler.schema.name) &&
      isWithin(message.version, OPERATIONS[handler.schema.name]);
    if (!isOffered) {
      throw new ClavigerError(
        'operation-not-supported',
        `the operation ${item.operation} is not supported in KMIP ${message.version}`,
      );
    }
    context.assertPermitted();
    assertKnownValues(item.requestPayload, message.version);
    const payloadAsked = withoutReferences(
      item.requestPayload,
      before.answers,
      message.version,
      before.idPlaceholder,
    );
    const request = decodeItem(handler.schema.request, payloadAsked, message.version);
    // Request and response types of the table's entries meet in the entry itself.
    const result: OperationResult<unknown> = isForLater(
      message.answerTime,
      handler.schema.name,
      request,
    )
      ? await accept(message, item)
      : await handler.handle(context.operation, request as never);
    context.assertCovered();
    const { instead } = result;
    const payload =
      instead === undefined
        ? encodeItem(handler.schema.response, result.response as never, message.version)
        : (instead.responsePayload ?? NO_PAYLOAD);
    return {
      kind: 'success',
      payload: inVersion(payload, message.version),
      instead,
      save: result.save ?? [],
      rules: result.rules && formatObjectRules(result.rules),
      clientCertificate: result.clientCertificate,
      audit: result.audit,
      idPlaceholder: result.idPlaceholder,
    };
  } catch (error) {
    return {
      kind: 'failure',
      error: toClavigerError(error),
      subject: context.subject(),
      missingId: context.missingId(),
    };
  }
}

const NO_PAYLOAD: TtlvItem = { tag: TAGS.ResponsePayload, type: 'Structure', value: [] };

/** Puts the item into the queue: it is worked on when the message is durable. */
async function accept(
  message: MessageContext,
  item: RequestBatchItem,
): Promise<OperationResult<undefined>> {
  const id = await message.queue.accept(item);
  return {
    response: undefined,
    instead: {
      operation: item.operation,
      resultStatus: 'OperationPending',
      asynchronousCorrelationValue: toCorrelationValue(id),
    },
    audit: { asynchronousRequest: id, isAccepted: true },
  };
}

/** Attributes have been left out where the version does not have their values; what is left is refused. */
function inVersion(payload: TtlvItem, version: Version): TtlvItem {
  const item = inWordsOf(version, payload);
  if (item !== undefined) return item;
  throw new ClavigerError(
    'feature-not-supported',
    `the answer has values that KMIP ${version} does not have; ask in a newer version`,
  );
}
