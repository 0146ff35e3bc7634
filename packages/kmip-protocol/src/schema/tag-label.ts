/** How a tag is named in messages for people. */

import { TAGS } from '../tables/tags.ts';

const names = new Map<number, string>(Object.entries(TAGS).map(([name, tag]) => [tag, name]));

/** The normalised name of a tag, or `0x` and six hex digits. */
export function tagLabel(tag: number): string {
  return names.get(tag) ?? `0x${tag.toString(16).toUpperCase().padStart(6, '0')}`;
}

export function tagNameOf(tag: number): string | undefined {
  return names.get(tag);
}
