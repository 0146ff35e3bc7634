export type { Distribution } from './distribution.ts';
export {
  type EventPage,
  type EventSearch,
  MAX_EXAMINED_EVENTS,
  MAX_SEARCH_LIMIT,
} from './event-search.ts';
export { type HeldLock, holdLock } from './hold-lock.ts';
export type {
  CheckpointQuery,
  CheckpointRecord,
  LogExtent,
  SinkCursor,
} from './log-records.ts';
export {
  type AdapterQuery,
  type ApiKeyRecord,
  type Attribution,
  type AuthorityPrincipalRecord,
  type ClientAuthorityRecord,
  type CredentialRecord,
  type DetailedRootKey,
  MAX_REFUSED_CERTIFICATES,
  type NewRootKeyDetails,
  type ObjectSummary,
  type ObjectSummaryQuery,
  type Page,
  type PageQuery,
  type RefusedCertificateRecord,
  type RootKeyQuery,
  type RootKeyVersion,
} from './management-records.ts';
export { matchesPredicate } from './matches-predicate.ts';
export type { MigrationProgress } from './migrate.ts';
export {
  MAX_ENDED_REQUESTS,
  type NewQueuedRequest,
  type QueuedRequestRecord,
  type QueuedRequestSummary,
  type QueueStage,
} from './queued-requests.ts';
export type {
  AdapterRecord,
  CertificateRecord,
  EventQuery,
  EventRecord,
  IndexEntry,
  IndexValue,
  LocateQuery,
  LocateResult,
  NewEvent,
  ObjectRecord,
  Predicate,
  PrincipalRecord,
  RootKeyRecord,
  RootKeyState,
  StoredObject,
} from './records.ts';
export {
  openSqliteKeyStore,
  type SqliteKeyStore,
  type SqliteKeyStoreOptions,
  type SqliteStoreStatistics,
} from './sqlite-store.ts';
export { type KeyStore, StoreError, type StoreErrorCode } from './store.ts';
export type { Change, CommitOutcome, Guard, UnitOfWork } from './unit-of-work.ts';
