/**
 * Delete Attribute (1.4 §4.16, 2.1 §6.1.13). Up to 1.4 one instance by its index, the first one when it is
 * left out; since 2.0 one by its value, or all by the name.
 */

import {
  type Attribute,
  type AttributeReference,
  ClavigerError,
  isAtLeast,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import {
  afterChange,
  instanceAt,
  instanceWithValue,
  withoutInstances,
} from '../lifecycle/attribute-change.ts';
import { assertClientMayDelete } from '../lifecycle/attribute-rules.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { instancesOf, type ManagedObject } from '../objects/managed-object.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type Request = RequestOf<typeof OPERATION_SCHEMAS.DeleteAttribute>;

export const deleteAttribute = handler<'DeleteAttribute'>(
  OPERATION_SCHEMAS.DeleteAttribute,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object } = found;
    assertOnLine(object);
    const reference = referenceOf(request);
    assertClientMayDelete(found, reference, context);
    const deleted = meantInstances(context, object, reference, request);
    return {
      response: { uniqueIdentifier: object.id, attribute: deleted[0] },
      ...afterChange(context, found, withoutInstances(object, deleted)),
    };
  },
);

function referenceOf({ currentAttribute, attributeReference }: Request): AttributeReference {
  const reference = currentAttribute ?? attributeReference;
  if (reference !== undefined) return reference;
  throw new ClavigerError(
    'invalid-message',
    'name what to delete: by a Current Attribute or an Attribute Reference',
  );
}

function meantInstances(
  { version }: OperationContext,
  object: ManagedObject,
  reference: AttributeReference,
  { currentAttribute, attributeIndex = 0 }: Request,
): readonly Attribute[] {
  const instances = instancesOf(object, reference);
  if (instances.length === 0) {
    throw new ClavigerError(
      'attribute-not-found',
      `the object has no attribute ${attributeLabel(reference)}`,
    );
  }
  if (!isAtLeast(version, '2.0')) return [instanceAt(object, reference, attributeIndex)];
  return currentAttribute === undefined ? instances : [instanceWithValue(object, currentAttribute)];
}
