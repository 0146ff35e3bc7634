/**
 * A new object, made in one way by every operation that makes one: what the client asks for is checked,
 * what the material says is set, and the server adds what it always adds ("when implicitly set": 1.4 §3,
 * 2.1 §4).
 */

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  ATTRIBUTE_RULES,
  type Attribute,
  type AttributeName,
  attribute,
  ClavigerError,
  type EnumerationValue,
  type ManagedObject as ProtocolObject,
  type StandardAttribute,
  type Version,
} from '@claviger/kmip-protocol';
import {
  allowsSeveral,
  asKept,
  assertAttributesFit,
  assertClientMaySet,
  MAX_INSTANCES,
  tooManyInstances,
} from '../lifecycle/attribute-rules.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeKey } from './attribute-key.ts';
import { attributeLabel } from './attribute-label.ts';
import { assertWithinConstraints } from './constraints.ts';
import { nameValues } from './index-entries.ts';
import { digestedBytes, keyBlockOf } from './key-material.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';
import { chooseProtectionStorage } from './protection-storage.ts';
import { shortIdentifierOf } from './short-identifier.ts';
import { combined } from './templates.ts';

/** How long a client may use an object before it asks again (1.4 §3.20), in seconds. */
export const LEASE_SECONDS = 3600;

/** What an operation knows of the object it makes. */
export interface Draft {
  readonly id: string;
  readonly objectType: EnumerationValue<'ObjectType'>;
  /** What the client asks for, Templates resolved. */
  readonly asked: readonly Attribute[];
  /**
   * What the material or the operation says of the object. The client may have set it too, to the same
   * value.
   */
  readonly implied: readonly StandardAttribute[];
  /**
   * What the object takes over from another. What the client asks for replaces it, or comes after it where
   * an attribute can have several values.
   */
  readonly inherited?: readonly Attribute[];
  /** What the server decides where the client does not, e.g. that the key comes from a generator. */
  readonly usual?: readonly Attribute[];
  readonly content: ProtocolObject;
  /** The object in whose place this one comes, with its Names. */
  readonly replaces?: ManagedObject | undefined;
  /** The alternatives that the client accepts (2.x). */
  readonly protectionStorageMasks?: readonly number[] | undefined;
}

/**
 * The object of a draft, sealed, not saved yet.
 *
 * @throws ClavigerError for attributes that the object cannot have, Names that are taken, a place that is
 * less protected than was asked for, `constraint-violation`, and `root-key-unusable`.
 */
export async function newObject(context: OperationContext, draft: Draft): Promise<ManagedObject> {
  const { id, objectType, content } = draft;
  const applies = (each: Attribute) => each.kind === 'vendor' || appliesTo(each.name, objectType);
  const impliedNames = new Set(draft.implied.map(({ name }) => name));
  const asked = arrange(draft.asked, objectType, impliedNames, context.version);
  assertAgree(asked, draft.implied);
  assertQuantumSafe([...asked, ...draft.implied], objectType);
  await assertNamesFree(context, asked, draft.replaces);
  const both = renumbered(combined([draft.inherited ?? [], asked], context.version));
  const given = merged(both, draft.implied);
  const known = merged(given, (draft.usual ?? []).filter(applies));
  const attributes = merged(known, setByServer(draft, known, context).filter(applies));
  assertAttributesFit({ attributes });
  const { constraints } = await context.rules();
  assertWithinConstraints(constraints, { objectType, attributes }, applies);
  return {
    id,
    adapterId: context.adapterId,
    version: 0,
    objectType,
    attributes,
    material: context.seal(id, content),
    createdAt: context.nowSeconds * 1000,
  };
}

/** Checks what the client set, and numbers the instances of each attribute. */
function arrange(
  attributes: readonly Attribute[],
  objectType: Draft['objectType'],
  impliedNames: ReadonlySet<AttributeName>,
  version: Version,
): Attribute[] {
  const counts = new Map<string, number>();
  return attributes.map((candidate) => {
    const key = attributeKey(candidate);
    const isImplied = candidate.kind === 'standard' && impliedNames.has(candidate.name);
    if (!isImplied) assertClientMaySet(candidate, objectType, version);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    if (index > 0 && !allowsSeveral(candidate, version)) {
      throw new ClavigerError(
        'attribute-single-valued',
        `${attributeLabel(candidate)} can have one value only`,
      );
    }
    if (index >= MAX_INSTANCES) throw tooManyInstances(candidate);
    return { ...asKept(candidate), index };
  });
}

function assertAgree(asked: readonly Attribute[], implied: readonly StandardAttribute[]): void {
  for (const own of implied) {
    const other = asked.find(({ kind, name }) => kind === 'standard' && name === own.name);
    if (other === undefined || isDeepStrictEqual(other.value, own.value)) continue;
    throw new ClavigerError(
      'invalid-field',
      `the attribute ${attributeLabel(own)} says something else than the object itself`,
    );
  }
}

