/** What the status of an answer means for delivery. */

import { DeliveryError, type DeliveryFailureKind } from '../sink.ts';
import type { HttpAnswer } from './http-sender.ts';

/** The receiver has read the batch and does not want it: tried again in parts. */
const REFUSED = new Set([400, 413, 415, 422]);
/** The receiver will take the batch later. */
const UNAVAILABLE = new Set([408, 409, 425, 429]);

/**
 * @param where - The receiver, for the message.
 * @throws DeliveryError for everything but 2xx.
 */
export function checkStatus({ status, retryAfterMs }: HttpAnswer, where: string): void {
  if (status >= 200 && status < 300) return;
  throw new DeliveryError(kindOf(status), `${where} answered ${status}`, { retryAfterMs });
}

function kindOf(status: number): DeliveryFailureKind {
  if (REFUSED.has(status)) return 'refused';
  if (UNAVAILABLE.has(status) || status >= 500) return 'unavailable';
  return 'misconfigured'; // wrong credentials, wrong address, a redirect
}
