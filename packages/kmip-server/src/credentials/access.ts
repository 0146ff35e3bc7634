/**
 * As whom a message acts within its adapter. The certificate alone says which adapter that is; what is
 * shown beside it names the client, or narrows what it may do, and never reaches further.
 */

import type { Rights } from '@claviger/kmip-protocol';

export interface Access {
  /** That was shown, or with which the ticket was asked for. New objects belong to its name. */
  readonly credential: { readonly id: string; readonly name: string } | undefined;
  /** Of tickets; each of them must allow what is done. */
  readonly rights: readonly Rights[];
  /** Names the ticket that was shown. */
  readonly ticket?: string | undefined;
  /** For the header of the answer, where a Hashed Password was shown (2.1 §8.5). */
  readonly serverHashedPassword?: Uint8Array | undefined;
}

/** Of a message without credentials. */
export const BY_CERTIFICATE: Access = { credential: undefined, rights: [] };
