/** What the API needs from the other rooms. The composition root hands it over. */

import type { AuditEmitter, KmipStateName } from '@claviger/audit-emitter';
import type { KeyHierarchy } from '@claviger/key-hierarchy';
import type { KeyStore, ObjectRecord, Predicate, StoredObject } from '@claviger/key-store';
import type { ClientEndpoints } from './clients/client-endpoints.ts';
import type { CredentialMaker } from './credentials/credential-maker.ts';

/** The part of a logger that the API uses; pino's fits. Fields first, then a plain sentence. */
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
  /** Bytes for keys and names; the caller wipes them. */
  bytes(count: number): Uint8Array;
}

/** An attribute of a KMIP object: named as KMIP 1.x writes it; bytes are hexadecimal digits. */
export interface ObjectAttribute {
  readonly name: string;
  /** Absent for 0. */
  readonly index?: number;
  readonly value: unknown;
}

/**
 * What must be known of KMIP objects to list and delete them. Whoever wrote their records knows: the
 * server of the protocol has the life cycle and the search index, and the API has neither.
 */
export interface ManagedObjects {
  /** Every attribute of a record or summary, as JSON can hold it; the material is none of them. */
  attributesOf(attributes: Uint8Array): readonly ObjectAttribute[];
  /** @param attributes - Of a record or summary. */
  stateAt(attributes: Uint8Array, nowMs: number): KmipStateName;
  /** Condition on the search index: the objects that are in one of the states at that time. */
  whereState(states: readonly KmipStateName[], nowMs: number): Predicate;
  /**
   * The next version of a record: without its material, Destroyed or, if it was compromised, Destroyed
   * Compromised, also from states in which clients of KMIP may not destroy it.
   */
  destroyed(record: StoredObject, nowMs: number): ObjectRecord;
}

export interface ManagementApiDependencies {
  readonly store: KeyStore;
  readonly keys: Pick<
    KeyHierarchy,
    | 'newRootKey'
    | 'importRootKey'
    | 'newAdapterKey'
    | 'rewrapAdapterKey'
    | 'sealByRootKey'
    | 'openByRootKey'
    | 'forget'
  >;
  readonly objects: ManagedObjects;
  readonly credentials: CredentialMaker;
  /** Asked for at each use: whoever gives them may open them then. */
  clientEndpoints(): Promise<ClientEndpoints>;
  readonly audit: AuditEmitter;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Logger;
}
