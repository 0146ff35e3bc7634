/** Ping (2.1 §6.1.36). */

import { operation } from './operation.ts';

export const Ping = operation('Ping', {
  request: {},
  response: {},
});
