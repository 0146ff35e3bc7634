import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { anEvent, createMemoryKeyStore } from '@claviger/key-store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, aRootKeyIn, INSTANCE_ID, type Rig } from '../management-api.fixtures.ts';
import { readableOf } from '../server/streamed-body.ts';
import { createEventStreams, MAX_STREAMS } from './event-streams.ts';

const FAST = { pollMs: 5, heartbeatMs: 20 };
const SIGNAL = new AbortController().signal;

async function aLog(count: number) {
  const store = createMemoryKeyStore();
  const add = async (action: string) => {
    const event = anEvent({ action, body: '{"action":"a"}' });
    await store.commit({ guards: [], changes: [], events: [event] });
  };
  for (let index = 0; index < count; index += 1) await add(index % 2 === 0 ? 'even' : 'odd');
  return { store, add };
}

/** Reads pieces until the text fits. */
async function readUntil(pieces: AsyncIterator<string>, form: RegExp): Promise<string> {
  let text = '';
  while (!form.test(text)) {
    const { done, value } = await pieces.next();
    if (done) throw new Error(`The stream has ended after: ${text}`);
    text += value;
  }
  return text;
}

const idsIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent: audit$/gm)].map(([, id]) => Number(id));

describe('a log that is followed', () => {
  const follow = (afterSequence: number, search = {}, stillAllowed = async () => {}) => ({
    search,
    afterSequence,
    stillAllowed,
  });

  it('tells each event once, in order, also those that come later', async () => {
    const { store, add } = await aLog(250);
    const streams = createEventStreams(store, FAST);
    const pieces = streams.follow(follow(10), SIGNAL)[Symbol.asyncIterator]();
    const before = await readUntil(pieces, /^id: 250$/m);
    expect(idsIn(before)).toEqual(Array.from({ length: 240 }, (_, index) => index + 11));
    await add('odd');
    await add('odd');
    expect(idsIn(await readUntil(pieces, /^id: 252$/m))).toEqual(expect.arrayContaining([252]));
    streams.close();
  });

  it('moves the place on by heartbeats where the filter lets nothing pass', async () => {
    const { store } = await aLog(20);
    const streams = createEventStreams(store, FAST);
    const pieces = streams.follow(follow(3, { actions: ['even'] }), SIGNAL)[Symbol.asyncIterator]();
    const text = await readUntil(pieces, /: still here/);
    expect(idsIn(text)).toEqual([5, 7, 9, 11, 13, 15, 17, 19]);
    expect(text).toContain(': still here\nid: 20\n\n');
    streams.close();
  });

  it('ends when its caller may not read any more', async () => {
    const { store } = await aLog(1);
    const streams = createEventStreams(store, FAST);
    const refuse = async () => {
      throw new Error('revoked');
    };
    const pieces = streams.follow(follow(0, {}, refuse), SIGNAL)[Symbol.asyncIterator]();
    await expect(readUntil(pieces, /never/)).rejects.toThrow('revoked');
  });

  it('has no more readers than it may, and room again when one has gone', async () => {
    const { store } = await aLog(1);
    const streams = createEventStreams(store, FAST);
    const gone = new AbortController();
    const readers = Array.from({ length: MAX_STREAMS }, () =>
      streams.follow(follow(0), gone.signal)[Symbol.asyncIterator](),
    );
    for (const reader of readers) await reader.next();
    expect(() => streams.checkRoom()).toThrow(/32 streams already/);
    const late = streams.follow(follow(0), SIGNAL)[Symbol.asyncIterator]();
    expect(await late.next()).toMatchObject({ done: true });
    gone.abort();
    for (const reader of readers) {
      while (!(await reader.next()).done);
    }
    streams.checkRoom();
    streams.close();
    expect(() => streams.checkRoom()).toThrow();
  });
});

describe('a body of pieces', () => {
  it('makes no piece before the one before it was taken, and gives up a reader that takes none', async () => {
    let made = 0;
    async function* endless() {
      for (;;) {
        made += 1;
        yield 'x'.repeat(1000);
      }
    }
    const body = readableOf(endless(), 50);
    const ended = new Promise<Error>((resolve) => body.once('error', resolve));
    body.read(0);
    expect((await ended).message).toMatch(/took nothing/);
    expect(made).toBeLessThan(5);
  });
});

describe('the stream of the API', () => {
  let rig: Rig;
  let port: number;
  beforeEach(async () => {
    rig = aRig();
    ({ port } = await rig.api.listen({ host: '127.0.0.1', port: 0 }));
  });
  afterEach(() => rig.close());

  async function open(query: string, headers: Record<string, string> = {}) {
    const authorization = `Bearer ${await rig.tokenOf('AuditReader')}`;
    rig.countCalls(1);
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = httpRequest({
        port,
        path: `/api/v2/events${query}`,
        headers: {
          accept: 'text/event-stream',
          authorization,
          'bluemix-instance': INSTANCE_ID,
          ...headers,
        },
      });
      sent.on('response', resolve).on('error', reject).end();
    });
  }
  const textsOf = (response: IncomingMessage) =>
    response.setEncoding('utf8')[Symbol.asyncIterator]();

  it('follows the log over the network and resumes after Last-Event-ID', async () => {
    await aRootKeyIn(rig);
    const first = await open('?last=1&action=hs-crypto.*');
    expect(first.headers['content-type']).toBe('text/event-stream');
    const pieces = textsOf(first);
    const begin = await readUntil(pieces, /event: audit/);
    const [id] = idsIn(begin);
    const key = await aRootKeyIn(rig);
    expect(await readUntil(pieces, new RegExp(key))).toContain('hs-crypto.secrets.create');
    first.destroy();

    const second = await open('?action=hs-crypto.*', { 'last-event-id': String(id) });
    expect(await readUntil(textsOf(second), new RegExp(key))).toContain('event: audit');
    second.destroy();
  });

  it('ends when the API closes', async () => {
    const response = await open('');
    const pieces = textsOf(response);
    await readUntil(pieces, /retry/);
    const closing = rig.api.close();
    while (!(await pieces.next()).done);
    await closing;
  });

  it('refuses a Last-Event-ID that is none', async () => {
    const response = await open('', { 'last-event-id': 'x' });
    expect(response.statusCode).toBe(400);
    response.resume();
    await delay(10);
  });
});
