import type { TtlvItem } from './item.ts';

/** Structures within structures, `depth` of them. */
export function nested(depth: number): TtlvItem {
  let item: TtlvItem = { tag: 0x420001, type: 'Structure', value: [] };
  for (let level = 1; level < depth; level++) {
    item = { tag: 0x420001, type: 'Structure', value: [item] };
  }
  return item;
}
