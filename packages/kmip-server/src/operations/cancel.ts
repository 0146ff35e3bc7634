/** Cancel (1.4 §4.27, 2.1 §6.1.5): ends an asynchronous request that nobody has begun to work on. */

import { type EnumerationValue, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

/** What is told of a request that has ended already. */
const ENDED = {
  completed: 'Completed',
  failed: 'Failed',
  canceled: 'Canceled',
} as const satisfies Record<string, EnumerationValue<'CancellationResult'>>;

export const cancel = handler<'Cancel'>(OPERATION_SCHEMAS.Cancel, async (context, request) => {
  const { asynchronousCorrelationValue } = request;
  const record = await context.queue.find(asynchronousCorrelationValue);
  const answer = (cancellationResult: EnumerationValue<'CancellationResult'>) => ({
    response: { asynchronousCorrelationValue, cancellationResult },
    audit: { asynchronousRequest: record?.id },
  });
  if (record === undefined) return answer('Unavailable');
  if (record.stage !== 'waiting') return answer(ENDED[record.stage]);
  // The commit fails when the work is done first: the message is computed anew, and finds it completed.
  context.queue.cancel(record);
  return answer('Canceled');
});
