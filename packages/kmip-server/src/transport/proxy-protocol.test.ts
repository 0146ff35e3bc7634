import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aMessage, parseAnswer } from '../messages.fixtures.ts';
import { QUERY } from '../requests.fixtures.ts';
import { type Rig, type RigOptions, startRig } from '../server.fixtures.ts';
import { A_LOCAL_HEADER, aProxyHeader } from './proxy-protocol.fixtures.ts';
import { parseProxyHeader, parseProxyStart, readProxyHeader } from './proxy-protocol.ts';
import { type RawClient, startRawClient } from './raw-client.fixtures.ts';

function parse(bytes: Uint8Array) {
  const start = parseProxyStart(bytes.subarray(0, 16));
  return 'fault' in start
    ? start
    : parseProxyHeader(bytes, bytes.subarray(16, 16 + start.bodyBytes));
}

describe('a PROXY header', () => {
  it.each(['203.0.113.24', '10.1.2.3', '2001:db8::17', '::1'])('names the client %s', (address) => {
    expect(parse(aProxyHeader(address))).toEqual({ kind: 'client', address });
    expect(parse(aProxyHeader(address, { tlvBytes: 300 }))).toEqual({ kind: 'client', address });
  });

  it('of a balancer that speaks for itself names nobody', () => {
    expect(parse(A_LOCAL_HEADER)).toEqual({ kind: 'local' });
  });

  it.each([
    ['an unknown command', aProxyHeader('10.0.0.1', { command: 0x22 }), 'unknown-command'],
    ['version 1 in its nibble', aProxyHeader('10.0.0.1', { command: 0x11 }), 'unknown-command'],
    ['datagrams', aProxyHeader('10.0.0.1', { family: 0x12 }), 'unknown-family'],
    ['a Unix socket', aProxyHeader('10.0.0.1', { family: 0x31 }), 'unknown-family'],
    ['no family', aProxyHeader('10.0.0.1', { family: 0x00 }), 'unknown-family'],
    ['too few bytes for its addresses', aProxyHeader('10.0.0.1', { length: 11 }), 'too-short'],
    ['more bytes than any balancer sends', aProxyHeader('10.0.0.1', { length: 2049 }), 'too-long'],
    ['text, as in version 1', Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n'), 'no-header'],
    ['a TLS record', Uint8Array.from([22, 3, 1, ...new Array<number>(20).fill(0)]), 'no-header'],
  ])('with %s is refused', (_what, bytes, fault) => {
    expect(parse(bytes)).toMatchObject({ fault });
  });

  it('of any bytes has an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 80 }), (bytes) => {
        expect(parse(bytes)).toBeDefined();
        expect(parse(Uint8Array.from([...A_LOCAL_HEADER.subarray(0, 12), ...bytes]))).toBeDefined();
      }),
    );
  });
});

const opened: { destroy?(): void; close?(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy?.() ?? one.close?.();
});

/** Both ends of a connection. */
async function connection(): Promise<{ readonly client: Socket; readonly served: Socket }> {
  const server: Server = createServer();
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // An address of TCP is no text.
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => {});
  const [served] = (await once(server, 'connection')) as [Socket];
  served.on('error', () => {});
  opened.push(client, served);
  return { client, served };
}

describe('reading a PROXY header', () => {
  it('leaves in the socket what follows, however the bytes arrive', async () => {
    const { client, served } = await connection();
    const bytes = [...aProxyHeader('203.0.113.24', { tlvBytes: 9 }), ...Buffer.from('hello')];
    client.setNoDelay(true);
    const read = readProxyHeader(served, 20_000);
    for (const byte of bytes) {
      client.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await read).toEqual({ kind: 'client', address: '203.0.113.24' });
    client.end();
    let rest = '';
    for await (const chunk of served) rest += String(chunk);
    expect(rest).toBe('hello');
  });

  it('tells a connection that ends without a byte from one that ends within the header', async () => {
    const silent = await connection();
    silent.client.end();
    expect(await readProxyHeader(silent.served, 20_000)).toEqual({ kind: 'silent' });
    const cut = await connection();
    cut.client.end(aProxyHeader('10.0.0.1').subarray(0, 20));
    expect(await readProxyHeader(cut.served, 20_000)).toEqual({ kind: 'fault', fault: 'ended' });
  });

  it('waits no longer than it may', async () => {
    const { client, served } = await connection();
    client.write(aProxyHeader('10.0.0.1').subarray(0, 20));
    expect(await readProxyHeader(served, 50)).toEqual({ kind: 'fault', fault: 'late' });
  });
});

