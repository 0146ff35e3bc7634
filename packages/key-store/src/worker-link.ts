/** The store's end of a worker thread: starts it, pairs replies with calls, notices its death. */
import { Worker } from 'node:worker_threads';
import type { MigrationProgress } from './migrate.ts';
import { StoreError } from './store.ts';
import { packRequests, type ReplyMessage, unpackReplies } from './thread-messages.ts';
import {
  fromPlainError,
  type MigrationMessage,
  type WorkerCall,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
} from './worker-messages.ts';

export interface WorkerLink {
  /** Rejects with StoreError; `unavailable` when the thread is gone. The first call is `open`. */
  call(call: Exclude<WorkerCall, { readonly kind: 'close' }>): Promise<unknown>;
  /**
   * Lets the thread finish what it was given; resolves when it has ended.
   *
   * @param reason - With what further calls are rejected; by default that the store is closed.
   */
  close(reason?: StoreError): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

export type StartWorker = typeof startWorker;

/**
 * @param onDeath - Called when the thread ends without having been closed, after its calls were rejected.
 * @param onReplies - Called with the number of replies that came together, before calls learn of them:
 * those of a writer are one group.
 * @param onMigration - Told how far a long migration is.
 */
export function startWorker(
  start: WorkerStart,
  onDeath: (error: StoreError) => void,
  onReplies: (count: number) => void = () => {},
  onMigration: (progress: MigrationProgress) => void = () => {},
): WorkerLink {
  const worker = spawn(start);
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  /** Calls of this turn of the event loop: posted together, since each message costs as much as they do. */
  let unsent: WorkerRequest[] = [];
  /** Why there are no more calls. */
  let ending: StoreError | undefined;
  let fatal: unknown;

  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      const unexpected = ending === undefined;
      const reason = ending ?? died(fatal);
      ending = reason;
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
      if (unexpected) onDeath(reason);
      resolve();
    });
  });
  worker.on('error', (error) => {
    fatal = error;
  });
  worker.on('message', (message: ReplyMessage | MigrationMessage) => {
    if ('migration' in message) return onMigration(message.migration);
    const replies = unpackReplies(message);
    onReplies(replies.length);
    replies.forEach(settle);
  });

  function settle(reply: WorkerReply): void {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) call?.resolve(reply.value);
    else call?.reject(fromPlainError(reply.error));
  }

  function post(request: WorkerRequest): void {
    if (unsent.length === 0) setImmediate(flush);
    unsent.push(request);
  }

  function flush(): void {
    if (unsent.length === 0) return;
    const requests = unsent;
    unsent = [];
    try {
      worker.postMessage(packRequests(requests));
    } catch (cause) {
      // What cannot be cloned was made by this package: none of the calls has reached the thread.
      const reason = new StoreError('unavailable', 'A call of the key store could not be sent.', {
        cause,
      });
      for (const { id } of requests) {
        waiting.get(id)?.reject(reason);
        waiting.delete(id);
      }
    }
  }

  return {
    call: async (call) => {
      if (ending !== undefined) throw ending;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        post({ id, call });
      });
    },
    close: async (reason = closedError()) => {
      if (ending === undefined) {
        ending = reason;
        post({ id: 0, call: { kind: 'close' } });
        flush();
      }
      await ended;
    },
  };
}

/**
 * From `dist` the worker is plain JavaScript, and Node 22.18 and later run the source as it is. For an
 * older Node a first line registers tsx: a worker does not inherit the loader of its parent.
 */
function spawn(start: WorkerStart): Worker {
  // node:sqlite calls itself experimental on stderr, which is no news for the operator.
  const options = { workerData: start, execArgv: ['--disable-warning=ExperimentalWarning'] };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = new URL(`./sqlite-worker.${extension}`, import.meta.url);
  return new Worker(extension === 'js' || stripsTypes() ? script : withTsx(script), options);
}

function stripsTypes(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}

function withTsx(script: URL): URL {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const bootstrap = `import { register } from ${tsx}; register(); await import(${JSON.stringify(script.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(bootstrap)}`);
}

export function closedError(): StoreError {
  return new StoreError('unavailable', 'The key store is closed.');
}

function died(cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : 'it ended';
  return new StoreError(
    'unavailable',
    `A thread of the key store stopped (${reason}). The store stays closed: restart the process.`,
    { cause },
  );
}
