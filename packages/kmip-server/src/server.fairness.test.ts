/** A server that gets more than it can do: who goes first, and what is refused. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aMessage, parseAnswer } from './messages.fixtures.ts';
import { create, QUERY } from './requests.fixtures.ts';
import { type Rig, type RigAdapter, type RigOptions, startRig } from './server.fixtures.ts';
import {
  connectRawClient,
  type RawClient,
  startRawClient,
} from './transport/raw-client.fixtures.ts';

vi.setConfig({ testTimeout: 120_000 });

const PATIENT = { timeout: 60_000, interval: 20 };
const CREATE = aMessage('1.4', [create()]);

const opened: Socket[] = [];
const rigs: Rig[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  for (const rig of rigs.splice(0)) await rig.close();
});

async function start(options: RigOptions): Promise<Rig> {
  const rig = await startRig(options);
  rigs.push(rig);
  return rig;
}

async function connected(rig: Rig, { certificate }: RigAdapter): Promise<RawClient> {
  const client = await connectRawClient(rig, certificate);
  opened.push(client.socket);
  return client;
}

/** A connection on which TLS never begins. */
async function silent({ host, port }: Rig): Promise<Socket> {
  const socket = connect(port, host).resume();
  socket.on('error', () => {}); // being cut off is what it is for
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** `Success`, or why not; undefined when the connection has ended. */
async function outcomeOf(client: RawClient): Promise<string | undefined> {
  const answer = await client.next();
  const item = answer && parseAnswer(answer).items[0];
  return item && (item.resultReason ?? item.resultStatus);
}

const linesOf = ({ log }: Rig, words: string) =>
  log.filter(({ message }) => message.includes(words));

describe('a certificate that floods', () => {
  /** A server whose commits wait until the test lets them go, and whose they were. */
  async function startGated(limits: RigOptions['limits']) {
    const gates: (() => void)[] = [];
    const begun: string[] = [];
    let isOpen = false;
    const rig = await start({
      ...(limits && { limits }),
      wrapStore: (store) => ({
        ...store,
        async commit(unit) {
          const guard = unit.guards.find(({ kind }) => kind === 'certificate-present');
          if (guard?.kind === 'certificate-present') begun.push(guard.certificateId);
          if (!isOpen) await new Promise<void>((go) => gates.push(go));
          return await store.commit(unit);
        },
      }),
    });
    const { first, second } = rig.adapters;
    const nameOf = (id: string) => (id === second.certificateId ? 'second' : 'first');
    return {
      rig,
      first,
      second,
      begun: () => begun.map(nameOf),
      letOneGo: () => gates.shift()?.(),
      letAllGo() {
        isOpen = true;
        for (const go of gates.splice(0)) go();
      },
    };
  }

  async function flood(rig: Rig, of: RigAdapter, connections: number, depth: number) {
    const clients = await Promise.all(
      Array.from({ length: connections }, () => connected(rig, of)),
    );
    for (const { write } of clients) for (let n = 0; n < depth; n++) write(CREATE);
    return clients;
  }

  it('leaves the next place to a second one, whose request came last, and loses nothing', async () => {
    const { rig, first, second, begun, letOneGo, letAllGo } = await startGated({
      maxRequestsInWork: 3,
      maxRequestsInWorkPerCertificate: 3,
      maxRequestsInWorkAmongOthers: 2,
    });
    const flooders = await flood(rig, first, 6, 3);
    await vi.waitUntil(() => begun().length === 3, PATIENT);

    const client = await connected(rig, second);
    client.write(CREATE);
    await delay(20); // it takes no place that there is not
    expect(begun()).toEqual(['first', 'first', 'first']);
    letOneGo();
    await vi.waitUntil(() => begun().length === 4, PATIENT);
    expect(begun().at(-1)).toBe('second');

    letAllGo();
    expect(await outcomeOf(client)).toBe('Success');
    for (const flooder of flooders) {
      for (let n = 0; n < 3; n++) expect(await outcomeOf(flooder)).toBe('Success');
    }
    expect(begun().filter((name) => name === 'first')).toHaveLength(18);
    expect(linesOf(rig, 'refused')).toEqual([]);
  });

  it('does not keep a second one waiting while there are places that are not its own', async () => {
    const { rig, first, second, begun, letAllGo } = await startGated({
      maxRequestsInWork: 4,
      maxRequestsInWorkPerCertificate: 2,
    });
    await flood(rig, first, 4, 1);
    await vi.waitUntil(() => begun().length === 2, PATIENT);
    const client = await connected(rig, second);
    client.write(CREATE);
    await vi.waitUntil(() => begun().length === 3, PATIENT);
    expect(begun()).toEqual(['first', 'first', 'second']);
    letAllGo();
    expect(await outcomeOf(client)).toBe('Success');
  });

  it('is refused what waits beyond its bound, and a second one is not', async () => {
    const { rig, first, second, begun, letAllGo } = await startGated({
      maxRequestsInWork: 2,
      maxRequestsInWorkPerCertificate: 1,
      maxWaitingRequestsPerCertificate: 1,
    });
    const flooders = await flood(rig, first, 3, 1);
    // One in work, one waits, one is refused; the refusal is recorded, too.
    await vi.waitUntil(() => begun().length === 2, PATIENT);
    const client = await connected(rig, second);
    client.write(CREATE);
    await vi.waitUntil(() => begun().includes('second'), PATIENT);
    letAllGo();
    const outcomes = await Promise.all(flooders.map(outcomeOf));
    expect(outcomes.sort()).toEqual(['GeneralFailure', 'Success', 'Success']);
    expect(await outcomeOf(client)).toBe('Success');
  });
});

describe('connections that show no certificate', () => {
  it('are bounded by address, and leave their place when they go', async () => {
    const rig = await start({ limits: { maxHandshakesPerAddress: 2 } });
    const known = await connected(rig, rig.adapters.first);
    known.write(CREATE);
    expect(await outcomeOf(known)).toBe('Success'); // from now on it is no handshake any more
    const [one] = [await silent(rig), await silent(rig)];
    const dropped = startRawClient(rig);
    opened.push(dropped.socket);
    await dropped.closed;
    expect(dropped.socket.getProtocol()).toBeNull();
    expect(linesOf(rig, 'too many from its address')).toMatchObject([
      { level: 'warn', fields: { address: '127.0.0.1', count: 1 } },
    ]);
    known.write(CREATE);
    expect(await outcomeOf(known)).toBe('Success');

    one?.destroy();
    await vi.waitUntil(async () => {
      const again = startRawClient(rig);
      opened.push(again.socket);
      again.write(CREATE);
      return (await outcomeOf(again)) === 'Success';
    }, PATIENT);
  });

  it('are closed in time while they say nothing, and keep nobody waiting', async () => {
    const rig = await start({ limits: { handshakeTimeoutMs: 1000 } });
    const all = await Promise.all(Array.from({ length: 50 }, () => silent(rig)));
    const closed = Promise.all(all.map((socket) => once(socket, 'close')));
    const client = await connected(rig, rig.adapters.second);
    client.write(CREATE);
    expect(await outcomeOf(client)).toBe('Success');
    await closed;
    client.write(CREATE);
    expect(await outcomeOf(client)).toBe('Success');
  });
});

describe('an event loop that stays late', () => {
  const LAG_MS = 100;

  /** Holds up the event loop again and again, until the promise is settled. */
  async function lagUntil<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    while (!isSettled) {
      const until = performance.now() + 4 * LAG_MS; // later than a sample of the load is due, by more than the lag
      while (performance.now() < until);
      await delay(1);
    }
    return await promise;
  }

  it('has requests refused as overload and connections dropped, then all is as before', async () => {
    const rig = await start({ limits: { overloadLagMs: LAG_MS, handshakeTimeoutMs: 60_000 } });
    const client = await connected(rig, rig.adapters.first);
    client.write(aMessage('1.4', [QUERY]));
    expect(await outcomeOf(client)).toBe('Success');
    const isOverloaded = vi.waitUntil(() => linesOf(rig, 'what is new is refused').length > 0, {
      timeout: 60_000,
      interval: 1,
    });
    await lagUntil(isOverloaded);

    client.write(CREATE);
    expect(await lagUntil(outcomeOf(client))).toBe('GeneralFailure');
    const late = startRawClient(rig);
    opened.push(late.socket);
    await lagUntil(late.closed);
    expect(late.socket.getProtocol()).toBeNull();
    expect(linesOf(rig, 'a request was refused')).toMatchObject([
      { fields: { why: 'overloaded' } },
    ]);
    expect(linesOf(rig, 'a connection was dropped')).toHaveLength(1);
    const refused = (await rig.events()).at(-1);
    expect(refused).toMatchObject({ outcome: 'failure', reason: { reasonCode: 503 } });

    await vi.waitUntil(async () => {
      client.write(CREATE);
      return (await outcomeOf(client)) === 'Success';
    }, PATIENT);
    const next = await connected(rig, rig.adapters.second);
    next.write(CREATE);
    expect(await outcomeOf(next)).toBe('Success');
  });
});
