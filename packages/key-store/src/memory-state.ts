/** The state of the reference model, and what its changes are made of. */

import { type ChainHead, EMPTY_CHAIN } from './chain-event.ts';
import type { CheckpointRecord, SinkCursor } from './log-records.ts';
import type {
  ApiKeyRecord,
  Attribution,
  ClientAuthorityRecord,
  CredentialRecord,
  DetailedRootKey,
  RefusedCertificateRecord,
  RootKeyVersion,
} from './management-records.ts';
import type { QueuedRequestRecord } from './queued-requests.ts';
import type { AdapterRecord, CertificateRecord, EventRecord, ObjectRecord } from './records.ts';
import type { Refusal } from './refusal.ts';

/** An object with its history. */
export interface KeptObject {
  readonly record: ObjectRecord;
  readonly created: Attribution;
  readonly updated: Attribution;
  readonly destroyed: Attribution | undefined;
}

/** A key with its versions, oldest first. */
export interface KeptRootKey {
  readonly record: DetailedRootKey;
  readonly versions: readonly RootKeyVersion[];
}

export interface State {
  readonly rootKeys: ReadonlyMap<string, KeptRootKey>;
  readonly adapters: ReadonlyMap<string, AdapterRecord>;
  /** Ids of deleted adapters. */
  readonly tombstones: ReadonlySet<string>;
  readonly certificates: ReadonlyMap<string, CertificateRecord>;
  readonly authorities: ReadonlyMap<string, ClientAuthorityRecord>;
  readonly credentials: ReadonlyMap<string, CredentialRecord>;
  readonly apiKeys: ReadonlyMap<string, ApiKeyRecord>;
  /** By SHA-256 fingerprint. */
  readonly refused: ReadonlyMap<string, RefusedCertificateRecord>;
  /** In the order of creation. */
  readonly objects: ReadonlyMap<string, KeptObject>;
  readonly settings: ReadonlyMap<string, string>;
  /** Those that are kept: the last is that of `head`. */
  readonly events: readonly EventRecord[];
  /** Of every event there ever was. */
  readonly leaves: readonly Uint8Array[];
  readonly head: ChainHead;
  /** In the order of their sizes. */
  readonly checkpoints: readonly CheckpointRecord[];
  readonly cursors: ReadonlyMap<string, SinkCursor>;
  /** In the order of their acceptance. */
  readonly queue: ReadonlyMap<string, QueuedRequestRecord>;
}

export const EMPTY_STATE: State = {
  rootKeys: new Map(),
  adapters: new Map(),
  tombstones: new Set(),
  certificates: new Map(),
  authorities: new Map(),
  credentials: new Map(),
  apiKeys: new Map(),
  refused: new Map(),
  objects: new Map(),
  settings: new Map(),
  events: [],
  leaves: [],
  head: EMPTY_CHAIN,
  checkpoints: [],
  cursors: new Map(),
  queue: new Map(),
};

/** What a change comes to. */
export type Step = { readonly state: State } | { readonly refusal: Refusal };

export function some<T>(map: ReadonlyMap<string, T>, test: (entry: T) => boolean): boolean {
  return [...map.values()].some(test);
}

export function withEntry<T>(
  map: ReadonlyMap<string, T>,
  key: string,
  entry: T,
): ReadonlyMap<string, T> {
  return new Map([...map, [key, entry]]);
}

export function withoutEntry<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([candidate]) => candidate !== key));
}

export function without<T>(
  map: ReadonlyMap<string, T>,
  test: (entry: T) => boolean,
): ReadonlyMap<string, T> {
  return new Map([...map].filter(([, entry]) => !test(entry)));
}

export function duplicate(what: Extract<Refusal, { readonly kind: 'duplicate' }>['what']): Step {
  return refused({ kind: 'duplicate', what });
}

export function notFound(what: Extract<Refusal, { readonly kind: 'not-found' }>['what']): Step {
  return refused({ kind: 'not-found', what });
}

export function conflict(id: string): Step {
  return refused({ kind: 'conflict', id });
}

export function refused(refusal: Refusal): Step {
  return { refusal };
}
