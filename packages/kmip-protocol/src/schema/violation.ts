/**
 * The failure of a walk. Its path is collected while the stack unwinds, so that a walk which succeeds
 * pays nothing for it.
 */

import { ClavigerError, type ErrorCode } from '../error.ts';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly code: ErrorCode;
  readonly path: string[] = [];

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
    if (error instanceof Violation) error.path.unshift(step);
    throw error;
  }
}

/** Runs a whole walk; a violation leaves as a {@link ClavigerError}. */
export function reportViolations<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    throw error instanceof Violation ? error.toClavigerError() : error;
  }
}
