/**
 * Ends a switch over a closed union: a kind without a case does not compile.
 *
 * @throws Error naming the union, never the value, which may hold key material.
 */
export function unreachable(_value: never, union: string): never {
  throw new Error(`A ${union} of an unknown kind reached the key store.`);
}
