import { ApiError } from '../errors/api-error.ts';

/** Deeper than any request of this API, and far from what would exhaust the stack. */
const MAX_DEPTH = 16;

/**
 * Parses a body; empty is as if there were none.
 *
 * @throws ApiError `BAD_BODY_ERR`, without repeating what was sent.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError('BAD_BODY_ERR', 'The body is not JSON.', { cause });
  }
  if (!isShallow(value, MAX_DEPTH)) {
    throw new ApiError('BAD_BODY_ERR', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  return value;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
