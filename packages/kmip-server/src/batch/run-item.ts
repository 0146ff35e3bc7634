/** Runs one batch item: finds its handler, reads its payload, computes its result. */

import {
  ClavigerError,
  decodeItem,
  encodeItem,
  isWithin,
  OPERATIONS,
  type RequestBatchItem,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { ManagedObject } from '../objects/managed-object.ts';
import { handlerOf } from '../operations/index.ts';
import type { AuditFacts, AuditSubject } from '../operations/operation-handler.ts';
import { createItemContext } from './item-context.ts';
import type { MessageContext } from './message-context.ts';
import { toClavigerError } from './to-claviger-error.ts';

/** How an item ended. */
export type ItemOutcome =
  | {
      readonly kind: 'success';
      readonly payload: TtlvItem;
      readonly save: readonly ManagedObject[];
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

/** Never throws: whatever goes wrong inside is the outcome of this item. */
export async function runItem(
  message: MessageContext,
  item: RequestBatchItem,
  idPlaceholder: string | undefined,
): Promise<ItemOutcome> {
  const context = createItemContext(message, idPlaceholder);
  try {
    const handler = handlerOf(item.operation);
    if (handler === undefined || !isWithin(message.version, OPERATIONS[handler.schema.name])) {
      throw new ClavigerError(
        'operation-not-supported',
        `the operation ${item.operation} is not supported in KMIP ${message.version}`,
      );
    }
    const request = decodeItem(handler.schema.request, item.requestPayload, message.version);
    // Request and response types of the table's entries meet in the entry itself.
    const result = await handler.handle(context.operation, request as never);
    return {
      kind: 'success',
      payload: encodeItem(handler.schema.response, result.response, message.version),
      save: result.save ?? [],
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
