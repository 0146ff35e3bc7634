/** Whether a message has made the server the one that asks (2.1 §6.1.54). */

import { decodeItem, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import type { RanItem } from '../batch/run-batch.ts';

/** The last Set Endpoint Role of a message counts. */
export function turnsRoles(ran: readonly RanItem[]): boolean {
  const last = ran.findLast(
    ({ item, outcome }) => item.operation === 'SetEndpointRole' && outcome.kind === 'success',
  );
  if (last?.outcome.kind !== 'success') return false;
  const { response } = OPERATION_SCHEMAS.SetEndpointRole;
  // The answer was encoded by that schema, and its field has been the same since 2.0.
  return decodeItem(response, last.outcome.payload, '2.1').endpointRole === 'Client';
}
