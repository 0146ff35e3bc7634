/** Add Attribute (1.4 §4.14, 2.1 §6.1.2). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { addInstance, assertClientMaySet, assertMayAddIn } from '../lifecycle/attribute-rules.ts';
import { stateAt } from '../lifecycle/state.ts';
import { withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const addAttribute = handler<'AddAttribute'>(
  OPERATION_SCHEMAS.AddAttribute,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    const { attribute } = request;
    if (attribute.index !== 0) {
      throw new ClavigerError(
        'invalid-field',
        'leave the Attribute Index out: the server gives the new instance its index',
      );
    }
    assertClientMaySet(attribute, object.objectType, context.version);
    assertMayAddIn(state, attribute, context.version);
    if (
      attribute.kind === 'standard' &&
      attribute.name === 'Name' &&
      (await context.isNameTaken(attribute.value.nameValue))
    ) {
      throw new ClavigerError('name-in-use', 'an object with this Name exists already');
    }
    const { object: grown, added } = addInstance(object, attribute, context.version);
    const saved = withValues(grown, { LastChangeDate: context.nowSeconds });
    // A date that has come already moves the object on at once (1.4 §3.22, transitions 4 and 6).
    const next = stateAt(saved, context.nowSeconds);
    return {
      response: { uniqueIdentifier: object.id, attribute: added },
      save: [saved],
      audit: {
        subject: { id: object.id, objectType: object.objectType, state: next },
        ...(next !== state && { stateBefore: state }),
      },
    };
  },
);
