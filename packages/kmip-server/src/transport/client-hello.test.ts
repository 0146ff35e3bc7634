import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect, it } from 'vitest';
import { parseClientHello } from './client-hello.ts';

/** What Node's own client sends first. */
async function aClientHello(options: ConnectionOptions): Promise<Uint8Array> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  const client = connect({ host: '127.0.0.1', port, ...options }).on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [bytes] = (await once(socket, 'data')) as [Uint8Array];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

const MODERN = {
  servername: 'kmip.example.com',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA256',
  sigalgs: 'rsa_pss_rsae_sha256:RSA+SHA256:ECDSA+SHA256',
  ecdhCurve: 'P-256:X25519',
} as const;

it('names what a client offers, in its order', async () => {
  const { cipherSuites, ...rest } = parseClientHello(await aClientHello(MODERN)) ?? {};
  // Only some runtimes send the signal for renegotiation here.
  const signal = 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV';
  expect(cipherSuites?.filter((suite) => suite !== signal)).toEqual([
    'TLS_AES_256_GCM_SHA384',
    'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    'TLS_RSA_WITH_AES_128_CBC_SHA256',
  ]);
  expect(rest).toEqual({
    versions: ['TLS 1.3', 'TLS 1.2'],
    signatureAlgorithms: ['rsa_pss_rsae_sha256', 'rsa_pkcs1_sha256', 'ecdsa_secp256r1_sha256'],
    groups: ['secp256r1', 'x25519'],
    serverName: 'kmip.example.com',
  });
});

it('names an old version that stands alone, and no extensions that are not there', async () => {
  const hello = await aClientHello({
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'AES128-SHA:@SECLEVEL=0',
  });
  expect(parseClientHello(hello)).toMatchObject({
    versions: ['TLS 1.0'],
    cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA', 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'],
    signatureAlgorithms: [],
    serverName: undefined,
  });
});

it('shows numbers that it has no name for, and leaves out those that mean nothing', () => {
  const suites = [0x0a, 0x0a, 0xfa, 0xfa, 0xab, 0xcd, 0x13, 0x01];
  const body = [3, 3, ...new Array<number>(32).fill(0), 0, 0, suites.length, ...suites, 1, 0];
  const message = [1, 0, 0, body.length, ...body];
  const record = Uint8Array.from([22, 3, 1, 0, message.length, ...message]);
  expect(parseClientHello(record)).toEqual({
    versions: ['TLS 1.2'],
    cipherSuites: ['0xabcd', 'TLS_AES_128_GCM_SHA256'],
    signatureAlgorithms: [],
    groups: [],
    serverName: undefined,
  });
});

it('reads nothing from a message that is cut, wherever that is', async () => {
  const hello = await aClientHello(MODERN);
  for (let length = 0; length < hello.length; length++) {
    expect(parseClientHello(hello.subarray(0, length))).toBeUndefined();
  }
});

it('does not fail on bytes of any kind', async () => {
  const hello = await aClientHello(MODERN);
  for (let position = 0; position < hello.length; position++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const damaged = Uint8Array.from(hello);
      damaged[position] = value;
      const read = parseClientHello(damaged);
      for (const list of [read?.versions, read?.cipherSuites, read?.groups]) {
        expect(list?.length ?? 0).toBeLessThanOrEqual(100);
      }
    }
  }
});

it('never shows a server name that is none', async () => {
  const hello = await aClientHello(MODERN);
  const text = Buffer.from(hello);
  const at = text.indexOf('kmip.example.com');
  text.write('k\x1b[31mp.exampl\n', at, 'latin1');
  expect(parseClientHello(text)?.serverName).toBeUndefined();
});
