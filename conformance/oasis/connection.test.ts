import { once } from 'node:events';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { request } from '../ttlv-request.ts';
import { type CaseConnection, ConnectionError, connectTls, type Identity } from './connection.ts';
import { anIdentity, portOf } from './tls-identity.fixtures.ts';

const QUERY = request([1, 4], 'Query');
const ANSWER_MS = 20_000;

let server: Server;
let own: Identity;
let client: Identity;
const connections: CaseConnection[] = [];
const sockets: TLSSocket[] = [];

beforeAll(async () => {
  own = await anIdentity('the server');
  client = await anIdentity('the client');
});

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

/** Connects to a server that does this with each connection. */
async function connectTo(serve: (socket: TLSSocket) => void): Promise<CaseConnection> {
  const { host, port } = await listen(serve);
  const connection = await connectTls({ host, port, ca: own.cert }, client);
  connections.push(connection);
  return connection;
}

async function listen(serve: (socket: TLSSocket) => void) {
  server = createServer({ ...own, ca: client.cert, requestCert: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {}); // the client may hang up
    serve(socket);
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: portOf(server) };
}

it('sends messages, and gives back whole ones, in whatever pieces they come', async () => {
  const connection = await connectTo((socket) => {
    socket.once('data', () => {
      const both = Buffer.concat([QUERY, QUERY]);
      socket.write(both.subarray(0, 5));
      setImmediate(() => socket.write(both.subarray(5)));
    });
  });
  connection.send(QUERY);
  expect(await connection.receive(ANSWER_MS)).toEqual(QUERY);
  expect(await connection.receive(ANSWER_MS)).toEqual(QUERY);
});

it('shows its certificate', async () => {
  let isKnown: boolean | undefined;
  const connection = await connectTo((socket) => {
    isKnown = socket.authorized;
    socket.write(QUERY);
  });
  await connection.receive(ANSWER_MS);
  expect(isKnown).toBe(true);
});

it('gives up waiting for an answer after its time', async () => {
  const connection = await connectTo(() => {});
  await expect(connection.receive(10)).rejects.toThrow('no answer within 10 ms');
});

it('gives what came before the server closed, and then says that it did', async () => {
  const connection = await connectTo((socket) => socket.end(QUERY));
  expect(await connection.receive(ANSWER_MS)).toEqual(QUERY);
  await expect(connection.receive(ANSWER_MS)).rejects.toThrow(
    new ConnectionError('the server closed the connection'),
  );
  expect(() => connection.send(QUERY)).toThrow(ConnectionError);
});

it('says so when what comes is no KMIP', async () => {
  const connection = await connectTo((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await expect(connection.receive(ANSWER_MS)).rejects.toThrow('no KMIP message');
});

it('trusts the given authority only', async () => {
  const { host, port } = await listen(() => {});
  const stranger = { host, port, ca: client.cert };
  await expect(connectTls(stranger, client)).rejects.toBeInstanceOf(ConnectionError);
});

it('says where nobody listens', async () => {
  const { host, port } = await listen(() => {});
  server.close();
  await once(server, 'close');
  const address = { host, port, ca: own.cert };
  await expect(connectTls(address, client)).rejects.toThrow(`127.0.0.1:${port}: `);
  server = createServer(own).listen(0, '127.0.0.1'); // for what ends every test
  await once(server, 'listening');
});
