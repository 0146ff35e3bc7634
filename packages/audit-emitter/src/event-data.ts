/** What `requestData` and `responseData` may hold: JSON, and nothing that looks like a secret. */

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

const MAX_DEPTH = 8;

// Bounded on purpose: a run of capitals after BEGIN must not cost quadratic time.
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;

/**
 * Refuses text that holds a private key in PEM.
 *
 * @param path - Where the text stands in the event, for the message; the text itself is never told.
 * @throws TypeError when it does: a mistake in the program that builds the event.
 */
export function assertNoPrivateKey(text: string, path: string): void {
  if (PRIVATE_KEY.test(text)) {
    throw new TypeError(
      `${path} holds a private key: an audit event must never carry key material.`,
    );
  }
}

/**
 * Checks that a value is JSON of bounded depth without bytes and private keys.
 *
 * @throws TypeError with the path of the first offending value, never with the value: a mistake in the
 * program that builds the event.
 */
export function assertEventData(value: unknown, path: string, depth = 0): void {
  if (typeof value === 'string') {
    assertNoPrivateKey(value, path);
    return;
  }
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return;
  if (depth >= MAX_DEPTH) throw new TypeError(`${path} is nested deeper than ${MAX_DEPTH} levels.`);
  if (Array.isArray(value)) {
    // `entries` also visits holes, which are no JSON.
    for (const [index, item] of value.entries()) {
      assertEventData(item, `${path}[${index}]`, depth + 1);
    }
    return;
  }
  if (!isPlainObject(value)) {
    throw new TypeError(
      `${path} is no JSON value: an event holds strings, finite numbers, booleans, null, lists and plain objects.`,
    );
  }
  for (const name of Object.keys(value)) {
    assertNoPrivateKey(name, path);
    assertEventData(value[name], `${path}.${name}`, depth + 1);
  }
}

/** An object literal or a result of `JSON.parse`; no class instance, no bytes, no list. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
