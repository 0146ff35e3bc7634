/** Adjust Attribute (2.1 §6.1.3): counts a number up or down, or turns it round. */

import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  type AttributeReference,
  attribute,
  ClavigerError,
  OPERATION_SCHEMAS,
  type RequestOf,
  type Schema,
  type StandardAttribute,
  TAGS,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { assertOnLine } from '../lifecycle/archive.ts';
import { afterChange, onlyInstance, replaceInstance } from '../lifecycle/attribute-change.ts';
import {
  addInstance,
  assertClientMayModify,
  assertClientMaySet,
} from '../lifecycle/attribute-rules.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { handler } from './operation-handler.ts';

type Request = RequestOf<typeof OPERATION_SCHEMAS.AdjustAttribute>;

export const adjustAttribute = handler<'AdjustAttribute'>(
  OPERATION_SCHEMAS.AdjustAttribute,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object } = found;
    assertOnLine(object);
    const reference = request.attributeReference;
    if (reference === undefined) {
      throw new ClavigerError('invalid-message', 'name the attribute to be adjusted');
    }
    const instance = onlyInstance(object, reference);
    const adjusted = adjustedAttribute(reference, instance, request);
    assertClientMaySet(adjusted, object.objectType, context.version);
    if (instance !== undefined) assertClientMayModify(found, adjusted, context);
    const { object: changed } =
      instance === undefined
        ? addInstance(object, adjusted, context.version)
        : replaceInstance(object, instance, adjusted);
    return {
      response: { uniqueIdentifier: object.id },
      ...afterChange(context, found, changed),
    };
  },
);

type NumberType = 'Integer' | 'LongInteger' | 'BigInteger' | 'Interval' | 'DateTime';

/** What a number of a type may be. */
const RANGES: Readonly<Record<NumberType, readonly [bigint, bigint] | undefined>> = {
  Integer: [-(2n ** 31n), 2n ** 31n - 1n],
  LongInteger: [-(2n ** 63n), 2n ** 63n - 1n],
  BigInteger: undefined,
  Interval: [0n, 2n ** 32n - 1n],
  DateTime: [-(2n ** 53n), 2n ** 53n],
};

function adjustedAttribute(
  reference: AttributeReference,
  instance: Attribute | undefined,
  request: Request,
): Attribute {
  if (reference.kind === 'vendor') {
    if (instance?.kind !== 'vendor') {
      throw new ClavigerError(
        'invalid-data-type',
        `the object has no attribute ${attributeLabel(reference)}, whose type would be known`,
      );
    }
    return { ...instance, value: adjustedItem(instance.value, reference, request) };
  }
  const schema: Schema = ATTRIBUTE_SCHEMAS[reference.name];
  const type = schema.kind === 'leaf' ? schema.type : undefined;
  const before = numberItem(type, instance?.value);
  if (before === undefined) throw notANumber(reference);
  const { value } = adjustedItem(before, reference, request);
  // The item is of the type that the schema of the name has.
  return attribute(reference.name, value as StandardAttribute['value']);
}

/** What is absent counts as 0 or false. */
function numberItem(type: string | undefined, value: unknown): TtlvItem | undefined {
  const tag = TAGS.AttributeValue;
  switch (type) {
    case 'Boolean':
      return { tag, type, value: value === true };
    case 'Integer':
    case 'Interval':
      return { tag, type, value: Number(value ?? 0) };
    default:
      return undefined;
  }
}

function adjustedItem(
  item: TtlvItem,
  reference: AttributeReference,
  { adjustmentType, adjustmentValue }: Request,
): TtlvItem {
  if (item.type === 'Boolean') {
    if (adjustmentType === 'Negate') return { ...item, value: !item.value };
    throw notANumber(reference);
  }
  if (!isNumberItem(item)) throw notANumber(reference);
  const before = BigInt(item.value);
  const by = amountOf(adjustmentValue, reference);
  const after =
    adjustmentType === 'Negate'
      ? -before
      : adjustmentType === 'Increment'
        ? before + by
        : before - by;
  const range = RANGES[item.type];
  if (range !== undefined && (after < range[0] || after > range[1])) {
    throw new ClavigerError(
      'numeric-range',
      `${attributeLabel(reference)} would leave the numbers of its type`,
    );
  }
  return typeof item.value === 'bigint'
    ? ({ ...item, value: after } as TtlvItem) // the same type, which holds a bigint
    : ({ ...item, value: Number(after) } as TtlvItem); // the same type, which holds a number
}

function amountOf(value: TtlvItem | undefined, reference: AttributeReference): bigint {
  if (value === undefined) return 1n;
  if (isNumberItem(value)) return BigInt(value.value);
  throw notANumber(reference);
}

function isNumberItem(item: TtlvItem): item is Extract<TtlvItem, { type: NumberType }> {
  return Object.hasOwn(RANGES, item.type);
}

function notANumber(reference: AttributeReference): ClavigerError {
  return new ClavigerError(
    'invalid-data-type',
    `${attributeLabel(reference)} cannot be adjusted in this way; only numbers can be, and booleans negated`,
  );
}
