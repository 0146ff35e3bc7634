/**
 * The names that the XML and JSON encodings need, from the tables (KMIP Additional Message Encodings
 * 1.0, 4.1.3).
 */

import type { TtlvNames, ValueContext } from '@claviger/ttlv-codec';
import { parseAttributeText } from './attributes/attribute.ts';
import { ATTRIBUTE_SCHEMAS } from './attributes/schemas.ts';
import {
  enumerationNameOf,
  enumerationNumberOf,
  isNamedValue,
} from './schema/enumeration-values.ts';
import { tagNameOf } from './schema/tag-label.ts';
import { ENUMERATION_OF_TAG, ENUMERATIONS, type EnumerationName } from './tables/enumerations.ts';
import { MASK_ALIASES, MASKS, type MaskName } from './tables/masks.ts';
import { TAGS } from './tables/tags.ts';

/** Tags whose Enumeration values are themselves tags (2.1 §5.5). */
const TAGS_OF_TAGS: ReadonlySet<number> = new Set([TAGS.AttributeReference]);

/** The tag that says what a value means: its own, or in 1.x that of the attribute it belongs to. */
function meaningOf({ tag, attributeName }: ValueContext): number | undefined {
  if (tag !== TAGS.AttributeValue) return tag;
  const reference = attributeName === undefined ? undefined : parseAttributeText(attributeName);
  return reference?.kind === 'standard' ? ATTRIBUTE_SCHEMAS[reference.name].tag : undefined;
}

function enumerationOf(context: ValueContext): EnumerationName | undefined {
  const tag = meaningOf(context);
  return tag === undefined ? undefined : ENUMERATION_OF_TAG[tag];
}

function tagByName(name: string): number | undefined {
  const tags: Readonly<Record<string, number>> = TAGS;
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}

function maskBitsOf(mask: MaskName): ReadonlyMap<string, number> {
  const bits: Readonly<Record<string, number>> = MASKS[mask].bits;
  const aliases: Readonly<Record<string, string>> = MASK_ALIASES[mask] ?? {};
  const entries = Object.entries(bits);
  // Canonical names come first, so that a bit is written under them and read under both.
  for (const [alias, name] of Object.entries(aliases)) {
    const bit = bits[name];
    if (bit !== undefined) entries.push([alias, bit]);
  }
  return new Map(entries);
}

/** Makes the names; they are worked out once. */
export function createKmipNames(): TtlvNames {
  const masks = new Map<number, ReadonlyMap<string, number>>(
    (Object.keys(MASKS) as MaskName[]).map((name) => [MASKS[name].tag, maskBitsOf(name)]),
  );
  return {
    tagName: tagNameOf,
    tagByName,
    enumerationName(context, value) {
      if (TAGS_OF_TAGS.has(context.tag)) return tagNameOf(value);
      const name = enumerationOf(context);
      if (name === undefined) return undefined;
      const text = enumerationNameOf(ENUMERATIONS[name].values, value);
      return isNamedValue(text) ? text : undefined;
    },
    enumerationByName(context, text) {
      if (TAGS_OF_TAGS.has(context.tag)) return tagByName(text);
      const name = enumerationOf(context);
      return name === undefined ? undefined : enumerationNumberOf(name, text);
    },
    maskBits(context) {
      const tag = meaningOf(context);
      return tag === undefined ? undefined : masks.get(tag);
    },
  };
}
