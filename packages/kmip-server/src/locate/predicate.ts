/** What a Locate asks, as a condition on index entries (1.4 §4.9, 2.1 §6.1.28). */

import type { IndexEntry, Predicate } from '@claviger/key-store';
import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  attribute,
  attributeText,
  ClavigerError,
  type EnumerationValue,
  isAtLeast,
  MASKS,
  type Schema,
  type StandardAttribute,
  type Version,
} from '@claviger/kmip-protocol';
import type { State } from '../lifecycle/state.ts';
import {
  conditionOn,
  entriesOf,
  fieldEntries,
  hasFieldsOnly,
  NAME_VALUE_ENTRY,
  singleEntry,
  textValue,
  wholeEntry,
} from '../objects/index-entries.ts';

/** Terms that a predicate may have: what the store allows, less what the workspace adds. */
const MAX_TERMS = 200;

const STATE = 'State';
const ACTIVATION = 'Activation Date';
const DEACTIVATION = 'Deactivation Date';

const equals = (name: string, value: IndexEntry['value']): Predicate => ({
  kind: 'equals',
  name,
  value,
});
const and = (...of: Predicate[]): Predicate => ({ kind: 'and', of });
const or = (...of: Predicate[]): Predicate => ({ kind: 'or', of });
const not = (of: Predicate): Predicate => ({ kind: 'not', of });
const stored = (state: State) => equals(STATE, textValue(state));
const reached = (name: string, nowSeconds: number): Predicate => ({
  kind: 'range',
  name,
  to: nowSeconds,
});

/** The State at a time in terms of what is stored; says the same as `stateAt`. */
export function statePredicate(state: State, nowSeconds: number): Predicate {
  const activated = or(stored('Active'), and(stored('PreActive'), reached(ACTIVATION, nowSeconds)));
  switch (state) {
    case 'PreActive':
      return and(stored('PreActive'), not(reached(ACTIVATION, nowSeconds)));
    case 'Active':
      return and(activated, not(reached(DEACTIVATION, nowSeconds)));
    case 'Deactivated':
      return or(stored('Deactivated'), and(activated, reached(DEACTIVATION, nowSeconds)));
    default:
      return stored(state);
  }
}

export interface LocateConditions {
  readonly attributes: readonly Attribute[];
  readonly storageStatusMask?: number | undefined;
  readonly objectGroupMember?: EnumerationValue<'ObjectGroupMember'> | undefined;
}

/**
 * @throws ClavigerError `invalid-field` for a condition that nothing can be compared with, and for too
 * many of them; `feature-not-supported` for Usage Limits.
 */
export function locatePredicate(
  conditions: LocateConditions,
  nowSeconds: number,
  version: Version,
): Predicate {
  const asked: Predicate[] = [];
  const dates = new Map<string, number[]>();
  let asksForDestroyed = false;

  for (const attribute of conditions.attributes) {
    if (attribute.kind === 'standard' && isDate(attribute)) {
      const name = attributeText(attribute);
      const given = dates.get(name);
      if (given === undefined) dates.set(name, [attribute.value]);
      else given.push(attribute.value);
    } else if (attribute.kind === 'standard' && attribute.name === 'State') {
      const { value } = attribute;
      if (value.startsWith('0x')) throw incomparable('State');
      asksForDestroyed ||= value === 'Destroyed' || value === 'DestroyedCompromised';
      asked.push(statePredicate(value as State, nowSeconds)); // not 0x, so a name of the table
    } else asked.push(attributePredicate(attribute));
  }
  if (conditions.objectGroupMember === 'GroupMemberFresh') asked.push(fresh);
  for (const [name, given] of dates) asked.push(datePredicate(name, given));
  const mask = conditions.storageStatusMask ?? impliedMask(asksForDestroyed, version);
  const predicate = and(storagePredicate(mask), ...asked);
  if (countTerms(predicate) > MAX_TERMS) {
    throw new ClavigerError(
      'invalid-field',
      'these are more attributes than one Locate may have; ask with fewer',
    );
  }
  return predicate;
}

/** One date is a date, two are a range (1.4 §4.9). */
function datePredicate(name: string, [first, second, ...more]: readonly number[]): Predicate {
  if (first === undefined || more.length > 0) {
    throw new ClavigerError(
      'invalid-field',
      `${name} may stand once for a date, twice for a range`,
    );
  }
  return second === undefined
    ? equals(name, first)
    : { kind: 'range', name, from: Math.min(first, second), to: Math.max(first, second) };
}

