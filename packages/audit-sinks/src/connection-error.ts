/** What the errors of sockets mean for delivery. */

import { DeliveryError } from './sink.ts';
import { isTrustFailure } from './tls-options.ts';

/** @param where - The receiver, for the message: no user, no path, no query. */
export function toConnectionError(error: unknown, where: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const kind = isTrustFailure(code) ? 'misconfigured' : 'unavailable';
  // Several addresses were tried: the error of the whole has no text.
  const words = message === '' ? code : message;
  return new DeliveryError(kind, `${where}: ${words}`, { cause: error });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
