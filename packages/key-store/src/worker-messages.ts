/** What the store and its worker threads say to each other; plain data that can be cloned. */
import { type KeyStore, StoreError, type StoreErrorCode, type UnitOfWork } from './store.ts';

/** `workerData` of a worker. */
export interface WorkerStart {
  readonly role: 'writer' | 'reader';
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly maxBytes: number | undefined;
}

/** The reads of the interface, each with its arguments. */
export type ReadName =
  | 'readObject'
  | 'locateObjects'
  | 'listObjects'
  | 'findPrincipal'
  | 'listAdapters'
  | 'findAdapter'
  | 'listCertificates'
  | 'listRootKeys'
  | 'listEvents'
  | 'lastEventSequence'
  | 'readSetting';

export type ReadCall = {
  readonly [N in ReadName]: {
    readonly kind: 'read';
    readonly name: N;
    readonly args: Parameters<KeyStore[N]>;
  };
}[ReadName];

export type WriteCall =
  /** `bytes` is an estimate of the unit's size, which bounds a group. */
  | { readonly kind: 'commit'; readonly unit: UnitOfWork; readonly bytes: number }
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

/** A message of a worker: replies that travel together, such as those of one transaction. */
export type WorkerMessage = readonly WorkerReply[];

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
