/** Query Asynchronous Requests (2.1 §6.1.41): those whose answer nobody has asked for yet. */

import type { QueueStage } from '@claviger/key-store';
import { type EnumerationValue, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { fromCorrelationValue, toCorrelationValue } from '../asynchronous/correlation-value.ts';
import { operationNamed } from '../asynchronous/operation-named.ts';
import { handler } from './operation-handler.ts';

/** A request in work is not committed before it has ended: until then it may still be canceled. */
const STAGES = {
  waiting: 'Submitted',
  completed: 'Completed',
  failed: 'Completed',
  canceled: 'Completed',
} as const satisfies Record<QueueStage, EnumerationValue<'ProcessingStage'>>;

export const queryAsynchronousRequests = handler<'QueryAsynchronousRequests'>(
  OPERATION_SCHEMAS.QueryAsynchronousRequests,
  async (context, request) => {
    const values = request.asynchronousCorrelationValues?.asynchronousCorrelationValue;
    const ids = values?.map(fromCorrelationValue);
    const operations: readonly string[] | undefined = request.operations?.operation;
    const outstanding = (await context.queue.list()).filter(
      ({ collectedAt, id, operation, stage }) =>
        // A canceled one has its result: the answer to Cancel.
        collectedAt === null &&
        stage !== 'canceled' &&
        (ids === undefined || ids.includes(id)) &&
        (operations === undefined || operations.includes(operation)),
    );
    return {
      response: {
        asynchronousRequest: outstanding.map(({ id, operation, stage, submittedAt }) => ({
          asynchronousCorrelationValue: toCorrelationValue(id),
          operation: operationNamed(operation),
          submissionDate: BigInt(submittedAt) * 1000n,
          processingStage: STAGES[stage],
        })),
      },
      audit: {},
    };
  },
);
