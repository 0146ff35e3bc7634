/** Add Attribute (1.4 §4.14, 2.1 §6.1.2). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { afterChange, assertNameFree } from '../lifecycle/attribute-change.ts';
import { addInstance, assertClientMaySet, assertMayAddTo } from '../lifecycle/attribute-rules.ts';
import { handler } from './operation-handler.ts';

export const addAttribute = handler<'AddAttribute'>(
  OPERATION_SCHEMAS.AddAttribute,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object } = found;
    assertOnLine(object);
    const { attribute } = request;
    if (attribute.index !== 0) {
      throw new ClavigerError(
        'invalid-field',
        'leave the Attribute Index out: the server gives the new instance its index',
      );
    }
    assertClientMaySet(attribute, object.objectType, context.version);
    assertMayAddTo(found, attribute, context);
    await assertNameFree(context, attribute);
    const { object: grown, added } = addInstance(object, attribute, context.version);
    return {
      response: { uniqueIdentifier: object.id, attribute: added },
      ...afterChange(context, found, grown),
    };
  },
);
