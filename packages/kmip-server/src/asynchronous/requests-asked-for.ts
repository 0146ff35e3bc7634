/** The asynchronous requests that a message wants to be done with: by Poll and Process. */

import { ClavigerError, decodeItem, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import type { ReadRequest } from '../batch/parse-request.ts';
import { fromCorrelationValue } from './correlation-value.ts';

/** @returns ids, as the message has them; payloads that cannot be read name none. */
export function requestsAskedFor({
  items,
  version,
}: Pick<ReadRequest, 'items' | 'version'>): readonly string[] {
  return items.flatMap(({ operation, requestPayload }) => {
    if (operation !== 'Poll' && operation !== 'Process') return [];
    try {
      const { request } = OPERATION_SCHEMAS[operation];
      const payload = decodeItem(request, requestPayload, version);
      return fromCorrelationValue(payload.asynchronousCorrelationValue) ?? [];
    } catch (error) {
      if (error instanceof ClavigerError) return []; // it is refused when its turn comes
      throw error;
    }
  });
}
