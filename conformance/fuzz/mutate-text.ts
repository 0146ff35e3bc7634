/** Damage done to text that was XML or JSON. */

import type { Random } from '../seeded-random.ts';

const PIECES = [
  '<', '>', '/>', '"', '&', '&amp;', '&#0;', '&x;', '<!DOCTYPE a [<!ENTITY x "y">]>', '<![CDATA[', '<!--',
  '{', '}', '[', ']', ',', ':', '\\u0000', '\\ud800', 'null', '1e999', '-0', '0x', '\u0000', '\ud800',
  ' xmlns="u"', '__proto__', 'constructor', '99999999999999999999', 'type="Structure"', 'TTLV', 'é',
] as const; // biome-ignore format: one group a line
const MOST_REPEATS = 300;

/** One to four damages. @param other - Another text, for splices. */
export function mutateText(text: string, other: string, random: Random): string {
  let mutated = text;
  for (let damages = random.integer(1, 4); damages > 0; damages--) {
    mutated = damage(mutated, other, random);
  }
  return mutated;
}

function damage(text: string, other: string, random: Random): string {
  const from = random.integer(0, text.length);
  const to = Math.min(text.length, from + random.integer(0, 40));
  const cut = random.integer(0, other.length);
  switch (random.integer(0, 6)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, from) + random.pick(PIECES) + text.slice(from);
    case 2:
      return text.slice(0, from) + random.pick(PIECES) + text.slice(to);
    case 3:
      return text.slice(0, to) + text.slice(from);
    case 4:
      return text.slice(0, from) + other.slice(cut);
    case 5:
      return text.slice(0, from) + other.slice(cut, cut + 60) + text.slice(from);
    default:
      return text.slice(0, from) + random.pick(PIECES).repeat(MOST_REPEATS) + text.slice(from);
  }
}
