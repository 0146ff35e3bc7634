/** Changes of the attributes of an object that is there: which instance, whether it may be, what follows. */

import { type Attribute, type AttributeReference, ClavigerError } from '@claviger/kmip-protocol';
import { attributeLabel } from '../objects/attribute-label.ts';
import { wholeEntry } from '../objects/index-entries.ts';
import {
  attributeValue,
  instancesOf,
  type ManagedObject,
  withValues,
} from '../objects/managed-object.ts';
import type { AuditFacts, FoundObject, OperationContext } from '../operations/operation-handler.ts';
import { asKept, assertAttributesFit } from './attribute-rules.ts';
import { stateAt } from './state.ts';

/** The instance with a value. @throws ClavigerError `attribute-instance-not-found`. */
export function instanceWithValue(object: ManagedObject, current: Attribute): Attribute {
  const { value } = wholeEntry(current);
  const found = instancesOf(object, current).find((each) => wholeEntry(each).value === value);
  if (found !== undefined) return found;
  throw new ClavigerError(
    'attribute-instance-not-found',
    `the object has no attribute ${attributeLabel(current)} of this value`,
  );
}

/** The instance at an index. @throws ClavigerError `attribute-instance-not-found`. */
export function instanceAt(
  object: ManagedObject,
  reference: AttributeReference,
  index: number,
): Attribute {
  const found = instancesOf(object, reference).find((each) => each.index === index);
  if (found !== undefined) return found;
  throw new ClavigerError(
    'attribute-instance-not-found',
    `the object has no attribute ${attributeLabel(reference)} with the index ${index}`,
  );
}

/** The one instance, undefined when there is none. @throws ClavigerError `attribute-multi-valued`. */
export function onlyInstance(
  object: ManagedObject,
  reference: AttributeReference,
): Attribute | undefined {
  const [only, ...more] = instancesOf(object, reference);
  if (more.length === 0) return only;
  throw new ClavigerError(
    'attribute-multi-valued',
    `the object has the attribute ${attributeLabel(reference)} more than once; name the one by its value`,
  );
}

/** Gives an instance another value. @throws ClavigerError `index-out-of-bounds`. */
export function replaceInstance(
  object: ManagedObject,
  instance: Attribute,
  value: Attribute,
): { readonly object: ManagedObject; readonly changed: Attribute } {
  const changed: Attribute = { ...asKept(value), index: instance.index };
  const attributes = object.attributes.map((each) => (each === instance ? changed : each));
  assertAttributesFit({ attributes });
  return { object: { ...object, attributes }, changed };
}

/** Takes instances away; those that are left keep their indices (1.4 §4.16). */
export function withoutInstances(
  object: ManagedObject,
  instances: readonly Attribute[],
): ManagedObject {
  return { ...object, attributes: object.attributes.filter((each) => !instances.includes(each)) };
}

/**
 * @param before - the value that is replaced, which may stay.
 * @throws ClavigerError `name-in-use` for a Name that another object has.
 */
export async function assertNameFree(
  context: Pick<OperationContext, 'isNameTaken'>,
  candidate: Attribute,
  before?: Attribute,
): Promise<void> {
  if (candidate.kind === 'vendor' || candidate.name !== 'Name') return;
  const { nameValue } = candidate.value;
  const isOwn =
    before?.kind === 'standard' && before.name === 'Name' && before.value.nameValue === nameValue;
  if (isOwn || !(await context.isNameTaken(nameValue))) return;
  throw new ClavigerError('name-in-use', 'an object with this Name exists already');
}

/** What a change of attributes leaves to be saved and recorded. */
export function afterChange(
  { nowSeconds }: Pick<OperationContext, 'nowSeconds'>,
  { state }: FoundObject,
  grown: ManagedObject,
): { readonly save: readonly ManagedObject[]; readonly audit: AuditFacts } {
  const saved = withValues(withHistory(grown), { LastChangeDate: nowSeconds });
  // A date that has come already moves the object on at once (1.4 §3.22, transitions 4 and 6).
  const next = stateAt(saved, nowSeconds);
  return {
    save: [saved],
    audit: {
      subject: { id: saved.id, objectType: saved.objectType, state: next },
      ...(next !== state && { stateBefore: state }),
    },
  };
}

/** Once not sensitive is not always sensitive, once extractable is not never extractable (1.4 §3.47, §3.49). */
function withHistory(object: ManagedObject): ManagedObject {
  const wasAlways = attributeValue(object, 'AlwaysSensitive');
  const wasNever = attributeValue(object, 'NeverExtractable');
  return withValues(object, {
    ...(wasAlways === true && { AlwaysSensitive: attributeValue(object, 'Sensitive') === true }),
    ...(wasNever === true && { NeverExtractable: attributeValue(object, 'Extractable') === false }),
  });
}
