/** Request and response messages and their batch items (1.4 §7.1, 2.1 §8). */

import {
  boolean,
  bytes,
  enumeration,
  oneOrMore,
  opaque,
  optional,
  repeated,
  required,
  structure,
  text,
} from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { RequestHeader, ResponseHeader } from './header.ts';

/** 1.4 §6.16, 2.1 §9.13. What the extension holds is the vendor's affair. */
export const MessageExtension = structure('MessageExtension', {
  vendorIdentification: required(text('VendorIdentification')),
  criticalityIndicator: required(boolean('CriticalityIndicator')),
  vendorExtension: required(opaque('VendorExtension', 'Structure')),
});

/**
 * The payload stays an item here: its schema is the operation's, and a payload that cannot be read
 * fails its batch item only (1.4 §11.1).
 */
export const RequestBatchItem = structure('BatchItem', {
  operation: required(enumeration('Operation', 'Operation')),
  ephemeral: optional(boolean('Ephemeral'), { since: '2.0' }),
  uniqueBatchItemID: optional(bytes('UniqueBatchItemID')),
  requestPayload: required(opaque('RequestPayload')),
  messageExtension: repeated(MessageExtension),
});
export type RequestBatchItem = Infer<typeof RequestBatchItem>;

export const RequestMessage = structure('RequestMessage', {
  requestHeader: required(RequestHeader),
  batchItem: oneOrMore(RequestBatchItem),
});
export type RequestMessage = Infer<typeof RequestMessage>;

export const ResponseBatchItem = structure('BatchItem', {
  operation: optional(enumeration('Operation', 'Operation')),
  uniqueBatchItemID: optional(bytes('UniqueBatchItemID')),
  resultStatus: required(enumeration('ResultStatus', 'ResultStatus')),
  resultReason: optional(enumeration('ResultReason', 'ResultReason')),
  resultMessage: optional(text('ResultMessage')),
  asynchronousCorrelationValue: optional(bytes('AsynchronousCorrelationValue')),
  responsePayload: optional(opaque('ResponsePayload')),
  messageExtension: repeated(MessageExtension),
});
export type ResponseBatchItem = Infer<typeof ResponseBatchItem>;

export const ResponseMessage = structure('ResponseMessage', {
  responseHeader: required(ResponseHeader),
  batchItem: oneOrMore(ResponseBatchItem),
});
export type ResponseMessage = Infer<typeof ResponseMessage>;
