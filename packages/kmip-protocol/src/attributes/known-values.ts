/**
 * Which values of enumerations and bits of masks a version knows. The schemas read the values of every version,
 * so that what is kept can be read by all; what goes over the wire is held to the version here.
 *
 * Items are judged by their tags alone, so that a payload needs no schema for it. Values without a name, those of
 * vendors, are nobody's to judge.
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { enumerationNameOf } from '../schema/enumeration-values.ts';
import { named, reportViolations, Violation, withinItem } from '../schema/violation.ts';
import {
  ENUMERATION_OF_TAG,
  ENUMERATION_VALUE_VERSIONS,
  ENUMERATIONS,
} from '../tables/enumerations.ts';
import { MASK_BIT_VERSIONS, MASKS, type MaskName } from '../tables/masks.ts';
import { TAGS } from '../tables/tags.ts';
import { isWithin, type Version, type VersionRange } from '../tables/version.ts';
import { parseAttributeText } from './attribute.ts';
import { ATTRIBUTE_SCHEMAS } from './schemas.ts';

/**
 * Checks that an item, and everything in it, says nothing that came with a later version or went with an earlier one.
 *
 * @throws ClavigerError `invalid-field`; the message starts with the path to the value and does not tell it.
 */
export function assertKnownValues(item: TtlvItem, version: Version): void {
  reportViolations(() => withinItem(item, [], () => check(item, item.tag, version)));
}

/**
 * An item as a version can say it: without bits that it does not know. Undefined when a value in it is unknown to
 * the version.
 */
export function inWordsOf(version: Version, item: TtlvItem): TtlvItem | undefined {
  return translate(item, item.tag, version);
}

function check(item: TtlvItem, meaning: number, version: Version): void {
  if (item.type === 'Structure') {
    for (const child of item.value) {
      try {
        check(child, meaningOf(child, item.value), version);
      } catch (error) {
        throw named(error, child, item.value);
      }
    }
  } else if (item.type === 'Enumeration') {
    if (!isKnownValue(meaning, item.value, version)) {
      throw new Violation('invalid-field', `KMIP ${version} does not have this value`);
    }
  } else if (item.type === 'Integer' && (item.value & ~knownBits(meaning, version)) !== 0) {
    throw new Violation('invalid-field', `KMIP ${version} does not have all of these bits`);
  }
}

function translate(item: TtlvItem, meaning: number, version: Version): TtlvItem | undefined {
  if (item.type === 'Enumeration') {
    return isKnownValue(meaning, item.value, version) ? item : undefined;
  }
  if (item.type === 'Integer') {
    const value = item.value & knownBits(meaning, version);
    return value === item.value ? item : { ...item, value };
  }
  if (item.type !== 'Structure') return item;
  const children: TtlvItem[] = [];
  for (const child of item.value) {
    const translated = translate(child, meaningOf(child, item.value), version);
    if (translated === undefined) return undefined;
    children.push(translated);
  }
  return { ...item, value: children };
}

/** The tag that says what a value means: its own, or in 1.x that of the attribute it belongs to. */
function meaningOf(item: TtlvItem, siblings: readonly TtlvItem[]): number {
  if (item.tag !== TAGS.AttributeValue) return item.tag;
  const name = siblings.find(({ tag }) => tag === TAGS.AttributeName);
  const reference = name?.type === 'TextString' ? parseAttributeText(name.value) : undefined;
  return reference?.kind === 'standard' ? ATTRIBUTE_SCHEMAS[reference.name].tag : item.tag;
}

function isKnownValue(meaning: number, value: number, version: Version): boolean {
  const enumeration = ENUMERATION_OF_TAG[meaning];
  if (enumeration === undefined) return true;
  const name = enumerationNameOf(ENUMERATIONS[enumeration].values, value);
  const ranges: Readonly<Record<string, VersionRange | undefined>> =
    ENUMERATION_VALUE_VERSIONS[enumeration] ?? {};
  return isWithin(version, ranges[name]);
}

const ALL_BITS = -1;

/** All bits but those that have a name only in other versions. */
function knownBits(meaning: number, version: Version): number {
  const mask = MASK_OF_TAG.get(meaning);
  if (mask === undefined) return ALL_BITS;
  const bits: Readonly<Record<string, number>> = MASKS[mask].bits;
  const ranges: Readonly<Record<string, VersionRange | undefined>> = MASK_BIT_VERSIONS[mask] ?? {};
  return Object.entries(bits)
    .filter(([name]) => !isWithin(version, ranges[name]))
    .reduce((known, [, bit]) => known & ~bit, ALL_BITS);
}

const MASK_OF_TAG = new Map<number, MaskName>(
  // The keys of the table are the masks.
  (Object.keys(MASKS) as MaskName[]).map((name) => [MASKS[name].tag, name]),
);
