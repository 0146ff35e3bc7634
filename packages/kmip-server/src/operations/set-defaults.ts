/** Set Defaults (2.1 §6.1.53): for the objects that the clients of this adapter make from now on. */

import {
  type Attribute,
  ClavigerError,
  type EnumerationValue,
  isNamedValue,
  type ObjectDefaults,
  OPERATION_SCHEMAS,
  type Version,
} from '@claviger/kmip-protocol';
import { assertClientMaySet, isAskedOfServer } from '../lifecycle/attribute-rules.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { typesOf } from '../objects/defaults.ts';
import { NO_RULES } from '../objects/object-rules.ts';
import { handler } from './operation-handler.ts';

export const setDefaults = handler<'SetDefaults'>(
  OPERATION_SCHEMAS.SetDefaults,
  async (context, { defaultsInformation: defaults = NO_RULES.defaults }) => {
    for (const each of defaults.objectDefaults) assertMeaningful(each, context.version);
    return { response: {}, rules: { ...(await context.rules()), defaults }, audit: {} };
  },
);

/** @throws ClavigerError `invalid-object-type`, `invalid-field` for what no object could have. */
function assertMeaningful(defaults: ObjectDefaults, version: Version): void {
  const types = typesOf(defaults);
  if (types.length === 0 || !types.every(isNamedValue)) {
    throw new ClavigerError('invalid-object-type', 'defaults are for types that the server knows');
  }
  for (const type of types) {
    for (const each of defaults.attributes) assertCanBeDefault(each, type, version);
  }
}

function assertCanBeDefault(
  each: Attribute,
  type: EnumerationValue<'ObjectType'>,
  version: Version,
): void {
  if (each.kind === 'standard' && each.name === 'Name') {
    throw new ClavigerError('invalid-field', 'a Name is for one object, and cannot be a default');
  }
  if (each.kind === 'standard' && isAskedOfServer(each, type, version)) return;
  try {
    assertClientMaySet(each, type, version);
  } catch (cause) {
    // The list of Set Defaults has no finer reason (2.1 §6.1.53.1).
    const message = `${attributeLabel(each)} cannot be a default of objects of type ${type}`;
    throw new ClavigerError('invalid-field', message, { cause });
  }
}
