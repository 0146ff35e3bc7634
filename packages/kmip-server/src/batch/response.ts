/** Response messages (1.4 §7.1 and §11.43). */

import {
  type ClavigerError,
  encodeItem,
  isAtLeast,
  protocolVersionOf,
  type ResponseBatchItem,
  ResponseMessage,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import type { AnswerInstead, AuditSubject } from '../operations/operation-handler.ts';
import { resultReason } from '../result-reason.ts';
import type { RanItem } from './run-batch.ts';
import { isFault } from './to-claviger-error.ts';

export interface AnswerHeader {
  readonly version: Version;
  /** POSIX seconds. */
  readonly timeStamp: number;
  /**
   * What the client sent. A server writes it in the log and answers without it: the field is in what a
   * client answers to a server (1.4 §6.18, 2.1 §9).
   */
  readonly clientCorrelationValue: string | undefined;
  /** By which log and events can be found (1.4 §6.19). */
  readonly correlationId: string;
  /** Where a Hashed Password was shown (2.1 §8.5). */
  readonly serverHashedPassword?: Uint8Array | undefined;
}

/** Encodes the answer to a message. @returns a fresh buffer, which may hold key material. */
export function encodeResponse(
  header: AnswerHeader,
  batchItem: readonly ResponseBatchItem[],
): Uint8Array {
  const { version, timeStamp, clientCorrelationValue, correlationId } = header;
  const message = encodeItem(
    ResponseMessage,
    {
      responseHeader: {
        protocolVersion: protocolVersionOf(version),
        timeStamp,
        serverHashedPassword: header.serverHashedPassword,
        attestationType: [],
        ...(readsCorrelationValues(version, clientCorrelationValue) && {
          serverCorrelationValue: correlationId,
        }),
        batchCount: batchItem.length,
      },
      batchItem,
    },
    version,
  );
  return encodeTtlv(message);
}

/**
 * Whether to tell the client the server's correlation value, which "SHOULD be provided" since 1.4.
 *
 * PyKMIP up to 0.10, the newest that Debian has, speaks 1.4 and 2.0 and cannot read a response header
 * with one in it. So in those versions a client gets one by sending its own.
 */
function readsCorrelationValues(
  version: Version,
  clientCorrelationValue: string | undefined,
): boolean {
  return isAtLeast(version, '2.1') || clientCorrelationValue !== undefined;
}

/** @param correlationId - Told with faults, also where the header has no room for it. */
export function responseItem(
  { item, outcome }: RanItem,
  version: Version,
  correlationId: string,
): ResponseBatchItem {
  const echoed = {
    operation: item.operation,
    uniqueBatchItemID: item.uniqueBatchItemID,
    messageExtension: [],
  };
  switch (outcome.kind) {
    case 'success':
      return outcome.instead === undefined
        ? { ...echoed, resultStatus: 'Success', responsePayload: outcome.payload }
        : { ...echoed, ...answerOf(outcome.instead) };
    case 'undone':
      return { ...echoed, resultStatus: 'OperationUndone', ...undoneOf(outcome.subject, version) };
    case 'failure':
      return { ...echoed, ...failure(outcome.error, version, correlationId) };
  }
}

/** Since 2.0 what was undone names its object, if it is there still (BL-M-2). */
function undoneOf(subject: AuditSubject | undefined, version: Version) {
  if (subject === undefined || !isAtLeast(version, '2.0')) return {};
  const uniqueIdentifier: TtlvItem = {
    tag: TAGS.UniqueIdentifier,
    type: 'TextString',
    value: subject.id,
  };
  const responsePayload: TtlvItem = {
    tag: TAGS.ResponsePayload,
    type: 'Structure',
    value: [uniqueIdentifier],
  };
  return { responsePayload };
}

/** Whatever stands there beside the fields of an answer belongs to the item that was first answered. */
function answerOf(instead: AnswerInstead): AnswerInstead {
  const { operation, resultStatus, resultReason, resultMessage } = instead;
  const { asynchronousCorrelationValue, responsePayload } = instead;
  return {
    operation,
    resultStatus,
    resultReason,
    resultMessage,
    asynchronousCorrelationValue,
    responsePayload,
  };
}

/** The answer to a message that could not be read: one item without an Operation (1.4 §11.1). */
export function unreadableItem(
  error: ClavigerError,
  version: Version,
  correlationId: string,
): ResponseBatchItem {
  return { messageExtension: [], ...failure(error, version, correlationId) };
}

function failure(error: ClavigerError, version: Version, correlationId: string) {
  const text = sentence(error.message);
  return {
    resultStatus: 'OperationFailed',
    resultReason: resultReason(error.code, version),
    resultMessage: isFault(error) ? `${text} Correlation id: ${correlationId}.` : text,
  } as const;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
