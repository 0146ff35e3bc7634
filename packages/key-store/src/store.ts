/**
 * The interface of the store: what is kept, the queries, and the one way to change anything.
 *
 * The store knows nothing of KMIP: attributes are opaque bytes beside the index entries that the
 * caller derives from them, and material arrives sealed. Every write is a unit of work: guards,
 * changes and audit events that become durable together or not at all.
 */
import type {
  AdapterQuery,
  ApiKeyRecord,
  Attribution,
  ClientAuthorityRecord,
  DetailedRootKey,
  NewRootKeyDetails,
  ObjectSummary,
  ObjectSummaryQuery,
  Page,
  PageQuery,
  RefusedCertificateRecord,
  RootKeyQuery,
  RootKeyVersion,
} from './management-records.ts';

/** A value that can be searched: text, or a number (dates in seconds) for ranges. */
export type IndexValue = string | number;

/** One searchable fact of an object, e.g. `{ name: 'Object Type', value: 'SymmetricKey' }`. */
export interface IndexEntry {
  readonly name: string;
  readonly value: IndexValue;
}

/** A managed object as the store keeps it. */
export interface ObjectRecord {
  /** Unique Identifier: a UUID in lower case. */
  readonly id: string;
  readonly adapterId: string;
  /** Counts the changes of this record, from 1. */
  readonly version: number;
  readonly objectType: string;
  /** Encoded attributes; the store does not look inside. */
  readonly attributes: Uint8Array;
  /** Sealed material, or null when there is none (destroyed, or never had any). */
  readonly material: Uint8Array | null;
  /** A set: order and repetition are not kept. */
  readonly index: readonly IndexEntry[];
  /**
   * Texts that may belong to one object of the adapter only (its Names).
   * A commit that would give one text to two objects has the outcome `duplicate`. A set, as `index`.
   */
  readonly uniqueNames: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A condition on the index entries of an object. */
export type Predicate =
  | { readonly kind: 'equals'; readonly name: string; readonly value: IndexValue }
  /** Inclusive on both ends; numbers only. */
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly from?: number | undefined;
      readonly to?: number | undefined;
    }
  | { readonly kind: 'and'; readonly of: readonly Predicate[] }
  | { readonly kind: 'or'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate };

export interface LocateQuery {
  readonly where: Predicate;
  /** Objects to pass over, newest first. */
  readonly offset: number;
  readonly limit: number;
}

export interface LocateResult {
  /** Newest first. */
  readonly ids: readonly string[];
  /** How many objects match in all. */
  readonly total: number;
}

export interface AdapterRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly rootKeyId: string;
  /** The adapter's key, wrapped by its root key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
  readonly createdBy?: string | undefined;
  /** When the adapter, or what belongs to it, was changed last; see `touch-adapter`. */
  readonly updatedAt?: number | undefined;
  readonly updatedBy?: string | undefined;
  /** E.g. `native_1.0`. */
  readonly profile?: string | undefined;
}

export interface CertificateRecord {
  readonly id: string;
  readonly adapterId: string;
  /** Unique in the adapter. */
  readonly name: string;
  /** As it was uploaded, byte for byte. */
  readonly pem: string;
  /** Lower-case hex over the DER, without colons; unique in the store. */
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly createdAt: number;
  readonly createdBy?: string | undefined;
}

export type RootKeyState = 'enabled' | 'disabled' | 'deleted';

export interface RootKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly state: RootKeyState;
  /** Wrapped by the master key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

/** A certificate with everything a session must know before it reads the first byte. */
export interface PrincipalRecord {
  readonly certificate: CertificateRecord;
  readonly adapter: AdapterRecord;
  readonly rootKey: RootKeyRecord;
}

/** An authority with what a session of one of its clients must know. */
export interface AuthorityPrincipalRecord {
  readonly authority: ClientAuthorityRecord;
  readonly adapter: AdapterRecord;
  readonly rootKey: RootKeyRecord;
}

/** An audit event on its way into the log. `body` is the event as canonical JSON text. */
export interface NewEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly adapterId: string | null;
  readonly correlationId: string | null;
  readonly body: string;
}

/** An event in the log. Sequences rise by one, in the order of the commits, without gaps. */
export interface EventRecord extends NewEvent {
  readonly sequence: number;
}

export interface EventQuery {
  /** Only events with a greater sequence. */
  readonly afterSequence: number;
  readonly limit: number;
}

/** What must still hold when the unit commits; checked inside the transaction. */
export type Guard =
  | { readonly kind: 'certificate-present'; readonly certificateId: string }
  /** For sessions that were admitted by an authority. */
  | { readonly kind: 'client-authority-present'; readonly clientAuthorityId: string }
  | { readonly kind: 'root-key-enabled'; readonly rootKeyId: string }
  /** Nobody rotated the key since: what was wrapped by this version is wrapped by the newest. */
  | { readonly kind: 'root-key-version'; readonly rootKeyId: string; readonly versionId: string }
  /** The object was read at this version and must be unchanged. */
  | {
      readonly kind: 'object-version';
      readonly adapterId: string;
      readonly id: string;
      readonly version: number;
    };

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
   * is gone for every read, its name is free, its key is wiped; its objects stay as records.
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
   * `lastAt` stand, all else is replaced. The newest 1,000 by `lastAt` are kept.
   */
  | { readonly kind: 'record-refused-certificate'; readonly refused: RefusedCertificateRecord }
  | { readonly kind: 'forget-refused-certificate'; readonly fingerprintSha256: string }
  | { readonly kind: 'insert-client-authority'; readonly authority: ClientAuthorityRecord }
  | { readonly kind: 'delete-client-authority'; readonly id: string }
  /** Sets a named text, whatever it was; see `initialiseSetting` for one that never changes. */
  | { readonly kind: 'replace-setting'; readonly name: string; readonly value: string };

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
        | 'client-authority-name';
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
        | 'client-authority';
    }
  | { readonly kind: 'in-use'; readonly what: 'adapter' | 'root-key' };

