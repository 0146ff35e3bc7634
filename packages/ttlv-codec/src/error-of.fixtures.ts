import { TtlvError } from './error.ts';

/** The TtlvError that `action` throws; anything else it does is a failure of the test. */
export function errorOf(action: () => unknown): TtlvError {
  try {
    action();
  } catch (error) {
    if (error instanceof TtlvError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
