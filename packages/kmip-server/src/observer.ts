/** What happens in the server, told to whoever counts it. No text of a client is in it: all are few. */

import type { EnumerationValueName, ErrorCode, Version } from '@claviger/kmip-protocol';
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
  /** A message has come, and is worked on from now. */
  messageBegun(message: BegunMessage): MessageWatch;
}

/** What there is to know of a message before it is read. */
export interface BegunMessage {
  /** Of the adapter whose client it is. */
  readonly adapterId: string;
  /** The same that its events and its lines in the log have. */
  readonly correlationId: string;
}

/** Follows one message. */
export interface MessageWatch {
  /** Does the work and returns its promise; may keep what belongs to it in the asynchronous context. */
  within?<T>(work: () => Promise<T>): Promise<T>;
  /** It is answered, or cannot be. */
  ended(message: ObservedMessage): void;
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
  /** Undefined for bytes that are no request. */
  readonly version: Version | undefined;
  /** Empty for bytes that are no request. */
  readonly items: readonly ObservedItem[];
}

export interface ObservedItem {
  /** As KMIP names it; `Other` for one that has no handler here. */
  readonly operation: string;
  readonly outcome: 'success' | ErrorCode;
  /** As the answer has it; undefined for a success. */
  readonly reason: EnumerationValueName<'ResultReason'> | undefined;
}
