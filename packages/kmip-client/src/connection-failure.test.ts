import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, makeTestCertificate, type TestCertificate } from './certificate.fixtures.ts';
import { createKmipClient, type KmipClient } from './client.ts';
import { createMemoryAnswers } from './memory-answers.fixtures.ts';
import type { KmipClientOptions, KmipTlsOptions } from './options.ts';
import { startTestServer } from './server.fixtures.ts';

describe.skipIf(!hasOpenssl())('a connection that fails (needs openssl)', () => {
  let mine: TestCertificate;
  let strangers: TestCertificate;
  const cleanUps: (() => Promise<unknown>)[] = [];

  beforeAll(() => {
    mine = makeTestCertificate('localhost');
    strangers = makeTestCertificate('stranger', 'DNS:elsewhere.example');
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  function clientOf(
    port: number,
    tls: Partial<KmipTlsOptions> = {},
    options: Partial<KmipClientOptions> = {},
  ): KmipClient {
    const client = createKmipClient({
      host: 'localhost',
      port,
      tls: { ca: mine.cert, cert: mine.cert, key: mine.key, ...tls },
      connectTimeoutMs: 5000,
      requestTimeoutMs: 5000,
      ...options,
    });
    cleanUps.push(() => client.close());
    return client;
  }

  async function tlsServer(certificate: TestCertificate, tls: TlsOptions = {}): Promise<number> {
    const answer = createMemoryAnswers();
    const server = await startTestServer(
      certificate,
      (request) => request.socket.write(answer(request)),
      tls,
    );
    cleanUps.push(() => server.close());
    return server.port;
  }

  async function plainServer(onConnection: (socket: Socket) => void): Promise<number> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => socket.destroy());
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    cleanUps.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port; // listens on TCP
  }

  async function expectFailure(client: KmipClient, code: string, message: RegExp): Promise<void> {
    await expect(client.locate()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  }

  it('says that nothing listens', async () => {
    const port = await plainServer(() => undefined);
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    await expectFailure(clientOf(port), 'connect-failed', /ECONNREFUSED.*nothing listens/);
  });

  it('fails everything that waited for the connection, with one attempt', async () => {
    let attempts = 0;
    const port = await plainServer((socket) => {
      attempts++;
      socket.destroy();
    });
    const client = clientOf(port);
    const results = await Promise.allSettled([client.locate(), client.destroy('a')]);
    expect(attempts).toBe(1);
    expect(results).toMatchObject([
      { reason: { code: 'tls-refused' } },
      { reason: { code: 'tls-refused' } },
    ]);
  });

  it('says that the port does not speak TLS', async () => {
    const port = await plainServer((socket) => socket.write('220 mail.example ESMTP\r\n'));
    await expectFailure(clientOf(port), 'tls-refused', /does not speak TLS/);
  });

  it('says that the server closed during the handshake', async () => {
    const port = await plainServer((socket) => socket.once('data', () => socket.end()));
    await expectFailure(clientOf(port), 'tls-refused', /during the TLS handshake/);
  });

  it('gives up a handshake that takes too long', async () => {
    const port = await plainServer(() => undefined);
    const client = clientOf(port, {}, { connectTimeoutMs: 100 });
    await expectFailure(client, 'timeout', /no TLS handshake within 100 ms/);
  });

  it('says that the certificate of the server is not trusted', async () => {
    const port = await tlsServer(strangers);
    await expectFailure(clientOf(port), 'tls-refused', /give tls\.ca the certificate of the CA/);
  });

  it('says that the certificate of the server holds another name', async () => {
    const port = await tlsServer(strangers);
    const client = clientOf(port, { ca: [mine.cert, strangers.cert] });
    await expectFailure(client, 'tls-refused', /set tls\.servername/);
  });

  it('takes the name of tls.servername for that of the server', async () => {
    const port = await tlsServer(strangers, { ca: mine.cert });
    const client = clientOf(port, { ca: strangers.cert, servername: 'elsewhere.example' });
    await expect(client.locate()).resolves.toEqual([]);
  });

  it('asks for no proof when rejectUnauthorized is false', async () => {
    const port = await tlsServer(strangers, { ca: mine.cert });
    await expect(clientOf(port, { rejectUnauthorized: false }).locate()).resolves.toEqual([]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'hints at the registration when the server does not accept the certificate in %s',
    async (version) => {
      const port = await tlsServer(mine, { minVersion: version, maxVersion: version });
      const client = clientOf(port, { cert: strangers.cert, key: strangers.key });
      await expect(client.locate()).rejects.toThrow(/registered with an adapter/);
    },
  );

  it('says that there is no TLS version in common', async () => {
    const port = await tlsServer(mine, { maxVersion: 'TLSv1.2' });
    await expectFailure(
      clientOf(port, { minVersion: 'TLSv1.3' }),
      'tls-refused',
      /no TLS version or cipher in common/,
    );
  });

  it('refuses a key of another certificate at once, without a word of it', () => {
    const client = () => clientOf(5696, { key: strangers.key });
    expect(client).toThrowError(expect.objectContaining({ code: 'tls-refused' }));
    expect(client).toThrowError(/must belong to the certificate/);
  });

  it('takes PEM as bytes', async () => {
    const port = await tlsServer(mine);
    const bytes = (pem: string) => new TextEncoder().encode(pem);
    const tls = { ca: bytes(mine.cert), cert: bytes(mine.cert), key: bytes(mine.key) };
    await expect(clientOf(port, tls).locate()).resolves.toEqual([]);
  });
});
