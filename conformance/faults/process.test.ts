/**
 * Faults of what a process lives on: the time of day, descriptors, memory, its own threads. Each once; whatever
 * was acknowledged has to be there afterwards, with its event, in a log that proves itself.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEvent } from '@claviger/audit-emitter';
import type { KmipClient } from '@claviger/kmip-client';
import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendForLater } from '../asynchronous-request.ts';
import { addAdapter, makeClientCertificate } from '../client-certificates.ts';
import { newLogCopy } from '../durability/check-log.ts';
import { compare } from '../durability/compare.ts';
import { startLoad } from '../durability/load.ts';
import { objectOf, readEvents } from '../event-log.ts';
import { clientOf, type Identity } from '../gateway-client.ts';
import {
  type GatewayOptions,
  type GatewayProcess,
  runClaviger,
  startGateway,
} from '../gateway-process.ts';
import { connectRaw, parseAnswer } from '../raw-connection.ts';
import { batchItem, enumeration, header, request, requestMessage, text } from '../ttlv-request.ts';
import { environmentOf, type InjectedFaults } from './injected-faults.ts';

const TIMEOUT_MS = 240_000;
const PATIENCE = { timeout: 60_000, interval: 100 };
const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-process-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(options: GatewayOptions): Promise<GatewayProcess> {
  const gateway = await startGateway(options);
  onTestFinished(() => gateway.kill('SIGKILL'));
  return gateway;
}

function connectTo(gateway: GatewayProcess, identity?: Identity): KmipClient {
  const client = clientOf(gateway, identity);
  onTestFinished(() => client.close());
  return client;
}

async function expectWholeLog({ dataDirectory }: GatewayProcess): Promise<void> {
  const verified = await runClaviger(['audit', 'verify', '--data-dir', dataDirectory]);
  expect(verified).toMatchObject({ exitCode: 0 });
}

/** What was acknowledged of keys: what each was made as, and read as ever since. */
function createLedger() {
  const materials = new Map<string, Uint8Array>();
  /** In the order in which they were acknowledged. */
  const deeds: string[] = [];
  return {
    deeds,
    get ids(): readonly string[] {
      return [...materials.keys()];
    },
    async create(client: KmipClient): Promise<string> {
      const id = await client.create(KEY);
      deeds.push(`hs-crypto.kmip-key.create ${id}`);
      materials.set(id, await read(client, id));
      return id;
    },
    /** Every key still is what it was. */
    async readAll(client: KmipClient): Promise<void> {
      for (const [id, material] of materials) expect(await read(client, id)).toEqual(material);
    },
  };

  async function read(client: KmipClient, id: string): Promise<Uint8Array> {
    const { material = new Uint8Array() } = await client.get(id);
    deeds.push(`hs-crypto.kmip-key.read ${id}`);
    return material;
  }
}

const deedOf = (event: AuditEvent) => `${event.action} ${objectOf(event)}`;

/** Each deed has its event, once, in the order of the acknowledgements; others of these keys there are none. */
async function expectEventEach(
  { dataDirectory }: GatewayProcess,
  { deeds, ids }: { readonly deeds: readonly string[]; readonly ids: readonly string[] },
): Promise<void> {
  const known = new Set(ids);
  const events = (await readEvents(dataDirectory)).filter((event) =>
    known.has(objectOf(event) ?? ''),
  );
  expect(events.map(deedOf)).toEqual(deeds);
}

