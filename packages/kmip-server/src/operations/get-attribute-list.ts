/** Get Attribute List (1.4 §4.13, 2.1 §6.1.21). */

import { type AttributeReference, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { attributeKey } from '../objects/attribute-key.ts';
import { handler } from './operation-handler.ts';

export const getAttributeList = handler<'GetAttributeList'>(
  OPERATION_SCHEMAS.GetAttributeList,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    const byKey = new Map<string, AttributeReference>();
    for (const attribute of currentAttributes(object, state)) {
      byKey.set(attributeKey(attribute), attribute);
    }
    return {
      response: { uniqueIdentifier: object.id, attributeReferences: [...byKey.values()] },
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);
