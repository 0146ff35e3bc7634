import type { LocateQuery } from './records.ts';

/** What is asked for of all that match. */
export type LocateBounds = Pick<LocateQuery, 'offset' | 'limit' | 'countUpTo'>;

/**
 * How many match, where the page that was found tells: when it is not full, it is the last one.
 *
 * @param found - How many stand on the page.
 * @returns No more than `countUpTo`; undefined where they have to be counted.
 */
export function totalByPage(found: number, bounds: LocateBounds): number | undefined {
  const { offset, limit, countUpTo = Infinity } = bounds;
  if (countUpTo === 0) return 0;
  const isLast = found < limit && (found > 0 || offset === 0);
  return isLast ? Math.min(offset + found, countUpTo) : undefined;
}
