import type { IndexEntry, Predicate } from './records.ts';
import { unreachable } from './unreachable.ts';

/**
 * Whether an object with these index entries meets the condition; what `locateObjects` answers for
 * stored objects, for those that are not stored yet.
 *
 * A condition on a name holds when one entry of that name meets it. Text and number never equal
 * each other. `and` of nothing holds, `or` of nothing does not.
 */
export function matchesPredicate(index: readonly IndexEntry[], predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'equals':
      return index.some(
        (entry) => entry.name === predicate.name && entry.value === predicate.value,
      );
    case 'range': {
      const { name, from = -Infinity, to = Infinity } = predicate;
      return index.some(
        (entry) =>
          entry.name === name &&
          typeof entry.value === 'number' &&
          entry.value >= from &&
          entry.value <= to,
      );
    }
    case 'and':
      return predicate.of.every((part) => matchesPredicate(index, part));
    case 'or':
      return predicate.of.some((part) => matchesPredicate(index, part));
    case 'not':
      return !matchesPredicate(index, predicate.of);
    default:
      return unreachable(predicate, 'predicate');
  }
}
