/**
 * The interface of the store. What is kept: `records.ts` and `management-records.ts`; how it changes:
 * `unit-of-work.ts`.
 *
 * The store knows nothing of KMIP: attributes are opaque bytes beside the index entries that the
 * caller derives from them, and material arrives sealed. Every write is a unit of work: guards,
 * changes and audit events that become durable together or not at all.
 */
import type { EventPage, EventSearch } from './event-search.ts';
import type { CheckpointQuery, CheckpointRecord, LogExtent, SinkCursor } from './log-records.ts';
import type {
  AdapterQuery,
  ApiKeyRecord,
  AuthorityPrincipalRecord,
  ClientAuthorityRecord,
  CredentialRecord,
  DetailedRootKey,
  ObjectSummary,
  ObjectSummaryQuery,
  Page,
  PageQuery,
  RefusedCertificateRecord,
  RootKeyQuery,
  RootKeyVersion,
} from './management-records.ts';
import type { QueuedRequestRecord, QueuedRequestSummary } from './queued-requests.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  EventQuery,
  EventRecord,
  LocateQuery,
  LocateResult,
  ObjectRecord,
  PrincipalRecord,
  RootKeyRecord,
  StoredObject,
} from './records.ts';
import type { CommitOutcome, UnitOfWork } from './unit-of-work.ts';

/**
 * Reads see every commit that was acknowledged before they began. What they answer is the caller's
 * own. Lists without a page are in the order of creation, oldest first.
 */
export interface KeyStore {
  /** Its bytes may be views of a buffer that holds more. */
  readObject(adapterId: string, id: string): Promise<StoredObject | undefined>;
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

  listCredentials(adapterId: string): Promise<readonly CredentialRecord[]>;
  /** By id or by name, within the adapter; an id wins. */
  findCredential(adapterId: string, idOrName: string): Promise<CredentialRecord | undefined>;
  findCredentialOfIdentity(
    adapterId: string,
    identity: string,
  ): Promise<CredentialRecord | undefined>;

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
  /** @throws StoreError `invalid` for a search out of bounds. */
  queryEvents(search: EventSearch): Promise<EventPage>;
  findEvent(id: string): Promise<EventRecord | undefined>;
  readLogExtent(): Promise<LogExtent>;
  /** Leaf hashes of 32 bytes each, one after the other; fewer than `count` where the log ends. */
  leafHashes(fromSequence: number, count: number): Promise<Uint8Array>;
  /** In the order of their sizes. They are made by the change `append-checkpoint`. */
  listCheckpoints(query: CheckpointQuery): Promise<readonly CheckpointRecord[]>;
  newestCheckpoint(): Promise<CheckpointRecord | undefined>;
  readSinkCursor(name: string): Promise<SinkCursor | undefined>;
  /** By name. */
  listSinkCursors(): Promise<readonly SinkCursor[]>;
  /**
   * Says that the sink `name` was served up to and with the event `sequence`.
   *
   * @param updatedAt - Milliseconds since the epoch.
   * @throws StoreError as `commit`.
   */
  writeSinkCursor(name: string, sequence: number, updatedAt: number): Promise<void>;
  readQueuedRequest(adapterId: string, id: string): Promise<QueuedRequestRecord | undefined>;
  /** All that are kept, in the order in which they were accepted. */
  listQueuedRequests(adapterId: string): Promise<readonly QueuedRequestSummary[]>;
  /** Those of every adapter that wait, in the order in which they were accepted. */
  listWaitingRequests(): Promise<readonly QueuedRequestSummary[]>;
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
