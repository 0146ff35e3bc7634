/** Log (2.1 §6.1.29): a sentence of the client's, kept in the audit log. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

/** Longest message, in UTF-16 code units. */
export const MAX_LOG_MESSAGE_LENGTH = 1024;

export const log = handler<'Log'>(OPERATION_SCHEMAS.Log, async (_, { logMessage }) => {
  if (logMessage.length > MAX_LOG_MESSAGE_LENGTH) {
    throw new ClavigerError(
      'invalid-field',
      `a Log Message has at most ${MAX_LOG_MESSAGE_LENGTH} characters; shorten it`,
    );
  }
  return { response: {}, audit: { logMessage } };
});
