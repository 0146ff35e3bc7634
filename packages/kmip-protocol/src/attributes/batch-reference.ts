/**
 * Values that since 2.0 may instead point to another item of the batch: an Enumeration names the operation that
 * made the value, an Integer its place among those that were made (2.1 §4.58, §7.9).
 */

import type { ItemType } from '@claviger/ttlv-codec';
import { custom, versioned } from '../schema/declare.ts';
import { walk } from '../schema/decode.ts';
import { build, isRecord, misfit } from '../schema/encode.ts';
import { enumerationNameOf, enumerationNumberOf } from '../schema/enumeration-values.ts';
import type { EnumerationValue, Infer, LeafSchema, VersionedSchema } from '../schema/schema.ts';
import { ENUMERATIONS, type EnumerationName } from '../tables/enumerations.ts';
import { TAGS, type TagName } from '../tables/tags.ts';

/** The enumerations that name operations of a batch. */
type Placeholders = Extract<EnumerationName, 'UniqueIdentifier' | 'Data'>;

export type BatchReference<E extends Placeholders> =
  | { readonly placeholder: EnumerationValue<E> }
  | { readonly batchIndex: number };

/**
 * A value of its own, or since 2.0 a reference.
 *
 * @param leaf - The value of its own, in every version.
 */
export function orBatchReference<L extends LeafSchema, const E extends Placeholders>(
  name: TagName,
  leaf: L,
  placeholders: E,
): VersionedSchema<Infer<L> | BatchReference<E>> {
  const tag = TAGS[name];
  const types: readonly ItemType[] = [leaf.type, 'Enumeration', 'Integer'];
  const anyForm = custom(name, types, {
    decode(item, version): Infer<L> | BatchReference<E> {
      if (item.type === 'Integer') return { batchIndex: item.value };
      // `walk` builds what the schema of the value says.
      if (item.type !== 'Enumeration') return walk(leaf, item, version) as Infer<L>;
      const { values } = ENUMERATIONS[placeholders];
      // The table's own names or 0x.
      return { placeholder: enumerationNameOf(values, item.value) as EnumerationValue<E> };
    },
    encode(value, version) {
      if (!isRecord(value) || value instanceof Uint8Array) return build(leaf, value, version);
      const { batchIndex, placeholder } = value;
      if (typeof batchIndex === 'number') return { tag, type: 'Integer', value: batchIndex };
      const number =
        typeof placeholder === 'string'
          ? enumerationNumberOf(placeholders, placeholder)
          : undefined;
      if (number !== undefined) return { tag, type: 'Enumeration', value: number };
      throw misfit({ tag }, `a value for ${leaf.type}, a placeholder or a batchIndex`);
    },
  });
  return versioned(name, [
    { since: '1.0', schema: leaf },
    { since: '2.0', schema: anyForm },
  ]);
}
