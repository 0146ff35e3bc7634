/** Get Attributes (1.4 §4.12, 2.1 §6.1.20). */

import {
  type Attribute,
  type AttributeReference,
  ClavigerError,
  OPERATION_SCHEMAS,
} from '@claviger/kmip-protocol';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { attributeKey } from '../objects/attribute-key.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { handler } from './operation-handler.ts';

export const getAttributes = handler<'GetAttributes'>(
  OPERATION_SCHEMAS.GetAttributes,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    const all = currentAttributes(object, state);
    const asked = request.attributeReferences;
    return {
      response: {
        uniqueIdentifier: object.id,
        attributes: asked.length === 0 ? all : selectAttributes(all, asked),
      },
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);

/**
 * The attributes that are asked for, in the order of the request. One that the object lacks is left
 * out: vCenter asks before it adds one.
 */
function selectAttributes(
  attributes: readonly Attribute[],
  references: readonly (AttributeReference | undefined)[],
): readonly Attribute[] {
  const wanted = new Map<string, Attribute[]>();
  for (const reference of references) {
    if (reference === undefined) continue; // a name that no version knows
    const key = attributeKey(reference);
    if (wanted.has(key)) throw namedTwice(reference);
    wanted.set(key, []);
  }
  for (const attribute of attributes) wanted.get(attributeKey(attribute))?.push(attribute);
  return [...wanted.values()].flat();
}

/** 1.4 §11.13. */
function namedTwice(reference: AttributeReference): ClavigerError {
  return new ClavigerError(
    'invalid-message',
    `the attribute ${attributeLabel(reference)} is named more than once`,
  );
}
