/** What the server needs from the other rooms. The composition root hands it over. */

import type { AuditEmitter } from '@claviger/audit-emitter';
import type { KeyHierarchy } from '@claviger/key-hierarchy';
import type { KeyStore } from '@claviger/key-store';
import type { KmipServerObserver } from './observer.ts';
import type { ServerToClient } from './server-to-client/server-to-client.ts';

/** The part of a logger that the server uses; pino's fits. Fields first, then a plain sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Randomness {
  /** A new UUID in lower case. */
  uuid(): string;
  /** Bytes for key material; the caller wipes them. */
  bytes(count: number): Uint8Array;
}

export interface KmipServerDependencies {
  readonly store: Pick<
    KeyStore,
    | 'readObject'
    | 'locateObjects'
    | 'readSetting'
    | 'findCredentialOfIdentity'
    | 'listCredentials'
    | 'findPrincipal'
    | 'findAuthorityPrincipal'
    | 'listClientAuthorities'
    | 'findAdapter'
    | 'findRootKey'
    | 'readQueuedRequest'
    | 'listQueuedRequests'
    | 'listWaitingRequests'
    | 'commit'
  >;
  readonly keys: Pick<KeyHierarchy, 'seal' | 'open'>;
  readonly audit: AuditEmitter;
  readonly clock: Clock;
  /**
   * For how long something lasts within this process: milliseconds that only go forward, whatever becomes
   * of the time of day. The clock unless told.
   */
  readonly steadyClock?: Clock | undefined;
  readonly randomness: Randomness;
  readonly log: Logger;
  /** Nobody counts without it. */
  readonly observer?: KmipServerObserver | undefined;
  /** Without it clients are told of nothing, and Set Endpoint Role is not offered. */
  readonly serverToClient?: Pick<ServerToClient, 'objectsChanged' | 'rolesTurned'> | undefined;
}
