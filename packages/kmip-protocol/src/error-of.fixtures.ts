import { ClavigerError, type ErrorCode } from './error.ts';

/** Code and message of the ClavigerError in which `attempt` ends; whatever else happens is thrown. */
export function errorOf(attempt: () => unknown): { code: ErrorCode; message: string } {
  let value: unknown;
  try {
    value = attempt();
  } catch (error) {
    if (error instanceof ClavigerError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new RangeError(`ended in a value of type ${typeof value}, not in an error`);
}
