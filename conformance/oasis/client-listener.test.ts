import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { request } from '../ttlv-request.ts';
import { type ClientListener, listenForServer } from './client-listener.ts';
import { ConnectionError, connectTls, type Identity } from './connection.ts';
import { anIdentity } from './tls-identity.fixtures.ts';

const NOTIFY = request([1, 4], 'Notify');
const PATIENCE_MS = 20_000;

let client: Identity;
let server: Identity;
let listener: ClientListener;

beforeEach(async () => {
  client = await anIdentity('the client');
  server = await anIdentity('the server');
  listener = await listenForServer(client, server.cert);
});

afterEach(() => listener.close());

const connectAs = (identity: Identity) =>
  connectTls({ host: '127.0.0.1', port: listener.port, ca: client.cert }, identity);

it('gives the connection that the server makes, before it is asked for or after', async () => {
  const waiting = listener.accept(PATIENCE_MS);
  const first = await connectAs(server);
  first.send(NOTIFY);
  const accepted = await waiting;
  expect(await accepted.receive(PATIENCE_MS)).toEqual(NOTIFY);
  accepted.send(NOTIFY);
  expect(await first.receive(PATIENCE_MS)).toEqual(NOTIFY);
  expect(await listener.accept(PATIENCE_MS)).toBe(accepted);
});

it('gives the newest of several', async () => {
  await connectAs(server);
  const before = await listener.accept(PATIENCE_MS);
  const second = await connectAs(server);
  second.send(NOTIFY);
  const isNewest = async () => (await listener.accept(PATIENCE_MS)) !== before;
  await expect.poll(isNewest, { timeout: PATIENCE_MS }).toBe(true);
  expect(await (await listener.accept(PATIENCE_MS)).receive(PATIENCE_MS)).toEqual(NOTIFY);
});

it('says so when no server comes in time', async () => {
  await expect(listener.accept(10)).rejects.toThrow(
    new ConnectionError('the server did not connect within 10 ms'),
  );
});

it('takes nobody whose certificate it does not trust', async () => {
  const stranger = await anIdentity('a stranger');
  const socket = connect({ host: '127.0.0.1', port: listener.port, ca: client.cert, ...stranger });
  socket.on('error', () => {}); // how it is told differs between versions of TLS
  await once(socket, 'close');
  await expect(listener.accept(10)).rejects.toBeInstanceOf(ConnectionError);
});
