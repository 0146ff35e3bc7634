/** What new objects are held to (2.1 §6.1.52, §7.6). */

import { isDeepStrictEqual } from 'node:util';
import { type Attribute, ClavigerError, type Constraints } from '@claviger/kmip-protocol';
import { attributeKey } from './attribute-key.ts';
import { attributeLabel } from './attribute-label.ts';
import type { ManagedObject } from './managed-object.ts';
import { groupsOf } from './object-groups.ts';

/** The values that an attribute may have. */
interface Allowed {
  /** Constraints that name a group of the object come before those that name none. */
  readonly isOfGroup: boolean;
  readonly values: Attribute[];
}

/**
 * Checks a new object, as it would be kept, against the constraints of its adapter. A constraint applies to
 * the types and groups that it names, and to all when it names none. The values that several give for one
 * attribute are alternatives; those for the object's groups replace those for objects of any group.
 *
 * @param applies - Whether an object of the type can have the attribute; one that cannot is not held to it.
 * @throws ClavigerError `constraint-violation` when a constrained attribute is missing or has another value.
 */
export function assertWithinConstraints(
  { constraint }: Constraints,
  { objectType, attributes }: Pick<ManagedObject, 'objectType' | 'attributes'>,
  applies: (attribute: Attribute) => boolean,
): void {
  const groups = groupsOf(attributes);
  const allowed = new Map<string, Allowed>();
  for (const { objectTypes, objectGroups, attributes: values } of constraint) {
    const isOfType = objectTypes === undefined || objectTypes.objectType.includes(objectType);
    const isOfGroup = objectGroups !== undefined;
    if (!isOfType || (isOfGroup && !objectGroups.objectGroup.some((name) => groups.has(name)))) {
      continue;
    }
    for (const value of values.filter(applies)) allow(allowed, value, isOfGroup);
  }
  for (const { values } of allowed.values()) {
    const [first] = values;
    if (first === undefined || values.some((value) => has(attributes, value))) continue;
    throw new ClavigerError(
      'constraint-violation',
      `the constraints of the server allow other values of ${attributeLabel(first)}; Get Constraints tells which`,
    );
  }
}

function allow(allowed: Map<string, Allowed>, value: Attribute, isOfGroup: boolean): void {
  const key = attributeKey(value);
  const known = allowed.get(key);
  if (known === undefined || (isOfGroup && !known.isOfGroup)) {
    allowed.set(key, { isOfGroup, values: [value] });
  } else if (known.isOfGroup === isOfGroup) known.values.push(value);
}

function has(attributes: readonly Attribute[], wanted: Attribute): boolean {
  const key = attributeKey(wanted);
  return attributes.some(
    (each) => attributeKey(each) === key && isDeepStrictEqual(each.value, wanted.value),
  );
}
