/** Get Attributes (1.4 §4.12, 2.1 §6.1.20). */

import {
  type Attribute,
  attributeText,
  ClavigerError,
  isReferredTo,
  OPERATION_SCHEMAS,
} from '@claviger/kmip-protocol';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { handler } from './operation-handler.ts';

export const getAttributes = handler<'GetAttributes'>(
  OPERATION_SCHEMAS.GetAttributes,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    const all = currentAttributes(object, state);
    const references = request.attributeReferences.filter((reference) => reference !== undefined);
    assertNamedOnce(references.map(attributeText));
    // An attribute that the object lacks is left out: vCenter asks before it adds one.
    const attributes: readonly Attribute[] =
      request.attributeReferences.length === 0
        ? all
        : references.flatMap((reference) =>
            all.filter((attribute) => isReferredTo(attribute, reference)),
          );
    return {
      response: { uniqueIdentifier: object.id, attributes },
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);

/** 1.4 §11.13. */
function assertNamedOnce(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new ClavigerError('invalid-message', `the attribute ${twice} is named more than once`);
  }
}
