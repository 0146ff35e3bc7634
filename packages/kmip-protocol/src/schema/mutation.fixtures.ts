/** Items that are almost right: a valid tree with some of its nodes damaged. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { TAGS } from '../tables/tags.ts';
import { itemArbitrary } from './arbitrary.fixtures.ts';

const DAMAGES = ['remove', 'repeat', 'retag', 'retype', 'replace', 'reverse', 'nest'] as const;

interface Damage {
  readonly kind: (typeof DAMAGES)[number];
  /** Which node, counted from the root, modulo their number. */
  readonly at: number;
  readonly other: TtlvItem;
}

/** The trees of `valid`, each with up to three damages. */
export function damagedArbitrary(valid: fc.Arbitrary<TtlvItem>): fc.Arbitrary<TtlvItem> {
  const known = fc.constantFrom(...Object.values(TAGS));
  const other = fc
    .tuple(itemArbitrary(1), fc.oneof(known, fc.integer({ min: 0x540000, max: 0x54ffff })))
    .map(([item, tag]) => ({ ...item, tag }));
  const damage = fc.record({ kind: fc.constantFrom(...DAMAGES), at: fc.nat(), other });
  return fc
    .tuple(valid, fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([item, damages]) => damages.reduce(applyTo, item));
}

function applyTo(root: TtlvItem, damage: Damage): TtlvItem {
  const target = damage.at % countOf(root);
  let position = 0;
  const visit = (item: TtlvItem): readonly TtlvItem[] => {
    if (position++ === target) return damaged(item, damage);
    return [item.type === 'Structure' ? { ...item, value: item.value.flatMap(visit) } : item];
  };
  return visit(root)[0] ?? root;
}

function countOf(item: TtlvItem): number {
  if (item.type !== 'Structure') return 1;
  return item.value.reduce((count, child) => count + countOf(child), 1);
}

function damaged(item: TtlvItem, { kind, other }: Damage): readonly TtlvItem[] {
  switch (kind) {
    case 'remove':
      return [];
    case 'repeat':
      return [item, item];
    case 'retag':
      return [{ ...item, tag: other.tag }];
    case 'retype':
      return [{ ...other, tag: item.tag }];
    case 'replace':
      return [other];
    case 'reverse':
      return [item.type === 'Structure' ? { ...item, value: item.value.toReversed() } : other];
    case 'nest':
      return [{ tag: item.tag, type: 'Structure', value: [item] }];
  }
}
