/** What must hold before something is done with a key. */

import type { DetailedRootKey } from '@claviger/key-store';
import type { Call } from '../calls/call.ts';
import { ApiError } from '../errors/api-error.ts';
import { formatDateTime } from '../http/date-time.ts';

/** @throws ApiError `KEY_ACTION_INVALID_STATE_ERR`. */
export function assertState(key: DetailedRootKey, state: DetailedRootKey['state']): void {
  if (key.state === state) return;
  throw new ApiError(
    'KEY_ACTION_INVALID_STATE_ERR',
    `The action is not possible while the key is ${key.state}.`,
  );
}

/**
 * The key rests for a while after something was done with it.
 *
 * @param since - When it was done. What a clock that was wrong has put into the future makes nobody wait.
 * @throws ApiError of the code, with the time from which on the action is possible.
 */
export function assertRested(
  call: Call,
  since: number,
  delayMs: number,
  code: 'REQ_TOO_EARLY_ERR' | 'KEY_ROTATION_NOT_PERMITTED',
): void {
  const earliest = since + delayMs;
  if (call.now >= earliest || call.now < since) return;
  // Rounded up: whoever comes at the second that is named must not be sent away again.
  const at = formatDateTime(Math.ceil(earliest / 1000) * 1000);
  throw new ApiError(code, `The action is possible from ${at} on.`);
}
