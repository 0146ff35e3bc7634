import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../ttlv-request.ts';
import { type CaseConnection, ConnectionError, type Identity } from './connection.ts';
import { type ContentType, connectHttps } from './https-connection.ts';
import { anIdentity, portOf } from './tls-identity.fixtures.ts';

const QUERY = request([1, 4], 'Query');
const ANSWER_MS = 20_000;

let server: Server;
let own: Identity;
let client: Identity;
let connection: CaseConnection;

beforeAll(async () => {
  own = await anIdentity('the server');
  client = await anIdentity('the client');
});

afterEach(async () => {
  connection.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

type Serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

async function connectTo(contentType: ContentType, serve: Serve): Promise<void> {
  server = createServer({ ...own, ca: client.cert, requestCert: true }, (asked, response) => {
    void buffer(asked).then((body) => serve(asked, body, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: portOf(server), ca: own.cert };
  connection = connectHttps(address, client, contentType);
}

function headersOf(body: Uint8Array, more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  const all = {
    'content-type': 'application/octet-stream',
    'content-length': body.byteLength,
    'cache-control': 'no-cache',
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

it.each<ContentType>(['application/octet-stream', 'text/xml', 'application/json'])(
  'posts messages as %s, and reads the answers as that',
  async (contentType) => {
    const seen: (string | undefined)[] = [];
    await connectTo(contentType, ({ method, url, headers }, body, response) => {
      seen.push(method, url, headers['content-type']);
      response.writeHead(200, headersOf(body, { 'content-type': contentType })).end(body);
    });
    connection.send(QUERY);
    expect(await connection.receive(ANSWER_MS)).toEqual(QUERY);
    expect(seen).toEqual(['POST', '/kmip', contentType]);
  },
);

describe('what a server has to say beside the message (§2.5)', () => {
  it.each<[string, number, OutgoingHttpHeaders, string]>([
    ['another status', 403, {}, 'the status 403'],
    ['another content type', 200, { 'content-type': 'text/html' }, 'Content-Type text/html'],
    ['no content type', 200, { 'content-type': undefined }, 'Content-Type undefined'],
    ['no length', 200, { 'content-length': undefined }, 'no Content-Length'],
    ['nothing of caches', 200, { 'cache-control': undefined }, 'no Cache-Control'],
  ])('is missed: %s', async (_, status, headers, words) => {
    await connectTo('application/octet-stream', (_asked, body, response) => {
      response.writeHead(status, headersOf(body, headers)).end(body);
    });
    connection.send(QUERY);
    await expect(connection.receive(ANSWER_MS)).rejects.toThrow(words);
  });

  it('is told in the words of the server when it refuses', async () => {
    await connectTo('application/octet-stream', (_asked, _body, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('byte 8 is wrong\n');
    });
    connection.send(QUERY);
    await expect(connection.receive(ANSWER_MS)).rejects.toThrow('the status 400: byte 8 is wrong');
  });
});

it('says so when the body is no KMIP', async () => {
  const body = new TextEncoder().encode('hello');
  await connectTo('application/octet-stream', (_asked, _body, response) => {
    response.writeHead(200, headersOf(body)).end(body);
  });
  connection.send(QUERY);
  await expect(connection.receive(ANSWER_MS)).rejects.toThrow('no KMIP message');
});

it('gives up waiting for an answer after its time', async () => {
  await connectTo('application/octet-stream', () => {});
  connection.send(QUERY);
  await expect(connection.receive(10)).rejects.toThrow('no answer within 10 ms');
});

it('says so when the connection breaks', async () => {
  await connectTo('application/octet-stream', ({ socket }) => socket.destroy());
  connection.send(QUERY);
  await expect(connection.receive(ANSWER_MS)).rejects.toBeInstanceOf(ConnectionError);
});

it('has no server that asks', async () => {
  await connectTo('application/octet-stream', () => {});
  await expect(connection.receive(ANSWER_MS)).rejects.toThrow('a server does not ask by HTTPS');
});