/**
 * Reads see every commit that was acknowledged before they began. What they answer is the caller's
 * own. Lists without a page are in the order of creation, oldest first.
 */
export interface KeyStore {
  readObject(adapterId: string, id: string): Promise<ObjectRecord | undefined>;
  locateObjects(adapterId: string, query: LocateQuery): Promise<LocateResult>;
  /** Newest first; all adapters when `adapterId` is undefined. */
  listObjects(
    adapterId: string | undefined,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<readonly ObjectRecord[]>;
  /** Newest first, as `locateObjects` finds them. */
  listObjectSummaries(adapterId: string, query: ObjectSummaryQuery): Promise<Page<ObjectSummary>>;
  readObjectSummary(adapterId: string, id: string): Promise<ObjectSummary | undefined>;

  findPrincipal(fingerprintSha256: string): Promise<PrincipalRecord | undefined>;
  findAuthorityPrincipal(clientAuthorityId: string): Promise<AuthorityPrincipalRecord | undefined>;
  listAdapters(): Promise<readonly AdapterRecord[]>;
  /** By id or by name. */
  findAdapter(idOrName: string): Promise<AdapterRecord | undefined>;
  /** In the order of creation. */
  pageAdapters(query: AdapterQuery): Promise<Page<AdapterRecord>>;
  listCertificates(adapterId: string | undefined): Promise<readonly CertificateRecord[]>;
  /** By id or by name, within the adapter; an id wins. */
  findCertificate(adapterId: string, idOrName: string): Promise<CertificateRecord | undefined>;
  /** In the order of creation. */
  pageCertificates(adapterId: string, query: PageQuery): Promise<Page<CertificateRecord>>;
  listClientAuthorities(adapterId: string | undefined): Promise<readonly ClientAuthorityRecord[]>;
  /** By id or by name, within the adapter; an id wins. */
  findClientAuthority(
    adapterId: string,
    idOrName: string,
  ): Promise<ClientAuthorityRecord | undefined>;

  /** Root keys in every state, without standard keys. */
  listRootKeys(): Promise<readonly RootKeyRecord[]>;
  /** By id or by alias, a standard key as well; an id wins. */
  findRootKey(idOrAlias: string): Promise<DetailedRootKey | undefined>;
  /** In the order of their ids. */
  pageRootKeys(query: RootKeyQuery): Promise<Page<DetailedRootKey>>;
  /** Newest first. */
  pageRootKeyVersions(rootKeyId: string, query: PageQuery): Promise<Page<RootKeyVersion>>;

  /** Revoked ones too. */
  findApiKey(id: string): Promise<ApiKeyRecord | undefined>;
  listApiKeys(): Promise<readonly ApiKeyRecord[]>;

  /** Newest first, by `lastAt`. */
  listRefusedCertificates(query: PageQuery): Promise<Page<RefusedCertificateRecord>>;
  /** By its SHA-256 or SHA-1, in lower-case hex without colons. */
  findRefusedCertificate(fingerprint: string): Promise<RefusedCertificateRecord | undefined>;

  listEvents(query: EventQuery): Promise<readonly EventRecord[]>;
  /** Sequence of the newest event, 0 when there is none. */
  lastEventSequence(): Promise<number>;
  /** A named text that belongs to the installation, e.g. the instance id. */
  readSetting(name: string): Promise<string | undefined>;
  /** Sets it once; answers the value that stands (the older one when it was there). */
  initialiseSetting(name: string, value: string): Promise<string>;

  /**
   * Makes a unit durable. Units that wait while a commit is being made durable share the next one.
   *
   * @throws StoreError `overloaded` when too many units wait; `unavailable` when the database
   * refuses (disk full, I/O error, closed); `invalid`: nothing of the unit happened then. Only when
   * the database itself dies in the middle of a commit (`unavailable`), it may have happened.
   */
  commit(unit: UnitOfWork): Promise<CommitOutcome>;
  /** Finishes what was begun, then closes. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  /** Too many units wait for their commit. */
  | 'overloaded'
  /** The database refused the work, or is closed. */
  | 'unavailable'
  /** The data directory was written by a newer version. */
  | 'newer-version'
  /** The file is no database, or is damaged. */
  | 'corrupt'
  /** The file cannot be opened or created. */
  | 'cannot-open'
  /**
   * The caller asked for something that no store can do: a predicate nested too deeply, a number that
   * is not finite, a text with a zero character, an event id that is in the log already. Nothing
   * happened.
   */
  | 'invalid';

/** The one error of this package; `message` says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
