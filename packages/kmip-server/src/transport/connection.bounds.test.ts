import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ProcessedMessage } from '../batch/process-message.ts';
import { createCollectingLog } from '../collecting-log.fixtures.ts';
import { aMessage } from '../messages.fixtures.ts';
import { QUERY } from '../requests.fixtures.ts';
import { type ConnectionOptions, serveConnection } from './connection.ts';

const REQUEST = aMessage('1.4', [QUERY]);

/** A connection over a pair of streams, whose requests wait until the test answers them. */
function start(limits: Partial<ConnectionOptions['limits']> = {}) {
  const [client, socket]: Duplex[] = duplexPair();
  if (client === undefined || socket === undefined) throw new Error('There is no pair.');
  const waiting: ((processed: ProcessedMessage) => void)[] = [];
  const requests: Uint8Array[] = [];
  let seen = 0;
  const connection = serveConnection({
    socket,
    limits: {
      maxMessageBytes: 1024 * 1024,
      maxQueuedRequests: 64,
      idleTimeoutMs: 10_000,
      writeTimeoutMs: 10_000,
      ...limits,
    },
    log: createCollectingLog(),
    process(request) {
      seen++;
      requests.push(request);
      return new Promise((resolve) => waiting.push(resolve));
    },
    processUnreadable: async () => ({ kind: 'close', reason: 'no KMIP' }),
    onCertificateRemoved() {},
  });
  return {
    client,
    socket,
    connection,
    requests,
    seen: () => seen,
    /** Answers the request that has waited longest. */
    answer(bytes: Uint8Array) {
      waiting.shift()?.({ kind: 'answer', bytes });
    },
  };
}

/** Sends requests one by one; answers how many of them the connection took in. */
async function countTaken(client: Duplex, socket: Duplex, count: number): Promise<number> {
  let taken = 0;
  for (; taken < count && !socket.isPaused(); taken++) {
    client.write(Uint8Array.from(REQUEST));
    await sleep(1);
  }
  return taken;
}

describe('a connection whose requests are not answered', () => {
  it('takes in one in work and as many as may wait, then reads no further', async () => {
    const { client, socket, seen } = start({ maxQueuedRequests: 3 });
    expect(await countTaken(client, socket, 20)).toBe(4);
    expect(seen()).toBe(1);
    socket.destroy();
  });

  it('takes in no more bytes than one message may have, then reads no further', async () => {
    const { client, socket } = start({ maxMessageBytes: 2 * REQUEST.byteLength });
    expect(await countTaken(client, socket, 20)).toBe(3);
    socket.destroy();
  });

  it('reads on when they are', async () => {
    const { client, socket, answer, seen } = start({ maxQueuedRequests: 1 });
    client.resume();
    for (let sent = 0; sent < 3; sent++) client.write(Uint8Array.from(REQUEST));
    for (let answered = 1; answered <= 3; answered++) {
      await vi.waitUntil(() => seen() === answered);
      answer(new Uint8Array(8));
    }
    await vi.waitUntil(() => !socket.isPaused());
    socket.destroy();
  });
});

describe('a request', () => {
  it('is wiped when it has been worked on, and no other that came with it', async () => {
    const { client, socket, answer, requests } = start();
    client.resume();
    client.write(Uint8Array.from([...REQUEST, ...REQUEST]));
    await vi.waitUntil(() => requests.length === 1);
    expect(requests).toEqual([REQUEST]);
    answer(new Uint8Array(8));
    await vi.waitUntil(() => requests.length === 2);
    expect(requests).toEqual([new Uint8Array(REQUEST.byteLength), REQUEST]);
    socket.destroy();
  });
});

describe('an answer', () => {
  it('is wiped when it has been sent', async () => {
    const { client, socket, answer } = start();
    const received = new Promise<Uint8Array>((resolve) => client.once('data', resolve));
    client.write(Uint8Array.from(REQUEST));
    await sleep(5);
    const bytes = new Uint8Array(64).fill(7);
    const copies: Uint8Array[] = [];
    socket.write = intercept(socket.write.bind(socket), copies);
    answer(bytes);
    await received;
    await vi.waitUntil(() => bytes.every((byte) => byte === 0));
    expect(copies).toEqual([new Uint8Array(64).fill(7)]);
    socket.destroy();
  });

  it('is wiped when there is nobody to send it to', async () => {
    const { client, connection, socket, answer } = start();
    client.write(Uint8Array.from(REQUEST));
    await sleep(5);
    socket.destroy();
    const bytes = new Uint8Array(64).fill(7);
    answer(bytes);
    await connection.done;
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

/** Keeps what is written, as it is at the time. */
function intercept(write: Duplex['write'], copies: Uint8Array[]): Duplex['write'] {
  return (chunk: Uint8Array, ...rest: never[]) => {
    copies.push(new Uint8Array(chunk));
    return write(new Uint8Array(chunk), ...rest);
  };
}

it('a connection is done when its socket is closed and its work has ended', async () => {
  const { client, connection, socket, answer } = start();
  client.write(Uint8Array.from(REQUEST));
  await sleep(5);
  let isDone = false;
  const done = connection.done.then(() => {
    isDone = true;
  });
  socket.destroy();
  await sleep(5);
  expect(isDone).toBe(false);
  answer(new Uint8Array(8));
  await done;
});