async function assertNamesFree(
  context: OperationContext,
  attributes: readonly Attribute[],
  replaced: ManagedObject | undefined,
): Promise<void> {
  const names = nameValues(attributes);
  const own = new Set(replaced === undefined ? [] : nameValues(replaced.attributes));
  if (new Set(names).size < names.length) {
    throw new ClavigerError('name-already-exists', 'the request gives the same Name twice');
  }
  for (const name of names) {
    if (!own.has(name) && (await context.isNameTaken(name))) {
      throw new ClavigerError('name-already-exists', 'an object with this Name exists already');
    }
  }
}

/** Keys that hold against quantum computers as far as anybody knows: symmetric ones that are long enough. */
const QUANTUM_SAFE_BITS = 256;

/** @throws ClavigerError `protection-not-available` for a key that is asked to be what it cannot be. */
function assertQuantumSafe(
  attributes: readonly Attribute[],
  objectType: Draft['objectType'],
): void {
  if (attributeValue({ attributes }, 'QuantumSafe') !== true) return;
  const bits = attributeValue({ attributes }, 'CryptographicLength') ?? 0;
  if (objectType === 'SymmetricKey' && bits >= QUANTUM_SAFE_BITS) return;
  throw new ClavigerError(
    'protection-not-available',
    `of all keys only symmetric ones of ${QUANTUM_SAFE_BITS} bits or more are quantum safe`,
  );
}

function merged<A extends Attribute>(first: readonly Attribute[], then: readonly A[]): Attribute[] {
  const present = new Set(first.map(attributeKey));
  return [...first, ...then.filter((candidate) => !present.has(attributeKey(candidate)))];
}

function renumbered(attributes: readonly Attribute[]): Attribute[] {
  const counts = new Map<string, number>();
  return attributes.map((each) => {
    const key = attributeKey(each);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return { ...each, index };
  });
}

function appliesTo(name: AttributeName, objectType: Draft['objectType']): boolean {
  // A Template has what it offers, and of its own only what tells it from others.
  if (objectType === 'Template') return OF_TEMPLATES.has(name);
  const row = ATTRIBUTE_RULES[name];
  const types: readonly string[] = (row['2.x'] ?? row['1.x'])?.appliesTo ?? [];
  const types1: readonly string[] = row['1.x']?.appliesTo ?? [];
  return types.includes(objectType) || types1.includes(objectType);
}

const OF_TEMPLATES: ReadonlySet<AttributeName> = new Set<AttributeName>([
  'UniqueIdentifier',
  'ShortUniqueIdentifier',
  'ObjectType',
  'InitialDate',
  'LastChangeDate',
  'LeaseTime',
]);

function setByServer(
  { id, objectType, content, protectionStorageMasks }: Draft,
  given: readonly Attribute[],
  { nowSeconds: now, wipeLater }: Pick<OperationContext, 'nowSeconds' | 'wipeLater'>,
): StandardAttribute[] {
  const sensitive = attributeValue({ attributes: given }, 'Sensitive') ?? false;
  const extractable = attributeValue({ attributes: given }, 'Extractable') ?? true;
  const activation = attributeValue({ attributes: given }, 'ActivationDate');
  const format = keyBlockOf(content)?.keyFormatType;
  // A certificate is digested as it is (1.4 §3.17).
  const digestedAs = content.certificate === undefined ? format : 'Raw';
  const digested = digestedBytes(content, wipeLater);
  return [
    attribute('UniqueIdentifier', id),
    attribute('ShortUniqueIdentifier', shortIdentifierOf(id)),
    attribute('ObjectType', objectType),
    attribute('State', activation !== undefined && activation <= now ? 'Active' : 'PreActive'),
    attribute('InitialDate', now),
    attribute('LastChangeDate', now),
    ...(digested === undefined
      ? []
      : [
          attribute('Digest', {
            hashingAlgorithm: 'SHA_256',
            digestValue: sha256(digested),
            ...(digestedAs !== undefined && { keyFormatType: digestedAs }),
          }),
        ]),
    attribute('Sensitive', sensitive),
    attribute('AlwaysSensitive', sensitive),
    attribute('Extractable', extractable),
    attribute('NeverExtractable', !extractable),
    ...(format === undefined ? [] : [attribute('KeyFormatType', format)]),
    attribute('ProtectionStorageMask', chooseProtectionStorage(protectionStorageMasks ?? [])),
    attribute('LeaseTime', LEASE_SECONDS),
    attribute('Fresh', true),
  ];
}

function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}
