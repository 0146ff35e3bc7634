/** What a Locate asks, as a condition on index entries (1.4 §4.9, 2.1 §6.1.28). */

import type { IndexEntry, Predicate } from '@claviger/key-store';
import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  attributeText,
  ClavigerError,
  MASKS,
  type Schema,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import type { State } from '../lifecycle/state.ts';
import { entriesOf, fieldEntries, textValue } from '../objects/index-entries.ts';

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
}

/**
 * @throws ClavigerError `invalid-field` for a condition that nothing can be compared with.
 */
export function locatePredicate(conditions: LocateConditions, nowSeconds: number): Predicate {
  const asked: Predicate[] = [];
  const dates = new Map<string, number[]>();
  let asksForDestroyed = false;

  for (const attribute of conditions.attributes) {
    if (attribute.kind === 'standard' && isDate(attribute)) {
      const name = attributeText(attribute);
      dates.set(name, [...(dates.get(name) ?? []), attribute.value]);
    } else if (attribute.kind === 'standard' && attribute.name === 'State') {
      const { value } = attribute;
      if (value.startsWith('0x')) throw unknownValue('State');
      asksForDestroyed ||= value === 'Destroyed' || value === 'DestroyedCompromised';
      asked.push(statePredicate(value as State, nowSeconds)); // not 0x, so a name of the table
    } else asked.push(attributePredicate(attribute));
  }
  for (const [name, [first, second, ...more]] of dates) {
    if (first === undefined || more.length > 0) {
      throw new ClavigerError(
        'invalid-field',
        `${name} may stand once for a date, twice for a range.`,
      );
    }
    asked.push(
      second === undefined
        ? equals(name, first)
        : { kind: 'range', name, from: Math.min(first, second), to: Math.max(first, second) },
    );
  }
  return and(storagePredicate(conditions.storageStatusMask, asksForDestroyed), ...asked);
}

/**
 * On-line objects are those whose material is there. Destroyed ones are found when they are asked for,
 * by their State or by the mask (2.1 §12.3). Nothing is archived.
 */
function storagePredicate(mask: number | undefined, asksForDestroyed: boolean): Predicate {
  const { OnLineStorage, DestroyedStorage } = MASKS.StorageStatusMask.bits;
  const storage = mask ?? (asksForDestroyed ? OnLineStorage | DestroyedStorage : OnLineStorage);
  const destroyed = or(stored('Destroyed'), stored('DestroyedCompromised'));
  const wanted: Predicate[] = [];
  if ((storage & OnLineStorage) !== 0) wanted.push(not(destroyed));
  if ((storage & DestroyedStorage) !== 0) wanted.push(destroyed);
  return or(...wanted);
}

function isDate(
  attribute: StandardAttribute,
): attribute is Extract<StandardAttribute, { value: number }> {
  return typeof attribute.value === 'number' && attribute.name.endsWith('Date');
}

function attributePredicate(attribute: Attribute): Predicate {
  if (attribute.kind === 'standard' && attribute.name === 'UsageLimits') {
    throw new ClavigerError(
      'feature-not-supported',
      'Locate by Usage Limits is not supported; leave the attribute out.',
    );
  }
  const entries =
    attribute.kind === 'standard' && hasOptionalFields(attribute)
      ? fieldEntries(attribute)
      : wholeEntries(attribute);
  return and(...entries.map(({ name, value }) => equals(name, value)));
}

/** A structure of which a request need not name every field matches by those that it names. */
function hasOptionalFields(attribute: StandardAttribute): boolean {
  const schema: Schema = ATTRIBUTE_SCHEMAS[attribute.name];
  return (
    schema.kind === 'structure' &&
    Object.values(schema.fields).some(
      (field) => field.kind === 'item' && field.cardinality !== 'required',
    )
  );
}

/** The entries that stand for the value as a whole: all bits of a mask, one entry of anything else. */
function wholeEntries(attribute: Attribute): readonly IndexEntry[] {
  const name = attributeText(attribute);
  const entries = entriesOf(attribute);
  const whole = entries.filter((entry) => entry.name === name);
  return whole.length > 0 ? whole : entries;
}

function unknownValue(name: string): ClavigerError {
  return new ClavigerError(
    'invalid-field',
    `No object can be compared with this value of ${name}.`,
  );
}
