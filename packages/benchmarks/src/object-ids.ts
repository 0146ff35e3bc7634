/** Which objects there are to ask for. */

import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Objects of a seeded store, by their number; or those that were made just before. */
export const ObjectIds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('seeded'), count: z.number().int().positive() }),
  z.object({ kind: z.literal('listed'), ids: z.array(z.string()).min(1) }),
]);
export type ObjectIds = z.infer<typeof ObjectIds>;

/** @returns Function from a number, which wraps around, to an identifier. */
export function identifiers(ids: ObjectIds): (number: number) => string {
  if (ids.kind === 'seeded') return (number) => seededId(number % ids.count);
  return (number) => ids.ids[number % ids.ids.length] ?? '';
}

/** How many there are. */
export function countOf(ids: ObjectIds): number {
  return ids.kind === 'seeded' ? ids.count : ids.ids.length;
}

/** A UUID (version 8) that follows from the number, and lies anywhere among the others as a random one does. */
export function seededId(number: number): string {
  const hex = createHash('sha256').update(`claviger-benchmark-${number}`).digest('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...groups, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** The Name of a seeded object, and the text of its custom attribute. */
export function seededName(number: number): string {
  return `bench-vm-${String(number).padStart(8, '0')}`;
}

/** The Name of a key that seeded ones are copied from: as long as theirs, and none of them. */
export function patternName(number: number): string {
  return `bench-pt-${String(number).padStart(8, '0')}`;
}
