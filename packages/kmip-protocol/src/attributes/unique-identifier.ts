/**
 * Unique Identifier values. A text in 1.x; since 2.0 also an Enumeration that names an object of the
 * same batch by the operation that made it, or an Integer that names it by its place (2.1 §4.63).
 */

import { enumerationNameOf, enumerationNumber } from '../schema/enumeration-values.ts';
import { type CustomSchema, custom, type EnumerationValue } from '../schema/schema.ts';
import { Violation } from '../schema/violation.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import { isAtLeast } from '../tables/version.ts';

export type UniqueIdentifierValue =
  | string
  | { readonly placeholder: EnumerationValue<'UniqueIdentifier'> }
  | { readonly batchIndex: number };

/** A Unique Identifier under the given tag. */
export function uniqueIdentifier(name: TagName): CustomSchema<UniqueIdentifierValue> {
  const tag = TAGS[name];
  return custom<UniqueIdentifierValue>(name, ['TextString', 'Enumeration', 'Integer'], {
    decode(item, version) {
      if (item.type === 'TextString') return item.value;
      if (!isAtLeast(version, '2.0')) {
        throw new Violation('invalid-message', `expected type TextString, found ${item.type}`);
      }
      if (item.type === 'Enumeration') {
        return {
          placeholder: enumerationNameOf(
            ENUMERATIONS.UniqueIdentifier.values,
            item.value,
          ) as EnumerationValue<'UniqueIdentifier'>, // the table's own names or 0x
        };
      }
      if (item.type === 'Integer') return { batchIndex: item.value };
      throw new Violation('invalid-message', `expected type TextString, found ${item.type}`);
    },
    encode(value) {
      if (typeof value === 'string') return { tag, type: 'TextString', value };
      if ('batchIndex' in value) return { tag, type: 'Integer', value: value.batchIndex };
      return {
        tag,
        type: 'Enumeration',
        value: enumerationNumber('UniqueIdentifier', value.placeholder),
      };
    },
  });
}
