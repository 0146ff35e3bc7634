/** Who may set which attribute, on what, and how often (attribute tables: 1.4 §3, 2.1 §4). */

import {
  type Attribute,
  type AttributeName,
  type AttributeReference,
  type AttributeRules,
  attribute,
  attributeRules,
  type ChangeCondition,
  ClavigerError,
  type EnumerationValue,
  encodeStoredAttributes,
  type Version,
} from '@claviger/kmip-protocol';
import { attributeLabel } from '../objects/attribute-label.ts';
import { attributeValue, instancesOf, type ManagedObject } from '../objects/managed-object.ts';
import type { FoundObject } from '../operations/operation-handler.ts';
import type { State } from './state.ts';

/** More instances of one attribute than anybody needs. */
export const MAX_INSTANCES = 256;

/**
 * All attributes of an object together, in their stored form: every operation on the object reads and
 * writes them.
 */
export const MAX_ATTRIBUTE_BYTES = 128 * 1024;

/** Longest text of an attribute, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 8192;

function rulesOf(attribute: AttributeReference, version: Version): AttributeRules | undefined {
  return attribute.kind === 'standard' ? attributeRules(attribute.name, version) : undefined;
}

/**
 * What the server sets because the client asks for it: in a Template the wish stands in place of the
 * value (1.4 §2.2.6).
 */
const ASKED_OF_SERVER: ReadonlySet<AttributeName> = new Set<AttributeName>([
  'CertificateType',
  'CryptographicAlgorithm',
  'CryptographicLength',
  'DigitalSignatureAlgorithm',
]);

/** Whether a request may name the attribute as a wish, though the server is who sets it. */
export function isAskedOfServer(
  { name }: AttributeReference,
  objectType: EnumerationValue<'ObjectType'>,
  version: Version,
): boolean {
  const wished = [...ASKED_OF_SERVER].find((each) => each === name);
  const applies: readonly string[] =
    wished === undefined ? [] : (attributeRules(wished, version)?.appliesTo ?? []);
  return applies.includes(objectType);
}

/** Dates that OASIS test cases give to a private key, though the 1.x tables have them on symmetric keys. */
const ON_KEYS_OF_ANY_KIND: ReadonlySet<AttributeName> = new Set<AttributeName>([
  'ProcessStartDate',
  'ProtectStopDate',
]);

/**
 * Checks that a client may give an object of a type this attribute.
 * @throws ClavigerError `attribute-read-only`, `attribute-not-applicable`; `invalid-field` for a text
 * that is too long.
 */
export function assertClientMaySet(
  attribute: Attribute,
  objectType: EnumerationValue<'ObjectType'>,
  version: Version,
): void {
  const label = attributeLabel(attribute);
  if (attribute.kind === 'vendor') {
    if (attribute.vendorIdentification === 'y') {
      throw new ClavigerError(
        'attribute-read-only',
        `${label} is an attribute of the server; a client sets names that begin with x-`,
      );
    }
    assertBounded(attribute.name, `the name ${label}`);
    assertBounded(attribute.vendorIdentification, `the vendor of ${label}`);
    assertBounded(attribute.value.value, label);
    return;
  }
  const rules = rulesOf(attribute, version);
  const isAskedOfServer = objectType === 'Template' && ASKED_OF_SERVER.has(attribute.name);
  if (rules === undefined || (rules.setBy === 'server' && !isAskedOfServer)) {
    throw new ClavigerError('attribute-read-only', `${label} is set by the server only`);
  }
  const applies: readonly string[] = rules.appliesTo;
  const isDateOfKey = ON_KEYS_OF_ANY_KIND.has(attribute.name) && /Key$/.test(objectType);
  if (!applies.includes(objectType) && !isDateOfKey) {
    throw new ClavigerError(
      'attribute-not-applicable',
      `${label} does not apply to objects of type ${objectType}`,
    );
  }
  assertBounded(attribute.value, label);
}

/** Structures and bytes are bounded by {@link assertAttributesFit}. */
function assertBounded(value: unknown, what: string): void {
  if (typeof value !== 'string' || value.length <= MAX_TEXT_LENGTH) return;
  throw new ClavigerError(
    'invalid-field',
    `${what} is longer than ${MAX_TEXT_LENGTH} characters; shorten it`,
  );
}

/**
 * Checks that the attributes of an object are not too large together.
 * @throws ClavigerError `index-out-of-bounds`.
 */
export function assertAttributesFit({ attributes }: Pick<ManagedObject, 'attributes'>): void {
  if (encodeStoredAttributes(attributes).byteLength > MAX_ATTRIBUTE_BYTES) {
    throw new ClavigerError(
      'index-out-of-bounds',
      `the attributes of an object may have ${MAX_ATTRIBUTE_BYTES} bytes in all; delete some, or shorten them`,
    );
  }
}

