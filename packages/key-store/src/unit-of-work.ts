/** The one way to change anything: guards, changes and events that happen together, or not at all. */
import type { CheckpointRecord, SinkCursor } from './log-records.ts';
import type {
  ApiKeyRecord,
  Attribution,
  ClientAuthorityRecord,
  CredentialRecord,
  NewRootKeyDetails,
  RefusedCertificateRecord,
  RootKeyVersion,
} from './management-records.ts';
import type { NewQueuedRequest, QueueStage } from './queued-requests.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  NewEvent,
  ObjectRecord,
  Predicate,
  RootKeyRecord,
  RootKeyState,
} from './records.ts';

/** What must still hold when the unit commits; checked inside the transaction. */
export type Guard =
  | { readonly kind: 'certificate-present'; readonly certificateId: string }
  /** For sessions that were admitted by an authority. */
  | { readonly kind: 'client-authority-present'; readonly clientAuthorityId: string }
  | { readonly kind: 'credential-present'; readonly credentialId: string }
  | { readonly kind: 'root-key-enabled'; readonly rootKeyId: string }
  /** Nobody rotated the key since: what was wrapped by this version is wrapped by the newest. */
  | { readonly kind: 'root-key-version'; readonly rootKeyId: string; readonly versionId: string }
  /** The object was read at this version and must be unchanged. */
  | {
      readonly kind: 'object-version';
      readonly adapterId: string;
      readonly id: string;
      readonly version: number;
    }
  /** A setting has this value; without one, that it is not set. */
  | { readonly kind: 'setting-is'; readonly name: string; readonly value: string | undefined };

