/** Poll (1.4 §4.28, 2.1 §6.1.38): what came of an asynchronous request, as it would have been answered. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { operationNamed } from '../asynchronous/operation-named.ts';
import { resultReason as resultReasonOf } from '../result-reason.ts';
import { handler } from './operation-handler.ts';

export const poll = handler<'Poll'>(OPERATION_SCHEMAS.Poll, async (context, request) => {
  const { asynchronousCorrelationValue } = request;
  const record = await context.queue.find(asynchronousCorrelationValue);
  if (record === undefined) {
    throw new ClavigerError(
      'invalid-correlation-value',
      'there is no asynchronous request with this Asynchronous Correlation Value, or no more',
    );
  }
  const audit = { asynchronousRequest: record.id };
  if (record.stage === 'waiting') {
    const answer = { resultStatus: 'OperationPending', asynchronousCorrelationValue } as const;
    return { response: {}, instead: { operation: 'Poll', ...answer }, audit };
  }
  if (record.stage === 'canceled') {
    const resultReason = resultReasonOf('operation-canceled', context.version);
    const answer = { resultStatus: 'OperationFailed', resultReason } as const;
    const { operation } = record;
    return { response: {}, instead: { operation: operationNamed(operation), ...answer }, audit };
  }
  const answer = context.queue.answerOf(record);
  if (answer === undefined) {
    throw new ClavigerError(
      'permission-denied',
      'the request was not worked on, and nothing came of it; the audit log has the reason',
    );
  }
  context.queue.collect(record);
  return { response: {}, instead: answer, audit };
});
