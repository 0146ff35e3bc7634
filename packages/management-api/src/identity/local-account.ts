/** Callers on the machine itself: whoever may open the socket is a Manager, named by the account. */

import { ApiError } from '../errors/api-error.ts';
import type { Caller } from './caller.ts';

/** Says for whom a local client calls. It gives no right: the socket has given all of them. */
export const ACCOUNT_HEADER = 'x-claviger-account';
const DEFAULT_ACCOUNT = 'operator';
/** Names of accounts on Unix, with domain or realm if there is one. */
const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.@\\+-]{0,63}\$?$/;

/** @throws ApiError `INVALID_HEADER_ERR` when the header holds what is no name of an account. */
export function localCaller(account: string | readonly string[] | undefined): Caller {
  const name = account ?? DEFAULT_ACCOUNT;
  if (typeof name !== 'string' || !ACCOUNT.test(name)) {
    throw new ApiError(
      'INVALID_HEADER_ERR',
      'X-Claviger-Account must be the name of an account: up to 65 letters, digits, `_`, `.`, `@`, `+`, `-`, `\\`.',
      { target: { type: 'header', name: 'X-Claviger-Account' } },
    );
  }
  return {
    iamId: `LocalUser-${name}`,
    name,
    kind: 'local-user',
    credential: 'user',
    roles: ['Manager'],
  };
}
