/** Logout (2.1 §6.1.31). */

import { Ticket } from '../messages/credentials.ts';
import { required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Logout = operation('Logout', {
  request: { ticket: required(Ticket) },
  response: {},
});
