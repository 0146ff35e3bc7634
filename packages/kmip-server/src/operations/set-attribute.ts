/** Set Attribute (2.1 §6.1.51): adds what is not there, changes the one that is. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import {
  afterChange,
  assertNameFree,
  onlyInstance,
  replaceInstance,
} from '../lifecycle/attribute-change.ts';
import {
  addInstance,
  assertClientMayModify,
  assertClientMaySet,
  assertMayAddTo,
} from '../lifecycle/attribute-rules.ts';
import { handler } from './operation-handler.ts';

export const setAttribute = handler<'SetAttribute'>(
  OPERATION_SCHEMAS.SetAttribute,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object } = found;
    const { attribute } = request;
    assertOnLine(object);
    assertClientMaySet(attribute, object.objectType, context.version);
    const instance = onlyInstance(object, attribute);
    await assertNameFree(context, attribute, instance);
    if (instance === undefined) assertMayAddTo(found, attribute, context);
    else assertClientMayModify(found, attribute, context);
    const { object: changed } =
      instance === undefined
        ? addInstance(object, attribute, context.version)
        : replaceInstance(object, instance, attribute);
    return {
      response: { uniqueIdentifier: object.id },
      ...afterChange(context, found, changed),
    };
  },
);