describe('a listener', () => {
  async function start(options: RigOptions): Promise<Rig> {
    const rig = await startRig(options);
    opened.push(rig);
    return rig;
  }

  /** Connects as a balancer would, with these bytes before TLS. */
  function through(rig: Rig, header: Uint8Array): RawClient {
    const socket = connect(rig.port, rig.host);
    socket.on('error', () => {});
    socket.write(header);
    opened.push(socket);
    return startRawClient(rig, rig.adapters.first.certificate, { socket });
  }

  async function isServed(client: RawClient): Promise<boolean> {
    client.write(aMessage('1.4', [QUERY]));
    const answer = await client.next();
    return answer !== undefined && parseAnswer(answer).items[0]?.resultStatus === 'Success';
  }

  const isTrustedProxy = (address: string) => address.endsWith('127.0.0.1');
  const isPrivateAddress = (address: string) => address.startsWith('10.');

  it.each([
    ['203.0.113.24', { address: '203.0.113.24', addressType: 'IPv4' }],
    ['2001:db8::17', { address: '2001:db8::17', addressType: 'IPv6' }],
    ['10.1.2.3', undefined],
  ])('shows %s, whom a trusted balancer names, as its network does', async (address, host) => {
    const rig = await start({ network: 'public', isTrustedProxy, isPrivateAddress });
    expect(await isServed(through(rig, aProxyHeader(address)))).toBe(true);
    const events = await rig.events();
    expect(events.at(-1)?.initiator.host).toEqual(host);
  });

  it('takes a balancer that speaks for itself by its own address', async () => {
    const rig = await start({ network: 'public', isTrustedProxy });
    expect(await isServed(through(rig, A_LOCAL_HEADER))).toBe(true);
    expect((await rig.events()).at(-1)?.initiator.host?.address).toBe('127.0.0.1');
  });

  it.each([
    ['nothing but TLS', new Uint8Array(), 'no-header'],
    ['version 1', Buffer.from('PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n'), 'no-header'],
    ['a datagram', aProxyHeader('10.0.0.1', { family: 0x12 }), 'unknown-family'],
  ])('closes a connection on which a trusted balancer sends %s', async (_what, header, fault) => {
    const rig = await start({ network: 'public', isTrustedProxy });
    await through(rig, header).closed;
    const line = () => rig.log.find(({ message }) => message.includes('trusted balancer'));
    await vi.waitUntil(() => line() !== undefined, 20_000);
    expect(line()).toMatchObject({ level: 'warn', fields: { fault, address: '127.0.0.1' } });
    expect(await rig.events()).toEqual([]);
  });

  it('never takes the header of anybody else', async () => {
    const rig = await start({ network: 'public', isTrustedProxy: () => false });
    await through(rig, aProxyHeader('10.1.2.3')).closed;
    expect(rig.log.filter(({ message }) => message.includes('balancer'))).toEqual([]);
    const direct = startRawClient(rig);
    opened.push(direct.socket);
    expect(await isServed(direct)).toBe(true);
    expect((await rig.events()).at(-1)?.initiator.host?.address).toBe('127.0.0.1');
  });

  it('shows no private address of who connects directly, or is refused', async () => {
    const rig = await start({ network: 'public', isPrivateAddress: () => true });
    const socket = connectTls({ host: rig.host, port: rig.port, rejectUnauthorized: false });
    socket.on('error', () => {});
    opened.push(socket);
    await once(socket, 'close');
    await vi.waitUntil(async () => (await rig.events()).length > 0, 20_000);
    expect((await rig.events()).at(-1)?.initiator).not.toHaveProperty('host');
  });
});
