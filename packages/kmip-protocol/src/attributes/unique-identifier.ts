/**
 * Unique Identifier values. A text in 1.x; since 2.0 also an Enumeration that names an object of the
 * same batch by the operation that made it, or an Integer that names it by its place (2.1 §4.58).
 */

import { custom, text, versioned } from '../schema/declare.ts';
import { isRecord, misfit } from '../schema/encode.ts';
import { enumerationNameOf, enumerationNumberOf } from '../schema/enumeration-values.ts';
import type { EnumerationValue, VersionedSchema } from '../schema/schema.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { TAGS, type TagName } from '../tables/tags.ts';

export type UniqueIdentifierValue =
  | string
  | { readonly placeholder: EnumerationValue<'UniqueIdentifier'> }
  | { readonly batchIndex: number };

/** A Unique Identifier under the given tag. */
export function uniqueIdentifier(name: TagName): VersionedSchema<UniqueIdentifierValue> {
  const tag = TAGS[name];
  const anyForm = custom(name, ['TextString', 'Enumeration', 'Integer'], {
    decode(item): UniqueIdentifierValue {
      if (item.type === 'TextString') return item.value;
      if (item.type === 'Integer') return { batchIndex: item.value };
      return {
        placeholder: enumerationNameOf(
          ENUMERATIONS.UniqueIdentifier.values,
          item.value,
        ) as EnumerationValue<'UniqueIdentifier'>, // the table's own names or 0x
      };
    },
    encode(value) {
      if (typeof value === 'string') return { tag, type: 'TextString', value };
      if (isRecord(value)) {
        const { batchIndex, placeholder } = value;
        if (typeof batchIndex === 'number') return { tag, type: 'Integer', value: batchIndex };
        const number =
          typeof placeholder === 'string'
            ? enumerationNumberOf('UniqueIdentifier', placeholder)
            : undefined;
        if (number !== undefined) return { tag, type: 'Enumeration', value: number };
      }
      throw misfit({ tag }, 'a text, a placeholder or a batchIndex');
    },
  });
  return versioned(name, [
    { since: '1.0', schema: text(name) },
    { since: '2.0', schema: anyForm },
  ]);
}
