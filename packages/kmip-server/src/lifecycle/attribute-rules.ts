/** Who may set which attribute, on what, and how often (attribute tables: 1.4 §3, 2.1 §4). */

import {
  ATTRIBUTE_RULES,
  type Attribute,
  type AttributeRules,
  attributeText,
  type ChangeCondition,
  ClavigerError,
  type EnumerationValue,
  familyOf,
  type Version,
} from '@claviger/kmip-protocol';
import { instancesOf, type ManagedObject } from '../objects/managed-object.ts';
import type { State } from './state.ts';

/** More instances of one attribute than anybody needs; keeps an object small. */
export const MAX_INSTANCES = 256;

/** Longest text of an attribute, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 8192;

function rulesOf(attribute: Attribute, version: Version): AttributeRules | undefined {
  return attribute.kind === 'standard'
    ? ATTRIBUTE_RULES[attribute.name][familyOf(version)]
    : undefined;
}

/**
 * Checks that a client may give an object of a type this attribute.
 * @throws ClavigerError `attribute-read-only` or `attribute-not-applicable`.
 */
export function assertClientMaySet(
  attribute: Attribute,
  objectType: EnumerationValue<'ObjectType'>,
  version: Version,
): void {
  const name = attributeText(attribute);
  if (attribute.kind === 'vendor') {
    if (attribute.vendorIdentification === 'y') {
      throw new ClavigerError(
        'attribute-read-only',
        `${name} is an attribute of the server: only names that begin with x- may be set by a client.`,
      );
    }
    if (attribute.name.length > MAX_TEXT_LENGTH) throw tooLong('The name of an attribute');
    assertBounded(attribute.value.value, name);
    return;
  }
  const rules = rulesOf(attribute, version);
  if (rules === undefined || rules.setBy === 'server') {
    throw new ClavigerError('attribute-read-only', `${name} is set by the server only.`);
  }
  const applies: readonly string[] = rules.appliesTo;
  if (!applies.includes(objectType)) {
    throw new ClavigerError(
      'attribute-not-applicable',
      `${name} does not apply to objects of type ${objectType}.`,
    );
  }
  assertBounded(attribute.value, name);
}

function assertBounded(value: unknown, name: string): void {
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) throw tooLong(name);
}

function tooLong(what: string): ClavigerError {
  return new ClavigerError(
    'invalid-field',
    `${what} must not be longer than ${MAX_TEXT_LENGTH} characters.`,
  );
}

/** Whether an object may hold several instances. */
export function allowsSeveral(attribute: Attribute, version: Version): boolean {
  if (attribute.kind === 'vendor') return true;
  return rulesOf(attribute, version)?.multiple === true;
}

/**
 * Adds an instance and gives it the next index.
 * @throws ClavigerError `attribute-already-exists`, `index-out-of-bounds`.
 */
export function addInstance(
  object: ManagedObject,
  attribute: Attribute,
  version: Version,
): { readonly object: ManagedObject; readonly added: Attribute } {
  const present = instancesOf(object, attribute);
  const name = attributeText(attribute);
  if (present.length > 0 && !allowsSeveral(attribute, version)) {
    throw new ClavigerError(
      'attribute-already-exists',
      `The object already has the attribute ${name}; it can hold one instance only.`,
    );
  }
  if (present.length >= MAX_INSTANCES) {
    throw new ClavigerError(
      'index-out-of-bounds',
      `The object already has ${MAX_INSTANCES} instances of ${name}, which is the most it can hold.`,
    );
  }
  const index = present.reduce((next, { index }) => Math.max(next, index + 1), 0);
  const added: Attribute = { ...attribute, index };
  return { object: { ...object, attributes: [...object.attributes, added] }, added };
}

/**
 * Checks that the State still lets a client set the attribute.
 * @throws ClavigerError `wrong-state`.
 */
export function assertMayAddIn(state: State, attribute: Attribute, version: Version): void {
  const condition = rulesOf(attribute, version)?.modifiableByClient;
  const allowed = typeof condition === 'string' ? STATES_OF[condition] : undefined;
  if (allowed !== undefined && !allowed.includes(state)) {
    throw new ClavigerError(
      'wrong-state',
      `${attributeText(attribute)} can be set while the object is ${allowed.join(' or ')}; it is ${state}`,
    );
  }
}

/** The States that a condition on a change leaves; conditions on other things leave all. */
const STATES_OF: Readonly<Record<ChangeCondition, readonly State[] | undefined>> = {
  'pre-active': ['PreActive'],
  'pre-active-or-active': ['PreActive', 'Active'],
  'until-process-start': ['PreActive', 'Active'],
  'until-protect-stop': ['PreActive', 'Active'],
  'until-usage-allocation': undefined,
  'when-absent': undefined,
  'when-application-data-omitted': undefined,
};
