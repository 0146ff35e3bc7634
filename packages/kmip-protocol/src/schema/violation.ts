/**
 * The failure of a walk. Its path is collected while the stack unwinds, so that a walk which succeeds
 * pays nothing for it. Neither path nor message ever holds a value of the input; the one exception is
 * the name of an attribute, which goes through {@link quoted}.
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { ClavigerError, type ErrorCode } from '../error.ts';
import { tagLabel } from './tag-label.ts';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly code: ErrorCode;
  /** From the root of what was walked. */
  readonly path: string[] = [];

  /** @param message - What is wrong, without a full stop; it is put behind the path. */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** The error that leaves this package: the message says where and what. */
  toClavigerError(): ClavigerError {
    const where = this.path.join('/');
    return new ClavigerError(
      this.code,
      where === '' ? `${this.message}.` : `${where}: ${this.message}.`,
    );
  }
}

/** Runs one step of a walk and names it in whatever goes wrong inside. */
export function within<T>(step: string, walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    throw under(step, error);
  }
}

/** What {@link within} throws, for a walk that is too hot for a function of its own at each step. */
export function under(step: string, error: unknown): unknown {
  if (error instanceof Violation) error.path.unshift(step);
  return error;
}

/**
 * Runs a walk of one item and names the item in whatever goes wrong inside.
 *
 * @param siblings - The items among which it stands: the second of a tag is `Attribute[1]`.
 */
export function withinItem<T>(item: TtlvItem, siblings: readonly TtlvItem[], walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    throw named(error, item, siblings);
  }
}

/** What {@link withinItem} throws, for a walk that is too hot for a function of its own at each item. */
export function named(error: unknown, item: TtlvItem, siblings: readonly TtlvItem[]): unknown {
  return error instanceof Violation ? under(stepOf(item, siblings), error) : error;
}

/** As the paths of `@claviger/ttlv-codec`: the first item of a tag carries no number. */
function stepOf(item: TtlvItem, siblings: readonly TtlvItem[]): string {
  const position = siblings.filter(({ tag }) => tag === item.tag).indexOf(item);
  return position > 0 ? `${tagLabel(item.tag)}[${position}]` : tagLabel(item.tag);
}

/** Runs a whole walk; a violation leaves as a {@link ClavigerError}. */
export function reportViolations<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    throw error instanceof Violation ? error.toClavigerError() : error;
  }
}

/** Characters of a name that a message quotes. */
const MAX_QUOTED = 64;

/**
 * A name from the input as a message may show it: in quotes, printable ASCII, everything else escaped,
 * cut to 64 characters.
 */
export function quoted(name: string): string {
  const shown = Array.from(name.slice(0, 2 * MAX_QUOTED))
    .slice(0, MAX_QUOTED)
    .join('');
  const escaped = JSON.stringify(shown).replaceAll(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return shown.length < name.length ? `${escaped.slice(0, -1)}..."` : escaped;
}
