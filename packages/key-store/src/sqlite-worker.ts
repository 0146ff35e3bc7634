/**
 * The thread that holds one connection: the writer commits in groups, a reader answers reads.
 * Started by `worker-link.ts`.
 */
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { createGroupWriter } from './group-commit.ts';
import { type OpenDatabaseOptions, openForReading, openForWriting } from './open-database.ts';
import { createReadQueries, type ReadQueries } from './read-queries.ts';
import type { ReadStatementTexts } from './read-statements.ts';
import { createSnapshots } from './snapshots.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import {
  createReplyPack,
  type ReplyPack,
  type RequestMessage,
  unpackRequests,
} from './thread-messages.ts';
import { toStoreError } from './to-store-error.ts';
import {
  type MigrationMessage,
  type ReadCall,
  toPlainError,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
  type WriteRequest,
} from './worker-messages.ts';
import type { WriteStatementTexts } from './write-statements.ts';

/** A group that grows beyond either is committed before more joins it. */
const MAX_GROUP_UNITS = 512;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;

/** An answer waits no longer than this for others to travel with. */
const MAX_REPLY_DELAY_MS = 1;

type Serve = (requests: readonly WorkerRequest[]) => void;

function main(port: MessagePort, start: WorkerStart): void {
  let serve: Serve = () => port.close();
  port.on('message', (message: RequestMessage) => {
    const requests = unpackRequests(message);
    const [first] = requests;
    if (first?.call.kind !== 'open') return serve(requests);
    const { id } = first;
    try {
      serve = open(port, start);
      postReplies(port, [{ id, ok: true, value: undefined }]);
    } catch (cause) {
      postReplies(port, [failed(id, cause)]);
    }
  });
}

function open(port: MessagePort, start: WorkerStart): Serve {
  return start.role === 'writer'
    ? openWriter(port, start, start.statements)
    : openReader(port, start, start.statements);
}

function openReader(
  port: MessagePort,
  options: OpenDatabaseOptions,
  statements: ReadStatementTexts,
): Serve {
  const database = openForReading(options);
  const snapshots = createSnapshots(database);
  const queries = createReadQueries(database, statements, snapshots);
  return (requests) => {
    let replies = createReplyPack();
    let since = performance.now();
    let closing = false;
    const send = () => {
      snapshots.release();
      if (replies.size > 0) post(port, replies);
      replies = createReplyPack();
      since = performance.now();
    };
    for (const { id, call } of requests) {
      if (call.kind === 'close') closing = true;
      else if (call.kind === 'read') {
        try {
          // After each commit the connection forgets what it has read: one state for all spares them that.
          if (requests.length > 1) snapshots.hold();
          answer(replies, queries, id, call);
        } catch (cause) {
          snapshots.release(); // an I/O error may have ended it
          replies.add(failed(id, cause));
        }
      } else throw new Error(`A reader was asked to ${call.kind}.`);
      if (performance.now() - since >= MAX_REPLY_DELAY_MS) send();
    }
    send();
    if (closing) close(port, database);
  };
}

function openWriter(
  port: MessagePort,
  options: OpenDatabaseOptions,
  statements: WriteStatementTexts,
): Serve {
  const database = openForWriting(options, Date.now, (migration) => {
    port.postMessage({ migration } satisfies MigrationMessage);
  });
  const writer = createGroupWriter(database, statements);
  return (requests) => {
    const waiting = [...requests];
    while (waiting.length > 0) {
      const { group, closing } = takeGroup(port, waiting);
      if (group.length > 0) postReplies(port, writer.write(group));
      if (closing) return close(port, database);
    }
  };
}

/** Takes from everything that waits, here and in the port, up to the bounds of a group. */
function takeGroup(port: MessagePort, waiting: WorkerRequest[]) {
  const group: WriteRequest[] = [];
  let bytes = 0;
  let taken = 0;
  let closing = false;
  while (group.length < MAX_GROUP_UNITS && bytes < MAX_GROUP_BYTES) {
    if (taken === waiting.length) waiting.push(...nextRequests(port));
    const request = waiting[taken];
    if (request === undefined) break;
    taken += 1;
    const { id, call } = request;
    if (call.kind === 'close') {
      closing = true;
      break;
    }
    if (call.kind === 'open' || call.kind === 'read') {
      throw new Error(`The writer was asked to ${call.kind}.`);
    }
    group.push({ id, call });
    bytes += call.kind === 'commit' ? call.bytes : call.value.length;
  }
  waiting.splice(0, taken);
  return { group, closing };
}

function nextRequests(port: MessagePort): readonly WorkerRequest[] {
  // Only `worker-link.ts` posts to this port, and it posts nothing else.
  const received = receiveMessageOnPort(port) as { readonly message: RequestMessage } | undefined;
  return received === undefined ? [] : unpackRequests(received.message);
}

function answer(
  replies: ReplyPack,
  queries: ReadQueries,
  id: number,
  { name, args }: ReadCall,
): void {
  // `read` in `sqlite-store.ts` lets only those arguments through that belong to the name.
  if (name === 'readObject') {
    const object = queries.readObject(...(args as Parameters<ReadQueries['readObject']>));
    if (object === undefined) replies.add({ id, ok: true, value: object });
    else replies.addObject(id, object);
    return;
  }
  const read = queries[name] as (...args: readonly unknown[]) => unknown;
  replies.add({ id, ok: true, value: read(...args) });
}

function failed(id: number, cause: unknown): WorkerReply {
  return { id, ok: false, error: toPlainError(toStoreError(cause)) };
}

function postReplies(port: MessagePort, replies: readonly WorkerReply[]): void {
  const pack = createReplyPack();
  for (const reply of replies) pack.add(reply);
  post(port, pack);
}

function post(port: MessagePort, replies: ReplyPack): void {
  const { message, buffers } = replies.seal();
  port.postMessage(message, buffers);
}

function close(port: MessagePort, database: SqliteDatabase): void {
  database.close();
  // Nothing else keeps the thread alive: it ends, which is the answer.
  port.close();
}

if (parentPort !== null) {
  // `worker-link.ts` is the only one that starts this file.
  main(parentPort, workerData as WorkerStart);
}
