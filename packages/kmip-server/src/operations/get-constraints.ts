/** Get Constraints (2.1 §6.1.22). */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

export const getConstraints = handler<'GetConstraints'>(
  OPERATION_SCHEMAS.GetConstraints,
  async (context) => {
    const { constraints } = await context.rules();
    return { response: { constraints }, audit: {} };
  },
);
