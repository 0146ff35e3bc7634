/**
 * Interop (2.1 §6.1.26): a test suite says what it is about to do. "It SHALL NOT be available in a production
 * server": only a server that is told to answers it.
 */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const interop = handler<'Interop'>(
  OPERATION_SCHEMAS.Interop,
  async (_, { interopFunction }) => {
    if (interopFunction !== 'Begin' && interopFunction !== 'End') {
      throw new ClavigerError(
        'feature-not-supported',
        'of the Interop Functions there are Begin and End; what a test has made is deleted by Destroy',
      );
    }
    return { response: {}, audit: {} };
  },
);
