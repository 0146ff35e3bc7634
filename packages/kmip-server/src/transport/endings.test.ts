import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createFrameReader } from '@claviger/ttlv-codec';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Rig, type RigOptions, startRig } from '../server.fixtures.ts';

/** Discover Versions in KMIP 1.4, with an empty list. */
const REQUEST = Buffer.from(
  '42007801000000604200770100000038420069010000002042006a0200000004000000010000000042006b0200000004' +
    '000000040000000042000d0200000004000000010000000042000f010000001842005c05000000040000001e00000000' +
    '4200790100000000',
  'hex',
);

describe('the end of a connection', () => {
  let rig: Rig | undefined;
  const sockets: Socket[] = [];

  async function start(options?: RigOptions): Promise<Rig> {
    rig = await startRig(options);
    return rig;
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await rig?.close();
  });

  function opened<S extends Socket>(socket: S): S {
    sockets.push(socket);
    // Being cut off is what some of these tests are about.
    return socket.on('error', () => {});
  }

  async function connected({ host, port, adapters, serverCertificate }: Rig): Promise<TLSSocket> {
    const { certificate, privateKeyPem } = adapters.first.certificate;
    const socket = opened(
      connectTls({
        host,
        port,
        ca: serverCertificate.certificate.pem,
        cert: certificate.pem,
        key: privateKeyPem,
      }),
    );
    await once(socket, 'secureConnect');
    return socket;
  }

  /** How many whole messages come until the server ends the connection. */
  async function countAnswers(socket: Socket): Promise<number> {
    const reader = createFrameReader({ maxMessageBytes: 1024 * 1024 });
    let count = 0;
    for await (const chunk of socket) {
      reader.push(chunk);
      while (reader.next() !== undefined) count++;
    }
    return count;
  }

  it('comes after the answers, when the client ends its side first', async () => {
    const socket = await connected(await start());
    for (let count = 0; count < 100; count++) socket.write(REQUEST);
    socket.end();

    expect(await countAnswers(socket)).toBe(100);
  });

  it('in the middle of a message leaves a log line and an event', async () => {
    const running = await start();
    const socket = await connected(running);
    socket.write(REQUEST);
    socket.end(REQUEST.subarray(0, 50));

    expect(await countAnswers(socket)).toBe(1);
    const warnings = running.log.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ fields: { err: { code: 'truncated' } } }]);
    expect((await running.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-request.default',
      outcome: 'failure',
      reason: { reasonCode: 400 },
    });
  });

  it('comes for a client that never finishes its message, with a log line', async () => {
    const running = await start({ limits: { idleTimeoutMs: 200 } });
    const socket = await connected(running);
    socket.write(REQUEST.subarray(0, 50));

    expect(await countAnswers(socket)).toBe(0);
    const warnings = running.log.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ fields: { err: { code: 'truncated' } } }]);
  });

  it('comes for a client that is idle, without a word', async () => {
    const running = await start({ limits: { idleTimeoutMs: 200 } });
    const socket = await connected(running);
    socket.write(REQUEST);

    expect(await countAnswers(socket)).toBe(1);
    expect(running.log.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it('comes for a client that never finishes its handshake', async () => {
    const { host, port } = await start({ limits: { handshakeTimeoutMs: 200 } });
    const silent = opened(connectTcp(port, host)).resume();

    await once(silent, 'close');
  });

  it('comes at once for a client that ends its side before the handshake, as probes do', async () => {
    const { host, port } = await start();
    const probe = opened(connectTcp({ host, port, allowHalfOpen: true })).resume();
    const before = performance.now();
    probe.end();

    await once(probe, 'end');
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('comes at once when the server closes, whatever the clients are doing', async () => {
    const running = await start();
    const idle = await connected(running);
    const inTheMiddle = await connected(running);
    inTheMiddle.write(REQUEST.subarray(0, 50));
    const inHandshake = opened(connectTcp(running.port, running.host));
    await once(inHandshake, 'connect');
    const deaf = await connected(running);
    deaf.write(REQUEST);
    deaf.pause();
    await vi.waitFor(() => expect(deaf.readableLength + deaf.bytesRead).toBeGreaterThan(0));
    const ended = [idle, inTheMiddle, inHandshake].map((socket) => once(socket.resume(), 'close'));

    const before = performance.now();
    await running.server.close();
    expect(performance.now() - before).toBeLessThan(5000);
    await Promise.all(ended);
  });
});
