/**
 * The Authentication of a request (1.4 §6.6, 2.1 §9.4). The certificate has said who the client is; a ticket
 * beside it must be good. Other credentials are read and count for nothing.
 */

import {
  CREDENTIAL_VALUES,
  decodeItem,
  type RequestHeader,
  type Version,
} from '@claviger/kmip-protocol';
import type { LoginTickets, TicketOwner } from './login-tickets.ts';

/** @throws ClavigerError `authentication-failed`, `invalid-message`, `invalid-field`. */
export function checkCredentials(
  { authentication }: RequestHeader,
  version: Version,
  tickets: Pick<LoginTickets, 'use'>,
  owner: TicketOwner,
): void {
  for (const { credentialType, credentialValue } of authentication?.credential ?? []) {
    if (credentialType !== 'Ticket') continue;
    const { ticket } = decodeItem(CREDENTIAL_VALUES.Ticket, credentialValue, version);
    tickets.use(owner, ticket.ticketValue);
  }
}
