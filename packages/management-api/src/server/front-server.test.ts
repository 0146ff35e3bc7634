import { once } from 'node:events';
import { createServer as createHttpServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-addresses.ts';
import { createFrontServer, type FrontServer } from './front-server.ts';

const started: FrontServer[] = [];
afterEach(async () => {
  for (const front of started.splice(0)) await front.close();
});

/** A server that answers with the address of its caller, behind a front that is told who that is. */
async function start(readClientAddress: () => Promise<string | undefined>): Promise<number> {
  const addresses = createClientAddresses();
  const http = createHttpServer((request, response) => response.end(addresses.of(request.socket)));
  const front = createFrontServer(http, { readClientAddress, addresses, maxConnections: 8 });
  started.push(front);
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  // An address of TCP is no text.
  return (front.server.address() as AddressInfo).port;
}

function ask(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => resolve(text(response))).on(
      'error',
      reject,
    );
  });
}

describe('an API behind a balancer', () => {
  it('knows the caller that the balancer names', async () => {
    const port = await start(async () => '203.0.113.24');
    expect(await ask(port)).toBe('203.0.113.24');
  });

  it('closes a connection without a name', async () => {
    const port = await start(async () => undefined);
    await expect(ask(port)).rejects.toThrow();
  });

  it('ends what waits for its header when it closes', async () => {
    const port = await start(() => new Promise(() => {}));
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    const [front] = started.splice(0);
    await Promise.all([front?.close(), closed]);
    expect(socket.destroyed).toBe(true);
  });
});

describe('the address of a caller', () => {
  it('is that of the peer when nobody told another', async () => {
    const port = await start(async () => '10.1.2.3');
    expect(await ask(port)).toBe('10.1.2.3');
    expect(createClientAddresses().of(connect(port, '127.0.0.1').on('error', () => {}))).toBe('');
  });
});
