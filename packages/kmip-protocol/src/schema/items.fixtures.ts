/** Items by the names of their tags, to write rows of tests with. */

import type { ItemOf, ItemType, TtlvItem } from '@claviger/ttlv-codec';
import { TAGS, type TagName } from '../tables/tags.ts';

export function anItem<T extends Exclude<ItemType, 'Structure'>>(
  name: TagName,
  type: T,
  value: ItemOf<T>['value'],
): TtlvItem {
  // The parameters pair a type with its value as TtlvItem does.
  return { tag: TAGS[name], type, value } as TtlvItem;
}

export function aStructure(name: TagName, ...value: readonly TtlvItem[]): TtlvItem {
  return { tag: TAGS[name], type: 'Structure', value };
}

export const aText = (name: TagName, value: string) => anItem(name, 'TextString', value);
export const anInteger = (name: TagName, value: number) => anItem(name, 'Integer', value);
export const anEnumeration = (name: TagName, value: number) => anItem(name, 'Enumeration', value);