describe('a gateway whose clock jumps', () => {
  async function startWithClock() {
    const directory = aDirectory();
    const clock = join(directory, 'clock');
    const gateway = await start({
      dataDirectory: join(directory, 'data'),
      env: { ...environmentOf({ clock }), CLAVIGER_AUDIT__CHECKPOINT_SECONDS: '1' },
    });
    // Good for 30 days, as of two days ago: a clock that is hours slow does not come before it.
    const identity = await makeClientCertificate(
      directory,
      'steady',
      undefined,
      () => Date.now() - 2 * DAY_MS,
    );
    await addAdapter(gateway.dataDirectory, 'steady', [identity]);
    return {
      gateway,
      identity,
      async jumpTo(offsetMs: number) {
        writeFileSync(clock, String(offsetMs));
        await delay(50); // whoever asks for the time after this gets the new one
      },
    };
  }

  it('goes on with its keys, its log, its connections and what it has put off', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { gateway, identity, jumpTo } = await startWithClock();
    const began = Date.now();
    const idle = await connectRaw(gateway, identity);
    onTestFinished(() => void idle.socket.destroy());
    const open = connectTo(gateway, identity);
    const later = clientOf(gateway, identity, { protocolVersion: '2.1' });
    onTestFinished(() => later.close());
    const attributes = [
      attribute('CryptographicAlgorithm', 'AES'),
      attribute('CryptographicLength', 256),
      attribute('CryptographicUsageMask', 4),
    ];
    const ledger = createLedger();
    /** By how many hours the clock was wrong at each Create. */
    const hours: number[] = [];

    for (const offset of [0, 5, -5, 26, -26, 0]) {
      await jumpTo(offset * HOUR_MS);
      for (const client of [open, connectTo(gateway, identity)]) {
        await ledger.create(client);
        hours.push(offset);
        await ledger.readAll(client);
      }
      const payload = {
        objectType: 'SymmetricKey',
        attributes: { attributes, templateNames: [] },
      } as const;
      const { asynchronousCorrelationValue } = await sendForLater(later, 'Create', payload);
      await jumpTo(-offset * HOUR_MS);
      const polled = () => later.request('Poll', { asynchronousCorrelationValue });
      await expect
        .poll(polled, PATIENCE)
        .toMatchObject({ operation: 'Create', payload: { objectType: 'SymmetricKey' } });
    }
    idle.send(request([1, 4], 'Query', enumeration('QueryFunction', 1)));
    expect(parseAnswer((await idle.receive()) ?? new Uint8Array()).items).toMatchObject([
      { resultStatus: 'Success' },
    ]);

    // What came by the slowest clock is sealed in its time, too.
    await jumpTo(-26 * HOUR_MS);
    await ledger.create(open);
    hours.push(-26);
    const { length } = await readEvents(gateway.dataDirectory);
    const sealed = async () => {
      const { stdout } = await runClaviger([
        ...['audit', 'verify', '--data-dir', gateway.dataDirectory],
      ]);
      return Number(/sealed by a checkpoint of (\d+) events/.exec(stdout)?.[1]);
    };
    await expect.poll(sealed, PATIENCE).toBeGreaterThanOrEqual(length);

    await expectEventEach(gateway, ledger);
    const known = new Set(ledger.ids);
    const events = await readEvents(gateway.dataDirectory);
    const madeAt = events.flatMap((event) =>
      event.action === 'hs-crypto.kmip-key.create' && known.has(objectOf(event) ?? '')
        ? [Math.round((Date.parse(event.eventTime) - began) / HOUR_MS)]
        : [],
    );
    expect(madeAt).toEqual(hours);
    await gateway.stop();

    const again = await start({ dataDirectory: gateway.dataDirectory });
    await ledger.readAll(connectTo(again, identity));
    await expectWholeLog(again);
  });

  it('judges certificates by the clock as it is, also on open connections', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { gateway, identity, jumpTo } = await startWithClock();
    const open = connectTo(gateway, identity);
    const ledger = createLedger();
    await ledger.create(open);
    for (const wrong of [29 * DAY_MS, -3 * DAY_MS]) {
      await jumpTo(wrong);
      await expect(ledger.readAll(open)).rejects.toThrow();
      await expect(ledger.readAll(connectTo(gateway, identity))).rejects.toThrow();
      await jumpTo(0);
      await ledger.readAll(open);
    }
    await gateway.stop();
    await expectEventEach(gateway, ledger);
    const refused = (await readEvents(gateway.dataDirectory)).flatMap(({ reason, outcome }) =>
      outcome === 'failure' ? [reason.reasonForFailure ?? ''] : [],
    );
    for (const why of [/expired/, /not valid yet/]) {
      expect(refused).toContainEqual(expect.stringMatching(why));
    }
    await expectWholeLog(gateway);
  });
});

const hasPrlimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

/** Connections that say nothing. */
function connectMany({ kmip }: GatewayProcess, count: number) {
  let closed = 0;
  const sockets = Array.from({ length: count }, (): Socket => {
    const socket = connect(kmip.port, kmip.host).on('error', () => {});
    return socket.on('close', () => void closed++).resume();
  });
  const end = () => sockets.forEach((socket) => void socket.destroy());
  onTestFinished(end);
  return {
    end,
    get closed() {
      return closed;
    },
  };
}

