/** Export (1.4 §4.40, 2.1 §6.1.18): an object with all of its attributes. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { afterGiving, givenObject } from '../objects/given-object.ts';
import { handler } from './operation-handler.ts';

export const exportObject = handler<'Export'>(
  OPERATION_SCHEMAS.Export,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object, state } = found;
    const material = await givenObject(context, found, request);
    return {
      response: {
        objectType: object.objectType,
        uniqueIdentifier: object.id,
        attributes: currentAttributes(object, state),
        ...material,
      },
      save: await afterGiving(context, found, request, material),
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);
