/** Attributes that new objects get where the client says nothing of them (2.1 §6.1.53, §7.22). */

import type {
  Attribute,
  AttributeSet,
  DefaultsInformation,
  EnumerationValue,
  ObjectDefaults,
} from '@claviger/kmip-protocol';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeKey } from './attribute-key.ts';
import { groupsOf } from './object-groups.ts';
import { resolveTemplates } from './templates.ts';

/** The types that defaults are for. */
export function typesOf({
  objectType,
  objectTypes,
}: ObjectDefaults): readonly EnumerationValue<'ObjectType'>[] {
  return objectType === undefined ? (objectTypes?.objectType ?? []) : [objectType];
}

/**
 * The defaults for an object that has some attributes already: of each attribute that it lacks. Defaults for
 * one of its groups come before those for objects of any group.
 */
export function missingDefaults(
  { objectDefaults }: DefaultsInformation,
  objectType: EnumerationValue<'ObjectType'>,
  present: readonly Attribute[],
): readonly Attribute[] {
  const groups = groupsOf(present);
  const ofType = objectDefaults.filter((each) => typesOf(each).includes(objectType));
  const ofGroups = ofType.filter(({ objectGroups }) =>
    objectGroups?.objectGroup.some((name) => groups.has(name)),
  );
  const ofAll = ofType.filter(({ objectGroups }) => objectGroups === undefined);
  const known = new Set(present.map(attributeKey));
  return [...ofGroups, ...ofAll].flatMap(({ attributes }) => {
    const missing = attributes.filter((each) => !known.has(attributeKey(each)));
    for (const each of missing) known.add(attributeKey(each));
    return missing;
  });
}

/**
 * What a new object is asked to have: the attributes of the request, those of its Templates, and the defaults
 * of the adapter for what is still missing.
 *
 * @throws ClavigerError as `resolveTemplates`.
 */
export async function askedAttributes(
  context: Pick<OperationContext, 'findByName' | 'open' | 'version' | 'rules'>,
  objectType: EnumerationValue<'ObjectType'>,
  set: AttributeSet | undefined,
): Promise<readonly Attribute[]> {
  const asked = await resolveTemplates(context, set);
  const { defaults } = await context.rules();
  return [...asked, ...missingDefaults(defaults, objectType, asked)];
}
