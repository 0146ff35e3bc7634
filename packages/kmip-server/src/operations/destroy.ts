/** Destroy (1.4 §4.21, 2.1 §6.1.15). The material is gone for good; the attributes stay. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { AFTER_DESTROY, isDestroyed } from '../lifecycle/state.ts';
import { withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const destroy = handler<'Destroy'>(OPERATION_SCHEMAS.Destroy, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  assertOnLine(object);
  if (isDestroyed(state)) {
    throw new ClavigerError('already-destroyed', 'the object has already been destroyed');
  }
  const next = AFTER_DESTROY[state];
  if (next === undefined) {
    throw new ClavigerError('wrong-state', 'the key is active; revoke it before destroying it');
  }
  const now = context.nowSeconds;
  const destroyed = {
    ...withValues(object, { State: next, DestroyDate: now, LastChangeDate: now }),
    material: null,
  };
  return {
    response: { uniqueIdentifier: object.id },
    save: [destroyed],
    audit: {
      subject: { id: object.id, objectType: object.objectType, state: next },
      stateBefore: state,
    },
  };
});