export type Change =
  /** `object.version` must be 1. */
  | {
      readonly kind: 'insert-object';
      readonly object: ObjectRecord;
      readonly by?: Attribution | undefined;
    }
  /** Replaces the record; guarded: the stored version must be `object.version - 1`. */
  | {
      readonly kind: 'update-object';
      readonly object: ObjectRecord;
      readonly by?: Attribution | undefined;
      /** The object is destroyed by this, which needs `by`. */
      readonly destroyed?: true | undefined;
    }
  | { readonly kind: 'insert-adapter'; readonly adapter: AdapterRecord }
  /** Notes who changed the adapter or what belongs to it, and when. */
  | { readonly kind: 'touch-adapter'; readonly id: string; readonly by: Attribution }
  /**
   * Refused (`in-use`) while the adapter has objects, certificates or client authorities. The adapter
   * is gone for every read, its name is free, its key and credentials are wiped; its objects stay as records.
   */
  | {
      readonly kind: 'delete-adapter';
      readonly id: string;
      /** Only objects that match stand in the way: those that are not destroyed, say. */
      readonly unless?: Predicate | undefined;
      /** Deletes its certificates and client authorities with it. */
      readonly withCertificates?: true | undefined;
      readonly by?: Attribution | undefined;
    }
  | { readonly kind: 'insert-certificate'; readonly certificate: CertificateRecord }
  | { readonly kind: 'delete-certificate'; readonly id: string }
  | {
      readonly kind: 'insert-root-key';
      readonly rootKey: RootKeyRecord;
      readonly details?: NewRootKeyDetails | undefined;
    }
  /** A key that is deleted gives up its aliases; one that comes back is not deleted any more. */
  | {
      readonly kind: 'set-root-key-state';
      readonly id: string;
      readonly state: RootKeyState;
      /** The states it may come from; another one is a `conflict`. Default: any. */
      readonly from?: readonly RootKeyState[] | undefined;
      /** Refused (`in-use`) while an adapter is over the key. */
      readonly unlessUsed?: true | undefined;
      readonly by?: Attribution | undefined;
    }
  /**
   * Gives the key a new version, and each of its adapters the wrapping by that. A `conflict` when the
   * newest version is not `fromVersionId`, when `adapters` are not exactly those over the key, and when
   * the key is deleted: read again and retry.
   */
  | {
      readonly kind: 'rotate-root-key';
      readonly id: string;
      readonly fromVersionId: string;
      readonly version: RootKeyVersion;
      readonly adapters: readonly { readonly id: string; readonly wrappedKey: Uint8Array }[];
    }
  | { readonly kind: 'insert-api-key'; readonly apiKey: ApiKeyRecord }
  /** A `conflict` when it is revoked already. */
  | { readonly kind: 'revoke-api-key'; readonly id: string; readonly by: Attribution }
  /**
   * Adds to what is known of the certificate: attempts are summed up, the older `firstAt` and the newer
   * `lastAt` stand, all else is replaced. `MAX_REFUSED_CERTIFICATES` are kept.
   */
  | { readonly kind: 'record-refused-certificate'; readonly refused: RefusedCertificateRecord }
  | { readonly kind: 'forget-refused-certificate'; readonly fingerprintSha256: string }
  | { readonly kind: 'insert-client-authority'; readonly authority: ClientAuthorityRecord }
  | { readonly kind: 'delete-client-authority'; readonly id: string }
  | { readonly kind: 'insert-credential'; readonly credential: CredentialRecord }
  | { readonly kind: 'delete-credential'; readonly id: string }
  /**
   * Uses a proof up that is good once: a `conflict` unless it is larger than every one that was used up
   * before.
   */
  | { readonly kind: 'use-credential'; readonly id: string; readonly proof: number }
  /** Sets a named text, whatever it was; see `initialiseSetting` for one that never changes. */
  | { readonly kind: 'replace-setting'; readonly name: string; readonly value: string }
  /** A `conflict` unless it is larger than every other and no larger than the log. */
  | { readonly kind: 'append-checkpoint'; readonly checkpoint: CheckpointRecord }
  | { readonly kind: 'write-sink-cursor'; readonly cursor: SinkCursor }
  | { readonly kind: 'delete-sink-cursor'; readonly name: string }
  /**
   * Deletes the oldest events up to and with `upTo`, in whole blocks of 1,024, and `MAX_FORGOTTEN_BLOCKS`
   * of them at most. Their leaf hashes stay, and so the log can be verified. Refused (`in-use`) while a
   * checkpoint does not cover them or a sink has not been served them.
   */
  | { readonly kind: 'forget-events'; readonly upTo: number }
  /** Puts a request at the end of the queue. */
  | { readonly kind: 'enqueue-request'; readonly request: NewQueuedRequest }
  /** A `conflict` unless it is waiting. What was asked is forgotten; old ended ones make room. */
  | {
      readonly kind: 'end-request';
      readonly adapterId: string;
      readonly id: string;
      readonly stage: Exclude<QueueStage, 'waiting'>;
      readonly answer: Uint8Array | null;
      readonly endedAt: number;
    }
  /** Notes that somebody has asked for the answer; the first time counts. */
  | {
      readonly kind: 'collect-request';
      readonly adapterId: string;
      readonly id: string;
      readonly at: number;
    }
  /** Deletes the requests of all adapters that ended before a time. */
  | { readonly kind: 'forget-requests'; readonly endedBefore: number };

export interface UnitOfWork {
  readonly guards: readonly Guard[];
  readonly changes: readonly Change[];
  readonly events: readonly NewEvent[];
}

/**
 * How a unit ended. Only `committed` changed anything; then it is durable.
 * A unit without changes and events costs no disk write: only its guards are checked.
 */
export type CommitOutcome =
  | { readonly kind: 'committed'; readonly lastSequence: number }
  | { readonly kind: 'guard-failed'; readonly guard: Guard }
  /** Somebody else changed the object first: read again and retry. */
  | { readonly kind: 'conflict'; readonly id: string }
  /** A unique name, fingerprint, adapter name or id is taken. */
  | {
      readonly kind: 'duplicate';
      readonly what:
        | 'object-name'
        | 'object-id'
        | 'adapter-name'
        | 'certificate'
        | 'certificate-name'
        | 'root-key'
        | 'root-key-alias'
        | 'root-key-version'
        | 'api-key'
        | 'client-authority'
        | 'client-authority-name'
        | 'credential'
        | 'credential-name';
    }
  | {
      readonly kind: 'not-found';
      readonly what:
        | 'object'
        | 'adapter'
        | 'certificate'
        | 'root-key'
        | 'api-key'
        | 'refused-certificate'
        | 'client-authority'
        | 'credential';
    }
  | { readonly kind: 'in-use'; readonly what: 'adapter' | 'root-key' | 'events' };
