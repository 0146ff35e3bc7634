import { OPERATIONS, TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { expect, it } from 'vitest';
import { request } from '../ttlv-request.ts';
import { clearAway } from './clear-away.ts';
import { ConnectionError } from './connection.ts';
import { itemsOf } from './test-case.ts';

const ANSWER = request([1, 2], 'Query'); // what it is, is not looked at

/** A server that notes operation and identifier of what it is sent. */
function createServer(answer: () => Promise<Uint8Array> = async () => ANSWER) {
  const seen: string[] = [];
  const connected: string[] = [];
  let isClosed = false;
  return {
    seen,
    connected,
    isClosed: () => isClosed,
    async connect(client: string) {
      connected.push(client);
      return {
        send(message: Uint8Array) {
          const [batchItem] = itemsOf(decodeTtlv(message), TAGS.BatchItem);
          const [operation] = batchItem === undefined ? [] : itemsOf(batchItem, TAGS.Operation);
          const [payload] = batchItem === undefined ? [] : itemsOf(batchItem, TAGS.RequestPayload);
          const [id] = payload === undefined ? [] : itemsOf(payload, TAGS.UniqueIdentifier);
          seen.push(`${operation?.value} ${id?.value}`);
        },
        receive: answer,
        close() {
          isClosed = true;
        },
      };
    },
  };
}

it('revokes and destroys each object, as the first client', async () => {
  const server = createServer();
  await clearAway(['a', 'b'], server, 1000);
  const { Destroy, Revoke } = OPERATIONS;
  expect(server.seen).toEqual(
    ['a', 'b'].flatMap((id) => [`${Revoke.value} ${id}`, `${Destroy.value} ${id}`]),
  );
  expect(server.connected).toEqual(['A']);
  expect(server.isClosed()).toBe(true);
});

it('asks nobody where nothing is left', async () => {
  const server = createServer();
  await clearAway([], server, 1000);
  expect(server.connected).toEqual([]);
});

it('leaves what a server that is gone has', async () => {
  const server = createServer(async () => {
    throw new ConnectionError('the server closed the connection');
  });
  await clearAway(['a', 'b'], server, 1000);
  expect(server.seen).toHaveLength(1);
  expect(server.isClosed()).toBe(true);
});

it('hides no fault of its own', async () => {
  const server = createServer(async () => {
    throw new TypeError('a fault');
  });
  await expect(clearAway(['a'], server, 1000)).rejects.toBeInstanceOf(TypeError);
  expect(server.isClosed()).toBe(true);
});
