/** Ping (2.1 §6.1.36): whether the server answers. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const ping = handler<'Ping'>(OPERATION_SCHEMAS.Ping, async () => ({
  response: {},
  audit: {},
}));
