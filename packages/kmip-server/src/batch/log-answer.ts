/** What the operational log tells of a message: every failure, and successes for whoever debugs. */

import type { Logger } from '../dependencies.ts';
import { type MessageOrigin, reasonText } from './audit-events.ts';
import type { ReadRequest } from './parse-request.ts';
import type { RanItem } from './run-batch.ts';
import { isFault } from './to-claviger-error.ts';

/** Longest text of a client that goes into a line. */
const MAX_TEXT_LENGTH = 256;

export function logAnswer(
  log: Logger,
  { correlationId, adapterId }: MessageOrigin,
  { version, header }: ReadRequest,
  ran: readonly RanItem[],
): void {
  const clientCorrelationValue = header.clientCorrelationValue?.slice(0, MAX_TEXT_LENGTH);
  const message = {
    correlationId,
    adapterId,
    version,
    // "The server SHOULD log this information" (1.4 §6.18).
    ...(clientCorrelationValue !== undefined && { clientCorrelationValue }),
  };
  const operations = ran.map(({ item }) => item.operation);
  log.debug({ ...message, operations }, 'a message was answered');
  const told = new Set<unknown>();
  for (const { item, outcome } of ran) {
    if (outcome.kind !== 'failure') continue;
    const { error } = outcome;
    const fields = {
      ...message,
      operation: item.operation,
      code: error.code,
      reason: reasonText(error, version),
      ...(error.detail !== undefined && { detail: error.detail }),
    };
    if (isFault(error)) {
      // One fault can fail all items of a message.
      const cause = error.cause ?? error;
      const err = told.has(cause) ? {} : { err: cause };
      told.add(cause);
      log.error({ ...fields, ...err }, 'an operation failed unexpectedly');
    } else log.info(fields, 'an operation was refused');
  }
}
