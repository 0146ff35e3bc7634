/** Activate (1.4 §4.19, 2.1 §6.1.1). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { stateAt } from '../lifecycle/state.ts';
import { withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const activate = handler<'Activate'>(
  OPERATION_SCHEMAS.Activate,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    assertOnLine(object);
    if (object.objectType === 'Template') {
      throw new ClavigerError(
        'illegal-operation',
        'a Template has no State: it cannot be activated',
      );
    }
    if (state !== 'PreActive') {
      throw new ClavigerError(
        'wrong-state',
        `the object is ${state}; only a PreActive object can be activated`,
      );
    }
    const now = context.nowSeconds;
    const activated = withValues(object, {
      State: 'Active',
      ActivationDate: now,
      LastChangeDate: now,
    });
    return {
      response: { uniqueIdentifier: object.id },
      save: [activated],
      audit: {
        // Deactivated at once when the Deactivation Date has come already.
        subject: { id: object.id, objectType: object.objectType, state: stateAt(activated, now) },
        stateBefore: state,
      },
    };
  },
);
