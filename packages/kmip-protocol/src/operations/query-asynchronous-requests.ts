/** Query Asynchronous Requests (2.1 §6.1.41). */

import {
  bytes,
  dateTimeExtended,
  enumeration,
  optional,
  repeated,
  required,
  structure,
} from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { Operations } from './object-lists.ts';
import { operation } from './operation.ts';

/** 2.1 §7.1. */
export const AsynchronousCorrelationValues = structure('AsynchronousCorrelationValues', {
  asynchronousCorrelationValue: repeated(bytes('AsynchronousCorrelationValue')),
});

/** 2.1 §7.2. */
export const AsynchronousRequest = structure('AsynchronousRequest', {
  asynchronousCorrelationValue: required(bytes('AsynchronousCorrelationValue')),
  operation: required(enumeration('Operation', 'Operation')),
  /** POSIX microseconds. */
  submissionDate: required(dateTimeExtended('SubmissionDate')),
  processingStage: required(enumeration('ProcessingStage', 'ProcessingStage')),
});
export type AsynchronousRequest = Infer<typeof AsynchronousRequest>;

export const QueryAsynchronousRequests = operation('QueryAsynchronousRequests', {
  request: {
    asynchronousCorrelationValues: optional(AsynchronousCorrelationValues),
    operations: optional(Operations),
  },
  response: { asynchronousRequest: repeated(AsynchronousRequest) },
});
