import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withCommitFeed } from '../commit-feed.ts';
import { type SinkSettings, sinkSettings } from '../config/sink-settings.ts';
import { type AuditDelivery, createAuditDelivery } from './audit-delivery.ts';

let directory: string;
const started: AuditDelivery[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claviger-audit-delivery-'));
});
afterEach(async () => {
  for (const delivery of started.splice(0)) await delivery.close();
  await rm(directory, { recursive: true, force: true });
});

const settingsOf = (...sinks: readonly object[]): readonly SinkSettings[] =>
  sinkSettings.parse(sinks);

function aDelivery(sinks: readonly SinkSettings[], store = createMemoryKeyStore()) {
  const stdout = new PassThrough();
  const log = pino({ level: 'silent' });
  const feed = withCommitFeed(store);
  const deps = { ...feed, now: Date.now, random: Math.random, log, stdout };
  const delivery = createAuditDelivery(sinks, deps);
  started.push(delivery);
  return { store: feed.store, stdout, delivery };
}

const anEvent = (index: number, severity = 'normal') => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  time: 1_772_442_847_310,
  action: 'hs-crypto.kmip-key.create',
  outcome: 'success',
  severity,
  initiatorId: 'claviger',
  targetId: 'target',
  adapterId: null,
  correlationId: null,
  body: `{"id":"${index}","severity":"${severity}"}`,
});

describe('the sinks of the configuration', () => {
  it('receive what the store commits, each through its filter; their places are in the store', async () => {
    const path = join(directory, 'audit.jsonl');
    const { store, stdout, delivery } = aDelivery(
      settingsOf(
        { name: 'file', type: 'file', path },
        { name: 'console', type: 'stdout', severities: ['critical'] },
      ),
    );
    delivery.start();
    await store.commit({ guards: [], changes: [], events: [anEvent(1), anEvent(2, 'critical')] });
    await expect
      .poll(() => store.readSinkCursor('file'), { timeout: 10_000 })
      .toMatchObject({
        sequence: 2,
      });
    const bodies = (await store.listEvents({ afterSequence: 0, limit: 9 })).map(({ body }) => body);
    expect(await readFile(path, 'utf8')).toBe(bodies.map((body) => `${body}\n`).join(''));
    await expect.poll(() => store.readSinkCursor('console')).toMatchObject({ sequence: 2 });
    expect(String(stdout.read())).toBe(`${bodies[1]}\n`);
  });

  it('hear of a commit, and do not wait until they look by themselves', async () => {
    const feed = withCommitFeed(createMemoryKeyStore());
    let looked = 0;
    const store = {
      ...feed.store,
      async listEvents(query: Parameters<typeof feed.store.listEvents>[0]) {
        looked += 1;
        return await feed.store.listEvents(query);
      },
    };
    const stdout = new PassThrough();
    const delivery = createAuditDelivery(settingsOf({ name: 'console', type: 'stdout' }), {
      store,
      commits: feed.commits,
      now: Date.now,
      random: Math.random,
      log: pino({ level: 'silent' }),
      stdout,
      pollMs: 3_600_000,
    });
    started.push(delivery);
    delivery.start();
    await expect.poll(() => looked).toBe(1);
    await feed.store.commit({ guards: [], changes: [], events: [anEvent(1)] });
    await expect
      .poll(() => store.readSinkCursor('console'), { timeout: 10_000 })
      .toMatchObject({ sequence: 1 });
  });

  it('go on where they stopped', async () => {
    const path = join(directory, 'audit.jsonl');
    const sinks = settingsOf({ name: 'file', type: 'file', path });
    const { store, delivery } = aDelivery(sinks);
    delivery.start();
    await store.commit({ guards: [], changes: [], events: [anEvent(1)] });
    await expect
      .poll(() => store.readSinkCursor('file'), { timeout: 10_000 })
      .toMatchObject({
        sequence: 1,
      });
    await delivery.close();
    await store.commit({ guards: [], changes: [], events: [anEvent(2)] });
    aDelivery(sinks, store).delivery.start();
    await expect
      .poll(() => store.readSinkCursor('file'), { timeout: 10_000 })
      .toMatchObject({
        sequence: 2,
      });
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('do not use a secret that is open to others', async () => {
    const token = join(directory, 'token');
    await writeFile(token, 'very secret');
    await chmod(token, 0o644);
    const settings = { name: 'siem', type: 'https', url: 'http://127.0.0.1:9/', token_file: token };
    const { store, delivery } = aDelivery(settingsOf(settings));
    delivery.start();
    await store.commit({ guards: [], changes: [], events: [anEvent(1)] });
    const failure = () => delivery.delivery?.status()[0]?.lastFailure;
    await expect.poll(() => failure()?.kind, { timeout: 10_000 }).toBe('misconfigured');
    expect(failure()?.message).toContain('chmod 600');
    expect(failure()?.message).not.toContain('very secret');
  });

  it.each([
    [{ type: 'https', url: 'http://siem.example.com' }, 'over https only'],
    [{ type: 'otlp', url: 'nonsense' }, 'Invalid URL'],
    [
      {
        type: 'kafka',
        brokers: ['k:9092'],
        topic: 'a',
        tls: false,
        sasl_mechanism: 'plain',
        sasl_username: 'u',
        sasl_password_file: '/p',
      },
      'it needs TLS',
    ],
  ])('that cannot be are refused at the start: %j', (sink, message) => {
    expect(() => aDelivery(settingsOf({ name: 'one', ...sink }))).toThrow(
      new RegExp(`^audit\\.sinks\\[0\\] \\(one\\): .*${message}`),
    );
  });
});
