import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, makeTestCertificate, type TestCertificate } from './certificate.fixtures.ts';
import { createKmipClient, type KmipClient } from './client.ts';
import type { KmipClientOptions } from './options.ts';
import { aResponse, aSuccess } from './response.fixtures.ts';
import { type ReceivedRequest, startTestServer, type TestServer } from './server.fixtures.ts';

describe.skipIf(!hasOpenssl())('the transport (needs openssl)', () => {
  let certificate: TestCertificate;
  let server: TestServer;
  const clients: KmipClient[] = [];

  beforeAll(() => {
    certificate = makeTestCertificate('localhost');
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.close();
  });

  async function setUp(
    onRequest: (request: ReceivedRequest) => void,
    options: Partial<KmipClientOptions> = {},
  ): Promise<KmipClient> {
    server = await startTestServer(certificate, onRequest);
    const { cert, key } = certificate;
    const client = createKmipClient({
      host: '127.0.0.1',
      port: server.port,
      tls: { ca: cert, cert, key },
      requestTimeoutMs: 5000,
      ...options,
    });
    clients.push(client);
    return client;
  }

  /** The answer to a request for one operation on an object. */
  function answerTo({ items, version }: ReceivedRequest): Uint8Array {
    const [item] = items;
    if (item?.operation !== 'Destroy' && item?.operation !== 'GetAttributes') {
      throw new Error('These tests destroy and read attributes only');
    }
    const uniqueIdentifier = item.payload.uniqueIdentifier ?? '';
    return aResponse(version, [
      item.operation === 'Destroy'
        ? aSuccess(version, 'Destroy', { uniqueIdentifier }, item.id)
        : aSuccess(version, 'GetAttributes', { uniqueIdentifier, attributes: [] }, item.id),
    ]);
  }
  const respond = (request: ReceivedRequest) => request.socket.write(answerTo(request));
  const objectsAskedFor = () => server.requests.map(({ items: [item] }) => askedFor(item));
  const askedFor = (item: ReceivedRequest['items'][number] | undefined) =>
    item !== undefined && 'uniqueIdentifier' in item.payload && item.payload.uniqueIdentifier;
  const read = (client: KmipClient, id = 'a') => client.getAttributes(id);

  describe('connections', () => {
    it('are opened with the first request only, and kept', async () => {
      const client = await setUp(respond);
      expect(server.connectionCount()).toBe(0);
      await read(client);
      await read(client);
      expect(server.connectionCount()).toBe(1);
    });

    it('are opened as needed, up to maxConnections', async () => {
      const waiting: ReceivedRequest[] = [];
      const client = await setUp((request) => waiting.push(request), { maxConnections: 2 });
      const answers = ['a', 'b', 'c'].map((id) => read(client, id));
      await until(() => waiting.length === 2);
      expect(new Set(waiting.map(({ connection }) => connection)).size).toBe(2);
      for (const request of waiting.splice(0)) respond(request);
      await until(() => waiting.length === 1);
      for (const request of waiting.splice(0)) respond(request);
      await Promise.all(answers);
      expect(server.connectionCount()).toBe(2);
    });

    it('are opened anew after the server closed an idle one', async () => {
      const client = await setUp(respond);
      await read(client);
      const closed = new Promise((resolve) => server.requests[0]?.socket.once('close', resolve));
      server.requests[0]?.socket.end();
      await closed;
      await expect(client.destroy('a')).resolves.toBeUndefined();
      expect(server.connectionCount()).toBe(2);
    });

    it('are given up when the server sends what nobody asked for', async () => {
      const client = await setUp((request) => {
        const answer = answerTo(request);
        request.socket.write(Buffer.concat([answer, answer]));
      });
      await read(client, 'a');
      await read(client, 'b');
      expect(server.connectionCount()).toBe(2);
    });

    it('take an answer that comes byte by byte', async () => {
      const client = await setUp((request) => {
        for (const byte of answerTo(request)) request.socket.write(Uint8Array.of(byte));
      });
      await expect(read(client)).resolves.toEqual([]);
    });
  });

  describe('pipelining', () => {
    it('sends several requests before the first answer, in order', async () => {
      const waiting: ReceivedRequest[] = [];
      const client = await setUp(
        (request) => {
          waiting.push(request);
          if (waiting.length === 3) waiting.forEach(respond);
        },
        { pipelining: 3 },
      );
      await Promise.all(['a', 'b', 'c'].map((id) => read(client, id)));
      expect(objectsAskedFor()).toEqual(['a', 'b', 'c']);
      expect(server.connectionCount()).toBe(1);
    });

    it('does not take the answer to one request for that to another', async () => {
      const waiting: ReceivedRequest[] = [];
      const client = await setUp(
        (request) => {
          waiting.push(request);
          if (waiting.length === 2) waiting.reverse().forEach(respond);
        },
        { pipelining: 2 },
      );
      const results = await Promise.allSettled([client.destroy('a'), client.destroy('b')]);
      expect(results).toMatchObject([
        { status: 'rejected', reason: { code: 'malformed-response' } },
        { status: 'rejected', reason: { code: 'closed' } },
      ]);
    });

    it('without it, sends a request after the answer to the one before', async () => {
      let underway = 0;
      let mostUnderway = 0;
      const client = await setUp((request) => {
        mostUnderway = Math.max(mostUnderway, ++underway);
        setTimeout(() => {
          underway--;
          respond(request);
        }, 5);
      });
      await Promise.all(['a', 'b', 'c'].map((id) => read(client, id)));
      expect(mostUnderway).toBe(1);
      expect(objectsAskedFor()).toEqual(['a', 'b', 'c']);
    });
  });

  describe('a connection that dies before the answer', () => {
    /** Answers once, then cuts the connection when it is used again. */
    const diesOnReuse = (request: ReceivedRequest) => {
      const isFirst =
        server.requests.filter((r) => r.connection === request.connection).length === 1;
      if (isFirst) respond(request);
      else request.socket.destroy();
    };

    it('lets a read be sent once more', async () => {
      const client = await setUp(diesOnReuse);
      await read(client, 'a');
      await expect(read(client, 'b')).resolves.toEqual([]);
      expect(objectsAskedFor()).toEqual(['a', 'b', 'b']);
    });

    it('never lets a write be sent once more', async () => {
      const client = await setUp(diesOnReuse);
      await read(client, 'a');
      await expect(client.destroy('b')).rejects.toMatchObject({
        code: 'closed',
        message: expect.stringMatching(/unknown: look with Locate/),
      });
      expect(objectsAskedFor()).toEqual(['a', 'b']);
    });

    it('never lets raw bytes be sent once more', async () => {
      const client = await setUp(diesOnReuse);
      await read(client, 'a');
      const recorded = server.requests[0]?.bytes ?? new Uint8Array();
      await expect(client.sendRaw(recorded)).rejects.toMatchObject({ code: 'closed' });
      expect(server.requests).toHaveLength(2);
    });

    it('fails a read that part of an answer had come to', async () => {
      const client = await setUp((request) => {
        if (server.requests.length === 1) respond(request);
        else request.socket.end(answerTo(request).subarray(0, 20));
      });
      await read(client, 'a');
      await expect(read(client, 'b')).rejects.toMatchObject({ code: 'closed' });
      expect(objectsAskedFor()).toEqual(['a', 'b']);
    });

    it('sends pipelined reads once more in their order', async () => {
      const client = await setUp(
        (request) => {
          if (request.connection === 2 || server.requests.length === 1) respond(request);
          else if (server.requests.length === 4) request.socket.destroy();
        },
        { pipelining: 3 },
      );
      await read(client, 'first');
      await Promise.all(['a', 'b', 'c'].map((id) => read(client, id)));
      expect(objectsAskedFor()).toEqual(['first', 'a', 'b', 'c', 'a', 'b', 'c']);
    });

    it('hints at the registration when the server never answered on it', async () => {
      const client = await setUp(({ socket }) => socket.destroy());
      await expect(read(client)).rejects.toMatchObject({
        code: 'closed',
        message: expect.stringMatching(/not registered with an adapter/),
      });
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('answers that are none', () => {
    it('fail the request, and the next one gets a new connection', async () => {
      const client = await setUp((request) => {
        if (server.requests.length === 1) request.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
        else respond(request);
      });
      await expect(read(client)).rejects.toMatchObject({ code: 'malformed-response' });
      await expect(read(client)).resolves.toEqual([]);
    });

    it('fail the request when they are larger than allowed, before the body comes', async () => {
      const client = await setUp(
        ({ socket }) => socket.write(Uint8Array.of(0x42, 0x00, 0x7b, 0x01, 0x00, 0x00, 0x10, 0x00)),
        { maximumMessageBytes: 1024 },
      );
      await expect(read(client)).rejects.toMatchObject({
        code: 'malformed-response',
        message: expect.stringMatching(/4104 bytes exceeds the limit of 1024/),
      });
    });

    it('never put bytes of the answer into the error', async () => {
      const secret = 'correct horse battery staple';
      const client = await setUp(({ socket }) => socket.write(secret));
      await expect(read(client)).rejects.toSatisfy((error) => !String(error).includes('horse'));
    });
  });

  describe('time limits', () => {
    it('fail a request that gets no answer, and give up its connection', async () => {
      const client = await setUp(
        (request) => {
          if (server.requests.length > 1) respond(request);
        },
        { requestTimeoutMs: 150 },
      );
      await expect(client.destroy('a')).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringMatching(/within 150 ms.*unknown/),
      });
      await expect(read(client)).resolves.toEqual([]);
      expect(server.connectionCount()).toBe(2);
    });

    it('count the wait in the queue', async () => {
      const client = await setUp(() => undefined, { requestTimeoutMs: 1500 });
      const results = await Promise.allSettled([client.destroy('a'), client.destroy('b')]);
      expect(results).toMatchObject([
        { reason: { code: 'timeout' } },
        { reason: { code: 'timeout' } },
      ]);
      expect(objectsAskedFor()).toEqual(['a']);
    });
  });

  describe('close', () => {
    it('fails what is under way and what is queued, and ends all connections', async () => {
      const client = await setUp(() => undefined);
      const results = Promise.allSettled([client.destroy('a'), read(client, 'b')]);
      await until(() => server.requests.length === 1);
      await client.close();
      expect(await results).toMatchObject([
        { reason: { code: 'closed', message: expect.stringMatching(/client was closed/) } },
        { reason: { code: 'closed', message: expect.stringMatching(/client was closed/) } },
      ]);
      expect(objectsAskedFor()).toEqual(['a']);
    });

    it('fails while it connects', async () => {
      const client = await setUp(respond);
      const result = expect(read(client)).rejects.toMatchObject({ code: 'closed' });
      await client.close();
      await result;
    });

    it('is final, and may be called again', async () => {
      const client = await setUp(respond);
      await client.close();
      await client.close();
      await expect(read(client)).rejects.toMatchObject({ code: 'closed' });
    });
  });
});

/** Resolves when a condition holds that events of sockets bring about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
