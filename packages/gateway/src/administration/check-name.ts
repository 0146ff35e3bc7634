import { ClavigerError } from '@claviger/kmip-protocol';

/** Names stand in tables, events and messages: nothing that steers a terminal, no invisible ends. */
const NAME = /^(?! )[^\p{Cc}\p{Cf}\u2028\u2029]{1,100}(?<! )$/u;

/**
 * What is wrong with the name of an adapter, a root key or a certificate, if anything.
 *
 * @param what - Whose name it is, as in `an adapter`.
 */
export function nameProblem(what: string, name: string): ClavigerError | undefined {
  if (NAME.test(name)) return undefined;
  return new ClavigerError(
    'invalid-field',
    `The name of ${what} must have 1 to 100 visible characters, without a space at its ends.`,
  );
}
