/** Register (1.4 §4.3, 2.1 §6.1.43): the client brings an object. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { assertObjectType, attributesOfMaterial } from '../objects/material-attributes.ts';
import { newObject } from '../objects/new-object.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { handler } from './operation-handler.ts';

export const register = handler<'Register'>(
  OPERATION_SCHEMAS.Register,
  async (context, request) => {
    const { objectType, attributes, protectionStorageMasks, ...content } = request;
    assertObjectType(objectType, content);
    const object = await newObject(context, {
      id: context.newIdentifier(),
      objectType,
      asked: await resolveTemplates(context, attributes),
      implied: attributesOfMaterial(content),
      content,
      protectionStorageMasks: protectionStorageMasks?.protectionStorageMask,
    });
    return {
      response: { uniqueIdentifier: object.id },
      save: [object],
      audit: {
        subject: { id: object.id, objectType, state: stateAt(object, context.nowSeconds) },
      },
      idPlaceholder: object.id,
    };
  },
);
