/** What a client is told that comes when the server cannot take more. */

import { ClavigerError } from '@claviger/kmip-protocol';
import type { TooBusy } from './fair-turns.ts';

const WORDS = {
  overloaded: 'the server does not keep up with its work',
  'too-many-wait': 'too many requests of this certificate wait for their turn',
  'waited-too-long': 'the request has waited too long for its turn',
} as const satisfies Record<TooBusy | 'overloaded', string>;

/** An error `overloaded`: General Failure in KMIP. Nothing was done, so that the request may be sent again. */
export function overloadError(why: keyof typeof WORDS): ClavigerError {
  return new ClavigerError(
    'overloaded',
    `the server is overloaded: ${WORDS[why]}; nothing was done, try again later`,
  );
}
