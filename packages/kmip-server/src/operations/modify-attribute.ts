/**
 * Modify Attribute (1.4 §4.15, 2.1 §6.1.34). Up to 1.4 an index tells the instance, the first one when it
 * is left out; since 2.0 its value does, or there is one only.
 */

import {
  type Attribute,
  ClavigerError,
  isAtLeast,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import {
  afterChange,
  assertNameFree,
  instanceAt,
  instanceWithValue,
  onlyInstance,
  replaceInstance,
} from '../lifecycle/attribute-change.ts';
import { assertClientMayModify } from '../lifecycle/attribute-rules.ts';
import { attributeKey } from '../objects/attribute-key.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { instancesOf, type ManagedObject } from '../objects/managed-object.ts';
import { handler, type OperationContext } from './operation-handler.ts';

export const modifyAttribute = handler<'ModifyAttribute'>(
  OPERATION_SCHEMAS.ModifyAttribute,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object } = found;
    assertOnLine(object);
    assertClientMayModify(found, request.attribute, context);
    const instance = meantInstance(context, object, request);
    await assertNameFree(context, request.attribute, instance);
    const { object: modified, changed } = replaceInstance(object, instance, request.attribute);
    return {
      response: { uniqueIdentifier: object.id, attribute: changed },
      ...afterChange(context, found, modified),
    };
  },
);

function meantInstance(
  { version }: OperationContext,
  object: ManagedObject,
  { attribute, currentAttribute }: RequestOf<typeof OPERATION_SCHEMAS.ModifyAttribute>,
): Attribute {
  if (instancesOf(object, attribute).length === 0) {
    throw new ClavigerError(
      'attribute-absent',
      `the object has no attribute ${attributeLabel(attribute)}; add it first`,
    );
  }
  if (!isAtLeast(version, '2.0')) return instanceAt(object, attribute, attribute.index);
  if (currentAttribute === undefined) {
    // There is one at least; onlyInstance refuses more.
    return onlyInstance(object, attribute) ?? attribute;
  }
  if (attributeKey(currentAttribute) !== attributeKey(attribute)) {
    throw new ClavigerError(
      'invalid-field',
      'Current Attribute and New Attribute must be the same attribute',
    );
  }
  return instanceWithValue(object, currentAttribute);
}