/** The attribute as an object keeps it: what the server decides is not taken from the client. */
export function asKept(given: Attribute): Attribute {
  if (given.kind === 'vendor' || given.name !== 'UsageLimits') return given;
  // All of it is left (1.4 §3.21).
  const { value, index } = given;
  return attribute('UsageLimits', { ...value, usageLimitsCount: value.usageLimitsTotal }, index);
}

/** Whether an object may hold several instances. */
export function allowsSeveral(attribute: AttributeReference, version: Version): boolean {
  if (attribute.kind === 'vendor') return true;
  return rulesOf(attribute, version)?.multiple === true;
}

/** The refusal of one instance too many. */
export function tooManyInstances(attribute: Attribute): ClavigerError {
  return new ClavigerError(
    'index-out-of-bounds',
    `an object can hold ${MAX_INSTANCES} instances of ${attributeLabel(attribute)}, and no more`,
  );
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
  if (present.length > 0 && !allowsSeveral(attribute, version)) {
    throw new ClavigerError(
      'attribute-already-exists',
      `the object already has the attribute ${attributeLabel(attribute)}; it can hold one instance only`,
    );
  }
  if (present.length >= MAX_INSTANCES) throw tooManyInstances(attribute);
  const index = present.reduce((next, { index }) => Math.max(next, index + 1), 0);
  const added: Attribute = { ...asKept(attribute), index };
  const grown = { ...object, attributes: [...object.attributes, added] };
  assertAttributesFit(grown);
  return { object: grown, added };
}

/**
 * Checks that the object still lets a client set the attribute.
 * @throws ClavigerError `wrong-state`.
 */
export function assertMayAddTo(
  found: FoundObject,
  attribute: AttributeReference,
  { version, nowSeconds }: RuleContext,
): void {
  assertCondition(rulesOf(attribute, version)?.modifiableByClient, found, attribute, nowSeconds);
}

/** @throws ClavigerError `attribute-not-modifiable`, `wrong-state`, `invalid-field`. */
export function assertClientMayModify(
  found: FoundObject,
  attribute: Attribute,
  context: RuleContext,
): void {
  assertChangeable(found, attribute, context, 'modifiableByClient');
  assertClientMaySet(attribute, found.object.objectType, context.version);
}

/** @throws ClavigerError `attribute-not-modifiable`, `wrong-state`. */
export function assertClientMayDelete(
  found: FoundObject,
  attribute: AttributeReference,
  context: RuleContext,
): void {
  assertChangeable(found, attribute, context, 'deletableByClient');
}

/** In which version and when something is done. */
export interface RuleContext {
  readonly version: Version;
  /** POSIX seconds. */
  readonly nowSeconds: number;
}

function assertChangeable(
  found: FoundObject,
  attribute: AttributeReference,
  { version, nowSeconds }: RuleContext,
  rule: 'modifiableByClient' | 'deletableByClient',
): void {
  const allowed =
    attribute.kind === 'vendor'
      ? attribute.vendorIdentification !== 'y'
      : (rulesOf(attribute, version)?.[rule] ?? false);
  if (allowed === false) {
    const verb = rule === 'modifiableByClient' ? 'modify' : 'delete';
    throw new ClavigerError(
      'attribute-not-modifiable',
      `a client cannot ${verb} the attribute ${attributeLabel(attribute)}`,
    );
  }
  assertCondition(allowed, found, attribute, nowSeconds);
}

function assertCondition(
  condition: boolean | ChangeCondition | undefined,
  { object, state }: FoundObject,
  attribute: AttributeReference,
  now: number,
): void {
  if (typeof condition !== 'string') return;
  const label = attributeLabel(attribute);
  const allowed = STATES_OF[condition];
  if (allowed !== undefined && !allowed.includes(state)) {
    throw new ClavigerError(
      'wrong-state',
      `${label} can be set while the object is ${allowed.join(' or ')}; it is ${state}`,
    );
  }
  if (hasPassed(condition, object, now)) {
    throw new ClavigerError('wrong-state', `${label} has taken effect; it can change no more`);
  }
}

/** Whether what the condition waits for has come. */
function hasPassed(condition: ChangeCondition, object: ManagedObject, now: number): boolean {
  const reached = (date: number | undefined) => date !== undefined && date <= now;
  switch (condition) {
    case 'until-process-start':
      return reached(attributeValue(object, 'ProcessStartDate'));
    case 'until-protect-stop':
      return reached(attributeValue(object, 'ProtectStopDate'));
    case 'until-usage-allocation': {
      const limits = attributeValue(object, 'UsageLimits');
      const left = limits?.usageLimitsCount;
      return left !== undefined && left !== limits?.usageLimitsTotal;
    }
    default:
      return false;
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
