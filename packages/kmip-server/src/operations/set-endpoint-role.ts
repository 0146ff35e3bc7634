/**
 * Set Endpoint Role (2.1 §6.1.54): who asks on this connection from the next message on. The connection turns when
 * the answer has been sent; only connections that can are offered the operation.
 */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const setEndpointRole = handler<'SetEndpointRole'>(
  OPERATION_SCHEMAS.SetEndpointRole,
  async (_context, { endpointRole }) => {
    // A server that is to be the server is one already: nothing changes.
    if (endpointRole !== 'Client' && endpointRole !== 'Server') {
      throw new ClavigerError('invalid-field', 'the Endpoint Role must be Client or Server');
    }
    return { response: { endpointRole }, audit: {} };
  },
);
