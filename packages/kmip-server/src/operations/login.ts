/** Login (2.1 §6.1.30): a ticket, which stands in later requests for other credentials. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { operationCountOf } from '../tickets/operation-count.ts';
import { handler } from './operation-handler.ts';

export const login = handler<'Login'>(OPERATION_SCHEMAS.Login, async (context, request) => {
  const { leaseTime, requestCount } = request;
  const operationCount = operationCountOf(request.usageLimits);
  const bounds = { leaseSeconds: leaseTime, requestCount, operationCount };
  const ticketValue = context.issueTicket(bounds);
  return { response: { ticket: { ticketType: 'Login', ticketValue } }, audit: {} };
});
