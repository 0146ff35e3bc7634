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
import type { SqliteDatabase } from './sqlite-driver.ts';
import { toStoreError } from './to-store-error.ts';
import {
  type ReadCall,
  toPlainError,
  type WorkerMessage,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
  type WriteRequest,
} from './worker-messages.ts';
import type { WriteStatementTexts } from './write-statements.ts';

/** A group that grows beyond either is committed before more joins it. */
const MAX_GROUP_UNITS = 512;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;

type Serve = (request: WorkerRequest) => void;

function main(port: MessagePort, start: WorkerStart): void {
  let serve: Serve = () => port.close();
  port.on('message', (request: WorkerRequest) => {
    if (request.call.kind !== 'open') return serve(request);
    const { id } = request;
    try {
      serve = open(port, start);
      post(port, [{ id, ok: true, value: undefined }]);
    } catch (cause) {
      post(port, [{ id, ok: false, error: toPlainError(toStoreError(cause)) }]);
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
  const queries = createReadQueries(database, statements);
  return ({ id, call }) => {
    if (call.kind === 'close') return close(port, database);
    if (call.kind !== 'read') throw new Error(`A reader was asked to ${call.kind}.`);
    post(port, [answer(queries, id, call)]);
  };
}

function openWriter(
  port: MessagePort,
  options: OpenDatabaseOptions,
  statements: WriteStatementTexts,
): Serve {
  const database = openForWriting(options, Date.now);
  const writer = createGroupWriter(database, statements);
  return (first) => {
    const { group, closing } = takeGroup(port, first);
    if (group.length > 0) post(port, writer.write(group));
    if (closing) close(port, database);
  };
}

/** Everything that waits, up to the bounds of a group. */
function takeGroup(port: MessagePort, first: WorkerRequest) {
  const group: WriteRequest[] = [];
  let bytes = 0;
  let request: WorkerRequest | undefined = first;
  while (request !== undefined) {
    const { id, call } = request;
    if (call.kind === 'close') return { group, closing: true };
    if (call.kind === 'open' || call.kind === 'read') {
      throw new Error(`The writer was asked to ${call.kind}.`);
    }
    group.push({ id, call });
    bytes += call.kind === 'commit' ? call.bytes : call.value.length;
    const full = group.length >= MAX_GROUP_UNITS || bytes >= MAX_GROUP_BYTES;
    request = full ? undefined : nextRequest(port);
  }
  return { group, closing: false };
}

function nextRequest(port: MessagePort): WorkerRequest | undefined {
  // Only `worker-link.ts` posts to this port, and it posts nothing else.
  const received = receiveMessageOnPort(port) as { readonly message: WorkerRequest } | undefined;
  return received?.message;
}

function answer(queries: ReadQueries, id: number, call: ReadCall): WorkerReply {
  try {
    return { id, ok: true, value: perform(queries, call) };
  } catch (cause) {
    return { id, ok: false, error: toPlainError(toStoreError(cause)) };
  }
}

function perform(queries: ReadQueries, { name, args }: ReadCall): unknown {
  // `read` in `sqlite-store.ts` lets only those arguments through that belong to the name.
  const read = queries[name] as (...args: readonly unknown[]) => unknown;
  return read(...args);
}

function post(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message);
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
