/** Set Constraints (2.1 §6.1.52): for the objects that the clients of this adapter make from now on. */

import { ClavigerError, isNamedValue, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { NO_RULES } from '../objects/object-rules.ts';
import { handler } from './operation-handler.ts';

export const setConstraints = handler<'SetConstraints'>(
  OPERATION_SCHEMAS.SetConstraints,
  async (context, { constraints = NO_RULES.constraints }) => {
    for (const { objectTypes } of constraints.constraint) {
      if (objectTypes?.objectType.every(isNamedValue) ?? true) continue;
      throw new ClavigerError(
        'invalid-object-type',
        'a constraint is for a type that is not known',
      );
    }
    return { response: {}, rules: { ...(await context.rules()), constraints }, audit: {} };
  },
);
