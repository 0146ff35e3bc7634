/** What happens in the server, told to whoever counts it. No text of a client is in it: all are few. */

import type { ErrorCode } from '@claviger/kmip-protocol';
import type { RefusalReason } from './principal.ts';
import type { HandshakeFailureKind } from './transport/handshake-failure.ts';

export interface KmipServerObserver {
  connectionOpened(handshake: ObservedHandshake): void;
  connectionClosed(): void;
  /** A peer that is not let in, or one more than the server has room for. */
  connectionRefused(reason: RefusalReason | CrowdReason): void;
  handshakeFailed(kind: HandshakeFailureKind): void;
  /** Whether what is new is refused from now on, because the process does not keep up. */
  overloaded(isOverloaded: boolean): void;
  /** So many more, or fewer, whole requests wait for their turn. */
  requestsWaiting(change: 1 | -1): void;
  /** A message has come. @returns what is called once it is answered, or cannot be. */
  messageBegun(): (message: ObservedMessage) => void;
}

/** Too many connections: of all, of one certificate, of one address without a certificate; or too much work. */
export type CrowdReason =
  | 'too-many'
  | 'too-many-of-certificate'
  | 'too-many-of-address'
  | 'overloaded';

/** A handshake that let a client in. */
export interface ObservedHandshake {
  /** E.g. `TLSv1.3`. */
  readonly protocol: string;
  /** Whether an earlier session went on, which costs no signature. */
  readonly isResumed: boolean;
}

/** A message that was worked on. */
export interface ObservedMessage {
  /** Empty for bytes that are no request. */
  readonly items: readonly ObservedItem[];
}

export interface ObservedItem {
  /** As KMIP names it; `Other` for one that has no handler here. */
  readonly operation: string;
  readonly outcome: 'success' | ErrorCode;
}
