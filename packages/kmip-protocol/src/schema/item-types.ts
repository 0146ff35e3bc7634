/** Which item types a schema has on the wire. */

import { ITEM_TYPES, type ItemType } from '@claviger/ttlv-codec';
import type { Version } from '../tables/version.ts';
import { resolve } from './plan.ts';
import type { ConcreteSchema, Schema, UnionOption } from './schema.ts';

// The keys of ITEM_TYPES are the item types, by its declaration.
const ANY_TYPE = Object.keys(ITEM_TYPES) as readonly ItemType[];

/** The types of a schema that no version changes. */
export function itemTypesOf(schema: ConcreteSchema): readonly ItemType[] {
  switch (schema.kind) {
    case 'leaf':
      return [schema.type];
    case 'enumeration':
      return ['Enumeration'];
    case 'mask':
      return ['Integer'];
    case 'opaque':
      return schema.types ?? ANY_TYPE;
    case 'custom':
      return schema.types;
    case 'union':
      return schema.options.flatMap((option: UnionOption) => itemTypesOf(option));
    case 'structure':
      return ['Structure'];
  }
}

/** Types as text for people: `any` where a schema leaves them open. */
export function itemTypesText(types: readonly ItemType[]): string {
  return types.length === ANY_TYPE.length ? 'any' : [...types].sort().join(', ');
}

/** The types of a schema in one version; none where the version does not have it. */
export function itemTypesIn(schema: Schema, version: Version): readonly ItemType[] {
  const applicable = resolve(schema, version);
  return applicable === undefined ? [] : itemTypesOf(applicable);
}