const linesOf = ({ stderr }: GatewayProcess, words: string) =>
  stderr.split('\n').filter((line) => line.includes(words));

/** With a connection of its own for each attempt. */
async function canCreate(gateway: GatewayProcess, ledger: ReturnType<typeof createLedger>) {
  const client = clientOf(gateway);
  try {
    await ledger.create(client);
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

describe.skipIf(!hasPrlimit)('a gateway with few descriptors (needs prlimit of Linux)', () => {
  it('does not start with too few to work, and says what to do', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const dataDirectory = join(aDirectory(), 'data');
    const started = startGateway({ dataDirectory, via: ['prlimit', '--nofile=256:256'] });
    await expect(started).rejects.toMatchObject({
      ending: 2,
      message: expect.stringMatching(/256 files open.*needs 1024.*LimitNOFILE/),
    });
  });

  it('takes as many connections as fit, says so once, and serves those that it has', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const gateway = await start({
      dataDirectory: join(aDirectory(), 'data'),
      via: ['prlimit', '--nofile=1024:1024'],
      env: {
        CLAVIGER_KMIP__LISTENERS__0__MAX_HANDSHAKES_PER_ADDRESS: '8192',
        CLAVIGER_KMIP__LISTENERS__0__HANDSHAKE_TIMEOUT_MS: '120000',
      },
    });
    const [lowered = '{}'] = linesOf(gateway, 'too few files open for max_connections');
    const [fitting] = JSON.parse(lowered).maxConnections;
    expect(fitting).toBeLessThan(512);
    const open = connectTo(gateway);
    const ledger = createLedger();
    await ledger.create(open);

    const beyond = 100;
    const crowd = connectMany(gateway, fitting + beyond);
    await expect.poll(() => crowd.closed, PATIENCE).toBeGreaterThanOrEqual(beyond);
    await ledger.create(open);
    await ledger.readAll(open);
    expect(await canCreate(gateway, ledger)).toBe(false);
    expect(linesOf(gateway, 'a connection was dropped: too many are open')).toHaveLength(1);
    expect(readdirSync(`/proc/${gateway.pid}/fd`).length).toBeLessThan(1024);

    crowd.end();
    await expect.poll(() => canCreate(gateway, ledger), PATIENCE).toBe(true);
    await ledger.readAll(open);
    await gateway.stop();
    await expectEventEach(gateway, ledger);
    await expectWholeLog(gateway);
  });

  it('serves its connections while there is none left, and recovers by itself', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const gateway = await start({
      dataDirectory: join(aDirectory(), 'data'),
      via: ['prlimit', '--nofile=2048:2048'],
      env: { CLAVIGER_AUDIT__CHECKPOINT_SECONDS: '1' },
    });
    const allow = (count: number) =>
      execFileSync('prlimit', ['--pid', `${gateway.pid}`, `--nofile=${count}:2048`]);
    const open = connectTo(gateway);
    const ledger = createLedger();
    await ledger.create(open);

    allow(readdirSync(`/proc/${gateway.pid}/fd`).length);
    const crowd = connectMany(gateway, 50);
    await expect.poll(() => crowd.closed, PATIENCE).toBeGreaterThan(0);
    await ledger.create(open);
    await ledger.readAll(open);
    const notSealed = () => linesOf(gateway, 'the audit log is not sealed').length;
    await expect.poll(notSealed, PATIENCE).toBe(1);

    allow(2048);
    crowd.end();
    await expect.poll(() => canCreate(gateway, ledger), PATIENCE).toBe(true);
    const sealedAgain = () => linesOf(gateway, 'the audit log is sealed again').length;
    await expect.poll(sealedAgain, PATIENCE).toBe(1);
    expect(notSealed()).toBe(1);
    await ledger.readAll(open);
    await gateway.stop();
    await expectEventEach(gateway, ledger);
    await expectWholeLog(gateway);
  });
});

const LITTLE_MEMORY = '--max-old-space-size=80';

/** The environment of `environmentOf`, with a small heap for each thread. */
function withLittleMemory(faults: InjectedFaults = {}): Readonly<Record<string, string>> {
  const env = environmentOf(faults);
  return { ...env, NODE_OPTIONS: `${env['NODE_OPTIONS']} ${LITTLE_MEMORY}` };
}

