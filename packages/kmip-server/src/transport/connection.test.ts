import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VendorAttribute } from '@claviger/kmip-protocol';
import { TAGS } from '@claviger/kmip-protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aMessage, parseAnswer } from '../messages.fixtures.ts';
import { addAttribute, create, getAttributes, QUERY } from '../requests.fixtures.ts';
import { type Rig, type RigOptions, startRig } from '../server.fixtures.ts';
import { connectRawClient, type RawClient } from './raw-client.fixtures.ts';

let shared: Rig;
const started: Rig[] = [];
const clients: RawClient[] = [];
beforeAll(async () => {
  shared = await startRig();
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  for (const rig of started.splice(0)) await rig.close();
});
afterAll(() => shared.close());

async function connected(rig = shared): Promise<RawClient> {
  const client = await connectRawClient(rig);
  clients.push(client);
  return client;
}

/** A rig of the test's own, and a client of it. */
async function start(options?: RigOptions): Promise<{ rig: Rig; client: RawClient }> {
  const rig = await startRig(options);
  started.push(rig);
  return { rig, client: await connected(rig) };
}

/** A request whose answer can be told from others. */
function numbered(number: number): Uint8Array {
  return aMessage('1.4', [{ ...QUERY, id: Uint8Array.of(number) }]);
}

/** The numbers of the answers that come, until `count` or the end. */
async function numbersFrom(client: RawClient, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const answer = await client.next();
    if (answer === undefined) break;
    numbers.push(parseAnswer(answer).items[0]?.uniqueBatchItemID?.[0] ?? -1);
  }
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Makes a key whose attributes take about 100 KiB, and answers its identifier. */
async function makeLargeKey(rig: Rig, client: RawClient): Promise<string> {
  client.write(aMessage('1.4', [create()]));
  await client.next();
  const id = (await rig.events()).at(-1)?.target.name ?? '';
  const large: VendorAttribute = {
    kind: 'vendor',
    vendorIdentification: 'x',
    name: 'Large',
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'ByteString', value: randomBytes(100 * 1024) },
  };
  client.write(aMessage('1.4', [addAttribute(large, id)]));
  await client.next();
  return id;
}

describe('a connection', () => {
  it('answers requests in the order in which they came, however fast they came', async () => {
    const client = await connected();
    client.write(Buffer.concat(upTo(200).map(numbered)));
    expect(await numbersFrom(client, 200)).toEqual(upTo(200));
  });

  it('takes its bytes in pieces of any size', async () => {
    const client = await connected();
    client.socket.setNoDelay(true);
    const bytes = Buffer.concat(upTo(4).map(numbered));
    for (const size of [1, 7, 8, 9, 100]) {
      for (let at = 0; at < bytes.length; at += size) {
        client.write(bytes.subarray(at, at + size));
        if (at % (10 * size) === 0) await sleep(1);
      }
      expect(await numbersFrom(client, 4)).toEqual(upTo(4));
    }
  });

  it('answers what came in whole before bytes that are no KMIP, then ends', async () => {
    const client = await connected();
    client.write(Buffer.concat([...upTo(3).map(numbered), Buffer.from('GET / HTTP/1.1\r\n\r\n')]));
    expect(await numbersFrom(client, 4)).toEqual(upTo(3));
    expect((await shared.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-request.default',
      outcome: 'failure',
    });
  });

  it('refuses a message that announces more than it may have, before it comes', async () => {
    const { rig, client } = await start({ limits: { maxMessageBytes: 1000 } });
    client.write(Buffer.from('420078010000ffff', 'hex'));
    expect(await client.next()).toBeUndefined();
    expect((await rig.events()).at(-1)?.reason.reasonForFailure).toContain('1000');
  });

  it('stops working for a client that does not read, and goes on when it does', async () => {
    const rig = shared;
    const client = await connected();
    const id = await makeLargeKey(rig, client);
    client.socket.pause();
    const before = (await rig.events()).length;
    const count = 300; // 30 MB of answers
    for (const _ of upTo(count)) client.write(aMessage('1.4', [getAttributes(id)]));
    const answered = async () => (await rig.events()).length - before;
    let last = -1;
    await vi.waitUntil(
      async () => {
        const now = await answered();
        const isStanding = now === last && now > 0;
        last = now;
        return isStanding;
      },
      { timeout: 10_000, interval: 300 },
    );
    expect(last).toBeLessThan(count);
    client.socket.resume();
    for (const _ of upTo(count)) expect(await client.next()).toBeDefined();
    expect(await answered()).toBe(count);
  });

  it('gives up a client that does not take its answer in time', async () => {
    const { rig, client } = await start({ limits: { writeTimeoutMs: 300 } });
    const id = await makeLargeKey(rig, client);
    client.socket.pause();
    for (const _ of upTo(300)) client.write(aMessage('1.4', [getAttributes(id)]));
    await vi.waitUntil(
      () =>
        rig.log.some(
          ({ fields }) => 'reason' in fields && /take its answer/.test(`${fields.reason}`),
        ),
      { timeout: 30_000 },
    );
  }, 60_000);

  it('reads no further than it may let wait, and loses nothing', async () => {
    const { client } = await start({ limits: { maxQueuedRequests: 2 } });
    client.write(Buffer.concat(upTo(100).map(numbered)));
    expect(await numbersFrom(client, 100)).toEqual(upTo(100));
  });

  it('leaves nothing behind when clients break off at any moment', async () => {
    const { rig } = await start();
    const troubles: unknown[] = [];
    const note = (trouble: unknown) => troubles.push(trouble);
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
    try {
      const bytes = Buffer.concat(upTo(3).map(numbered));
      for (let at = 0; at < bytes.length; at += 41) {
        const client = await connected(rig);
        client.write(bytes.subarray(0, at));
        if (at % 2 === 0) client.socket.end();
        if (at % 3 === 0) await sleep(1);
        client.socket.destroy();
        await client.closed;
      }
      await rig.server.close();
      await sleep(10);
      expect(troubles).toEqual([]);
      expect(rig.log.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    }
  });
});

describe('an answer', () => {
  it('does not leave, not even in part, before its event is durable', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { client } = await start({
      wrapStore: (store) => ({ ...store, commit: (unit) => gate.then(() => store.commit(unit)) }),
    });
    client.write(numbered(7));
    const answer = numbersFrom(client, 1);
    const bytesBefore = client.socket.bytesRead;
    await sleep(100);
    expect(client.socket.bytesRead).toBe(bytesBefore);
    finish();
    expect(await answer).toEqual([7]);
  });
});

describe('a stop', () => {
  it('finishes the request in progress, and those that had arrived', async () => {
    let finish = () => {};
    let isCommitting = false;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { rig, client } = await start({
      wrapStore: (store) => ({
        ...store,
        async commit(unit) {
          isCommitting = true;
          await gate;
          return await store.commit(unit);
        },
      }),
    });
    client.write(Buffer.concat(upTo(3).map(numbered)));
    await vi.waitUntil(() => isCommitting);
    const stopped = rig.server.close();
    finish();
    expect(await numbersFrom(client, 4)).toEqual(upTo(3));
    client.socket.end();
    await stopped;
  });

  it('waits for a store that hangs no longer than it may', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { rig, client } = await start({
      limits: { shutdownTimeoutMs: 200 },
      wrapStore: (store) => ({ ...store, commit: (unit) => gate.then(() => store.commit(unit)) }),
    });
    client.write(numbered(1));
    await sleep(50);
    await rig.server.close();
    expect(await client.next()).toBeUndefined();
    finish();
  });
});
