/**
 * Process (2.1 §6.1.39): the next Poll answers more than Pending. The work is done before the message that asks
 * for it is computed (`batch/process-message.ts`); here is told whether it was.
 */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const processRequest = handler<'Process'>(
  OPERATION_SCHEMAS.Process,
  async (context, request) => {
    const record = await context.queue.find(request.asynchronousCorrelationValue);
    if (record === undefined) {
      throw new ClavigerError(
        'invalid-correlation-value',
        'there is no asynchronous request with this Asynchronous Correlation Value, or no more',
      );
    }
    if (record.stage === 'waiting') {
      throw new ClavigerError(
        'overloaded',
        'the request cannot be worked on at present; try again later',
      );
    }
    return { response: {}, audit: { asynchronousRequest: record.id } };
  },
);
