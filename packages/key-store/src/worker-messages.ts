/** What the store and its worker threads say to each other; how it travels: `thread-messages.ts`. */
import type { MigrationProgress } from './migrate.ts';
import type { OpenDatabaseOptions } from './open-database.ts';
import type { BoundQuery } from './prepared-statement.ts';
import type { ReadQueries } from './read-queries.ts';
import type { ReadStatementTexts } from './read-statements.ts';
import { StoreError, type StoreErrorCode } from './store.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { WriteStatementTexts } from './write-statements.ts';

/** `workerData` of a worker: its connection, and what it is going to say to it. */
export type WorkerStart = OpenDatabaseOptions &
  (
    | { readonly role: 'writer'; readonly statements: WriteStatementTexts }
    | { readonly role: 'reader'; readonly statements: ReadStatementTexts }
  );

export type ReadName = keyof ReadQueries;

export interface ReadCall {
  readonly kind: 'read';
  readonly name: ReadName;
  /** Those of the method `name` of `ReadQueries`. */
  readonly args: readonly unknown[];
}

export type WriteCall =
  /** `bytes` is an estimate of the unit's size, which bounds a group. */
  | {
      readonly kind: 'commit';
      readonly unit: UnitOfWork;
      readonly bytes: number;
      /** What `compileObstacles` wrote. */
      readonly obstacles: ReadonlyMap<number, BoundQuery> | undefined;
    }
  | { readonly kind: 'initialise-setting'; readonly name: string; readonly value: string };

export type WorkerCall =
  /** The first call: threads start side by side, and open one after the other. */
  | { readonly kind: 'open' }
  | ReadCall
  | WriteCall
  /** The last call; it has no reply, the thread ends. */
  | { readonly kind: 'close' };

/** The id is given by the store; the reply has it too. */
export interface WorkerRequest<C extends WorkerCall = WorkerCall> {
  readonly id: number;
  readonly call: C;
}

export type WriteRequest = WorkerRequest<WriteCall>;

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PlainStoreError };

/** What the writer says while it opens: how far a long migration is. */
export interface MigrationMessage {
  readonly migration: MigrationProgress;
}

/** A StoreError without its prototype, which does not survive the way between threads. */
export interface PlainStoreError {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export function toPlainError(error: StoreError): PlainStoreError {
  return { code: error.code, message: error.message };
}

export function fromPlainError(error: PlainStoreError): StoreError {
  return new StoreError(error.code, error.message);
}