describe('a gateway with little memory', () => {
  it('works on large requests and large batches a few at a time', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const [BATCHES, GETS] = [4, 3000];
    const gateway = await start({
      dataDirectory: join(aDirectory(), 'data'),
      env: withLittleMemory(),
    });
    const client = connectTo(gateway);
    const ledger = createLedger();
    const id = await ledger.create(client);
    const ids = Array.from({ length: GETS }, (_, at) => Uint8Array.of(at >> 8, at & 255));
    const gets = ids.map((itemId) => batchItem('Get', [text('UniqueIdentifier', id)], itemId));
    const batch = requestMessage(header([1, 4], GETS), ...gets);

    async function sendBatch(): Promise<boolean> {
      const connection = await connectRaw(gateway);
      try {
        connection.send(batch);
        const { items } = parseAnswer(await answerOf(connection));
        expect(items).toHaveLength(GETS);
        // All of them, or none: that it has waited too long.
        const results = new Set(items.map((item) => item.resultReason ?? item.resultStatus));
        expect([['Success'], ['GeneralFailure']]).toContainEqual([...results]);
        return results.has('Success');
      } finally {
        connection.socket.destroy();
      }
    }

    const opaqueDataValue = new Uint8Array(900_000).fill(7);
    async function registerLarge(): Promise<string> {
      const { uniqueIdentifier } = await client.request('Register', {
        objectType: 'OpaqueObject',
        attributes: { attributes: [], templateNames: [] },
        opaqueObject: { opaqueDataType: '0x80000001', opaqueDataValue },
      });
      return String(uniqueIdentifier);
    }

    const answered = await Promise.all(Array.from({ length: BATCHES }, sendBatch));
    const good = answered.filter(Boolean).length;
    expect(good).toBeGreaterThan(0);
    const large = await Promise.all(Array.from({ length: 8 }, registerLarge));
    for (const largeId of large) {
      expect((await client.get(largeId)).material).toEqual(opaqueDataValue);
    }
    await ledger.readAll(client);
    expect(gateway.exitCode).toBeNull();
    await gateway.stop();
    const reads = (await readEvents(gateway.dataDirectory)).filter(
      (event) => deedOf(event) === `hs-crypto.kmip-key.read ${id}` && event.outcome === 'success',
    );
    expect(reads).toHaveLength(good * GETS + 2);
    await expectWholeLog(gateway);
  });
});

/** However long it takes. */
async function answerOf({ receive }: Awaited<ReturnType<typeof connectRaw>>): Promise<Uint8Array> {
  for (;;) {
    const answer = await receive().catch(() => 'not yet' as const);
    if (answer === undefined) throw new Error('The gateway closed the connection.');
    if (answer !== 'not yet') return answer;
  }
}

/** The gateway's own end, with the word for the operator. */
const IN_ORDER = { endings: [3], words: /thread of the key store stopped .*restart/ };
/** V8 ends the thread without memory, or, where it is in the middle of a collection, the process. */
const BY_EITHER = {
  endings: [3, 'SIGABRT', 'SIGTRAP'],
  words: /thread of the key store stopped .*restart|heap out of memory/,
};

describe('a gateway that loses a thread under load', () => {
  it.each([
    ['the writer ends', '^COMMIT$', 'end-thread', IN_ORDER],
    ['a reader ends', '^select .* from "object" ', 'end-thread', IN_ORDER],
    ['the writer gets no more memory', '^BEGIN IMMEDIATE$', 'exhaust-memory', BY_EITHER],
  ] as const)(
    'ends when %s, and comes back with all that it had acknowledged',
    {
      timeout: TIMEOUT_MS,
    },
    async (_, sql, effect, { endings, words }) => {
      const directory = aDirectory();
      const dataDirectory = join(directory, 'data');
      const whileExists = join(directory, 'fault-is-on');
      const faults = [{ sql, when: 'before', effect, whileExists } as const];
      const gateway = await start({ dataDirectory, env: withLittleMemory({ faults }) });
      const load = startLoad(gateway, [], { prefix: 'key', seed: 1 });
      await load.firstAnswer;
      await delay(200);
      writeFileSync(whileExists, '');
      await expect.poll(() => gateway.signal ?? gateway.exitCode, PATIENCE).toBeOneOf(endings);
      expect(gateway.stderr).toMatch(words);
      await load.ended;

      const again = await start({ dataDirectory });
      const { problems } = await compare(again, newLogCopy(), load.newKeys, () => true);
      expect(problems).toEqual([]);
      expect(load.acknowledged).toBeGreaterThan(0);
    },
  );
});
