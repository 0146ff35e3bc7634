/**
 * Paths of tags for error messages: `RequestMessage/BatchItem[1]/RequestPayload`.
 *
 * A path is worked out by walking the input again, and only when an error has happened: a decoder that
 * succeeds pays nothing for it. The first item of a tag within its structure carries no number, the
 * second is `[1]`.
 */

import { ITEM_TYPES, type TtlvItem } from './item.ts';

/** Names a tag for people; undefined when it has no name. */
export type TagName = (tag: number) => string | undefined;

/** The name of a tag, or `0x54ABCD`. */
export function tagLabel(tag: number, tagName: TagName | undefined): string {
  return tagName?.(tag) ?? tagHex(tag);
}

/** `0x54ABCD`: how a tag without a name is written everywhere. */
export function tagHex(tag: number): string {
  return `0x${tag.toString(16).toUpperCase().padStart(6, '0')}`;
}

/** One step of a path; `earlier` is the number of siblings of the same tag before it. */
export function pathStep(label: string, earlier: number): string {
  return earlier === 0 ? label : `${label}[${earlier}]`;
}

/**
 * The path of the item whose header starts at `target`, in bytes whose headers are sound up to there.
 *
 * @param includeTarget - false when the tag of the item itself cannot be trusted.
 */
export function pathInBytes(
  bytes: Uint8Array,
  target: number,
  includeTarget: boolean,
  tagName: TagName | undefined,
): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const steps: string[] = [];
  let siblings: number[] = [];
  let offset = 0;
  while (offset < target || (offset === target && includeTarget)) {
    const tag = view.getUint32(offset) >>> 8;
    const next = offset + 8 + paddedLength(view.getUint32(offset + 4), bytes[offset + 3] ?? 0);
    if (offset < target && next <= target) {
      siblings.push(tag);
      offset = next;
      continue;
    }
    steps.push(pathStep(tagLabel(tag, tagName), occurrences(siblings, tag)));
    if (offset === target) break;
    siblings = [];
    offset += 8;
  }
  return steps.join('/');
}

/** The path of item number `index` of a tree, counted from 0 in the order of encoding. */
export function pathInItems(root: TtlvItem, index: number, tagName: TagName | undefined): string {
  let remaining = index;
  const find = (item: TtlvItem): string | undefined => {
    if (remaining-- === 0) return '';
    if (item.type !== 'Structure') return undefined;
    for (const [position, child] of item.value.entries()) {
      const below = find(child);
      if (below === undefined) continue;
      const earlier = item.value.slice(0, position).filter(({ tag }) => tag === child.tag).length;
      return `/${pathStep(tagLabel(child.tag, tagName), earlier)}${below}`;
    }
    return undefined;
  };
  return `${tagLabel(root.tag, tagName)}${find(root) ?? ''}`;
}

/** How often `tag` is among `tags`. */
export function occurrences(tags: readonly number[], tag: number): number {
  let count = 0;
  for (const other of tags) if (other === tag) count++;
  return count;
}

/** Bytes that a value of this length takes with its padding. */
function paddedLength(length: number, typeCode: number): number {
  return typeCode === ITEM_TYPES.Structure ? length : Math.ceil(length / 8) * 8;
}
