/** Logout (2.1 §6.1.31): a ticket is good no longer. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const logout = handler<'Logout'>(OPERATION_SCHEMAS.Logout, async (context, { ticket }) => {
  context.endTicket(ticket.ticketValue);
  return { response: {}, audit: {} };
});
