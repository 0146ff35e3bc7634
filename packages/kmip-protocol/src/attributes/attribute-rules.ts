/** The rules of an attribute in one version: who may set, change and delete it, on what, and how often. */

import { ATTRIBUTE_RULES, type AttributeRules } from '../tables/attributes.ts';
import { ENUMERATION_VALUE_VERSIONS } from '../tables/enumerations.ts';
import { OPERATIONS } from '../tables/operations.ts';
import { familyOf, isWithin, type Version } from '../tables/version.ts';
import { hasAttribute } from './attribute.ts';
import type { AttributeName } from './schemas.ts';

/**
 * The rules of the specification (1.4 §3, 2.1 §4), with the object types and operations that the version has.
 *
 * @returns undefined when the version does not have the attribute.
 */
export function attributeRules(name: AttributeName, version: Version): AttributeRules | undefined {
  const rules = ATTRIBUTE_RULES[name][familyOf(version)];
  if (rules === undefined || !hasAttribute(version, name)) return undefined;
  const ofType = ENUMERATION_VALUE_VERSIONS.ObjectType ?? {};
  return {
    ...rules,
    appliesTo: rules.appliesTo.filter((type) => isWithin(version, ofType[type])),
    implicitlySetBy: rules.implicitlySetBy.filter((operation) =>
      isWithin(version, OPERATIONS[operation]),
    ),
  };
}
