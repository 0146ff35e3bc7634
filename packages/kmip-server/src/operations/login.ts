/** Login (2.1 §6.1.30): a ticket, which stands in later requests for other credentials. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const login = handler<'Login'>(OPERATION_SCHEMAS.Login, async (context, request) => {
  if (request.usageLimits !== undefined) {
    throw new ClavigerError(
      'feature-not-supported',
      'a ticket can be bounded by Lease Time and Request Count, not by Usage Limits',
    );
  }
  const { leaseTime, requestCount } = request;
  const ticketValue = context.issueTicket({ leaseSeconds: leaseTime, requestCount });
  return { response: { ticket: { ticketType: 'Login', ticketValue } }, audit: {} };
});