/**
 * Where a Locate without a Storage Status Mask searches. 2.x leaves destroyed objects out whatever is
 * asked for (2.1 §6.1.28). 1.x has no bit for them, so there asking for the State is enough.
 */
function impliedMask(asksForDestroyed: boolean, version: Version): number {
  const { OnLineStorage, DestroyedStorage } = MASKS.StorageStatusMask.bits;
  return asksForDestroyed && !isAtLeast(version, '2.0')
    ? OnLineStorage | DestroyedStorage
    : OnLineStorage;
}

/** The objects that bear a Name. A destroyed object has it still, but leaves it to others. */
export function namePredicate(nameValue: string): Predicate {
  return and(equals(NAME_VALUE_ENTRY, textValue(nameValue)), not(destroyed));
}

const destroyed = or(stored('Destroyed'), stored('DestroyedCompromised'));

const archived: Predicate = { kind: 'range', name: 'Archive Date', from: 0 };

/** Objects that no Get has handed out (1.4 §3.34). */
const fresh = entriesOf(attribute('Fresh', true))
  .map(conditionOn)
  .reduce((both, each) => and(both, each));

/** On-line objects are those whose material is there, and not put away. */
function storagePredicate(mask: number): Predicate {
  const { OnLineStorage, ArchivalStorage, DestroyedStorage } = MASKS.StorageStatusMask.bits;
  const wanted: Predicate[] = [];
  if ((mask & OnLineStorage) !== 0) wanted.push(and(not(destroyed), not(archived)));
  if ((mask & ArchivalStorage) !== 0) wanted.push(and(not(destroyed), archived));
  if ((mask & DestroyedStorage) !== 0) wanted.push(destroyed);
  return or(...wanted);
}

function isDate(
  attribute: StandardAttribute,
): attribute is Extract<StandardAttribute, { value: number }> {
  return typeof attribute.value === 'number' && attribute.name.endsWith('Date');
}

function attributePredicate(attribute: Attribute): Predicate {
  const conditions = conditionsOf(attribute);
  const [only] = conditions;
  return only !== undefined && conditions.length === 1 ? only : and(...conditions);
}

/** What an object must fulfil to match an attribute. */
function conditionsOf(attribute: Attribute): readonly Predicate[] {
  if (attribute.kind === 'vendor') return [conditionOn(wholeEntry(attribute))];
  if (attribute.name === 'UsageLimits') {
    throw new ClavigerError(
      'feature-not-supported',
      'Locate by Usage Limits is not supported; leave the attribute out',
    );
  }
  const schema: Schema = ATTRIBUTE_SCHEMAS[attribute.name];
  if (schema.kind === 'mask') return entriesOf(attribute).map(conditionOn);
  const whole = conditionOn(wholeEntry(attribute));
  if (schema.kind !== 'structure') return [whole];
  const entries = fieldEntries(attribute);
  const fields = entries.map(conditionOn);
  if (isComplete(attribute, Object.keys(schema.fields))) {
    if (!hasFieldsOnly(attribute)) return [whole];
    // What few objects have stands first and alone: the search is driven by it.
    const own = entries.filter(({ shared }) => !shared).map(conditionOn);
    const shared = entries.filter((entry) => entry.shared).map(conditionOn);
    return [...own, or(and(conditionOn(singleEntry(attribute)), ...shared), whole)];
  }
  if (fields.length === 0) throw incomparable(attributeText(attribute));
  return fields;
}

/**
 * Whether a structure has all its fields. One that lacks some matches by those that it has; a complete
 * one is compared as a whole, since an object may have the fields in different instances.
 */
function isComplete({ value }: StandardAttribute, fields: readonly string[]): boolean {
  const present: Readonly<Record<string, unknown>> = Object(value);
  return fields.every((field) => {
    const given = present[field];
    return given !== undefined && !(Array.isArray(given) && given.length === 0);
  });
}

function countTerms(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'equals':
    case 'range':
      return 1;
    case 'not':
      return 1 + countTerms(predicate.of);
    case 'and':
    case 'or':
      return predicate.of.reduce((sum, part) => sum + countTerms(part), 1);
  }
}

function incomparable(name: string): ClavigerError {
  return new ClavigerError(
    'invalid-field',
    `no object can be compared with what stands in ${name}; give it a value or leave it out`,
  );
}
