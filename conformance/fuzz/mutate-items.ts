/** Damage done to the items of a message, whose bytes stay a well-formed TTLV encoding. */

import { ITEM_TYPES, type ItemType, type TtlvItem } from '@claviger/ttlv-codec';
import type { Random } from '../seeded-random.ts';

const TYPES = Object.keys(ITEM_TYPES) as ItemType[]; // the keys of a constant of ours
const NUMBERS = [0, 1, 2, 3, 7, 127, 128, 255, 65_536, 2 ** 31 - 1] as const;
const INT64 = [0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)] as const;
const TEXTS = ['', 'a', '0', '\u0000', '%s%n', "' OR 1=1", '\u{1f511}', '../x', 'x-', '$'] as const;
/** So many copies of an item are made at most: the message stays below the limit of its size. */
const MOST_COPIES = 400;
const DEEPEST = 40;

/** One to three damages, anywhere. The root stays a structure under its tag. */
export function mutateItems(root: TtlvItem, other: TtlvItem, random: Random): TtlvItem {
  let mutated = root;
  for (let damages = random.integer(1, 3); damages > 0; damages--) {
    mutated = damageOne(mutated, other, random);
  }
  return mutated;
}

function damageOne(root: TtlvItem, other: TtlvItem, random: Random): TtlvItem {
  if (root.type !== 'Structure') return root;
  const target = random.integer(1, Math.max(1, countOf(root) - 1));
  let position = 0;
  const visit = (item: TtlvItem): readonly TtlvItem[] => {
    const isTarget = position++ === target;
    if (isTarget) return damaged(item, other, random);
    return [item.type === 'Structure' ? { ...item, value: item.value.flatMap(visit) } : item];
  };
  return visit(root)[0] ?? root;
}

function countOf(item: TtlvItem): number {
  if (item.type !== 'Structure') return 1;
  return item.value.reduce((count, child) => count + countOf(child), 1);
}

function damaged(item: TtlvItem, other: TtlvItem, random: Random): readonly TtlvItem[] {
  const kinds = ['value', 'value', 'value', 'remove', 'repeat', 'retype', 'retag', 'splice'];
  switch (random.pick([...kinds, 'nest', 'reverse'])) {
    case 'remove':
      return [];
    case 'repeat':
      return copies(item, random.pick([2, 2, 3, MOST_COPIES]));
    case 'retype':
      return [valueOfType(item.tag, random.pick(TYPES), random)];
    case 'retag':
      return [{ ...item, tag: partOf(other, random).tag }];
    case 'splice':
      return [partOf(other, random)];
    case 'nest':
      return [nested(item, random.pick([1, 2, DEEPEST]))];
    case 'reverse':
      return item.type === 'Structure' ? [{ ...item, value: item.value.toReversed() }] : [item];
    default:
      return [item.type === 'Structure' ? item : valueOfType(item.tag, item.type, random)];
  }
}

function copies(item: TtlvItem, count: number): readonly TtlvItem[] {
  // Copies of a large item would make a message that is refused for its size alone.
  return Array.from({ length: countOf(item) > 10 ? 2 : count }, () => item);
}

function nested(item: TtlvItem, depth: number): TtlvItem {
  let nest = item;
  for (let level = 0; level < depth; level++) {
    nest = { tag: item.tag, type: 'Structure', value: [nest] };
  }
  return nest;
}

/** Any item of another message. */
function partOf(root: TtlvItem, random: Random): TtlvItem {
  let part = root;
  while (part.type === 'Structure' && part.value.length > 0 && random.integer(0, 3) > 0) {
    part = random.pick(part.value);
  }
  return part;
}

function valueOfType(tag: number, type: ItemType, random: Random): TtlvItem {
  switch (type) {
    case 'Structure':
      return { tag, type, value: [] };
    case 'Integer':
      return { tag, type, value: random.pick([...NUMBERS, -1, -(2 ** 31)]) };
    case 'Enumeration':
      return {
        tag,
        type,
        value: random.pick([random.integer(1, 64), 0, 0x8000_0001, 2 ** 32 - 1]),
      };
    case 'Interval':
      return { tag, type, value: random.pick([...NUMBERS, 2 ** 32 - 1]) };
    case 'LongInteger':
    case 'DateTime':
    case 'DateTimeExtended':
      return { tag, type, value: random.pick(INT64) };
    case 'BigInteger':
      return { tag, type, value: random.pick([...INT64, 2n ** 2048n, -(2n ** 512n)]) };
    case 'Boolean':
      return { tag, type, value: random.integer(0, 1) === 1 };
    case 'TextString':
      return { tag, type, value: random.pick([...TEXTS, 'x'.repeat(random.integer(1, 3000))]) };
    case 'ByteString':
      return { tag, type, value: random.bytes(random.pick([0, 1, 8, 12, 16, 31, 32, 256])) };
  }
}
