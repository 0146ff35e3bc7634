import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyStore, type NewEvent, openSqliteKeyStore } from '@claviger/key-store';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogRetention } from '../../audit-log/log-retention.ts';
import { loadSettings } from '../../config/load-settings.ts';
import { AMBIENT, aTemporaryDirectory, run } from '../../gateway.fixtures.ts';
import { openInstallation } from '../../installation.ts';

const TIMEOUT_MS = 120_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const OLD_EVENTS = 3_000;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let dataDir: string;
let config: string;
beforeEach(async () => {
  directory = await aTemporaryDirectory();
  dataDir = join(directory.path, 'data');
  await mkdir(join(dataDir, 'keys'), { recursive: true });
  config = join(directory.path, 'claviger.toml');
  await writeFile(config, `data_dir = "data"\n[audit]\nretention_days = 30\n`);
  await withStore(async (store) => {
    const time = Date.now() - 31 * DAY_MS;
    for (let first = 1; first <= OLD_EVENTS; first += 500) {
      const events = Array.from({ length: 500 }, (_, at) => anEvent(first + at, time));
      await store.commit({ guards: [], changes: [], events });
    }
    await store.commit({ guards: [], changes: [], events: [anEvent(OLD_EVENTS + 1, Date.now())] });
  });
});
afterEach(() => directory.remove());

async function withStore<T>(work: (store: KeyStore) => Promise<T>): Promise<T> {
  const store = await openSqliteKeyStore({ path: join(dataDir, 'claviger.db') });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function anEvent(number: number, time: number): NewEvent {
  return {
    id: `event-${number}`,
    time,
    action: 'hs-crypto.kmip-key.create',
    outcome: 'success',
    severity: 'normal',
    initiatorId: 'claviger',
    targetId: 'target',
    adapterId: null,
    correlationId: null,
    body: `{"id":"event-${number}"}`,
  };
}

async function audit(...args: readonly string[]) {
  const result = await run(['audit', ...args, '--config', config, '--json']);
  return { ...result, value: result.out === '' ? undefined : JSON.parse(result.out) };
}

const firstEvent = () => withStore(async (store) => (await store.readLogExtent()).firstSequence);
const exportTo = (name: string) => audit('export', '--out', join(directory.path, name));

describe('audit retention', { timeout: TIMEOUT_MS }, () => {
  it('deletes nothing that is not sealed', async () => {
    const { value } = await audit('retention');
    expect(value).toMatchObject({ deleted: 0, heldBy: { kind: 'not-sealed', after: 0 } });
    expect(await firstEvent()).toBe(1);
  });

  it('deletes whole blocks of what is old and sealed; the rest is exported and verified', async () => {
    expect((await exportTo('before')).code).toBe(0);
    const dry = await audit('retention', '--dry-run');
    expect(dry.value).toMatchObject({ deleted: 0, firstSequence: 1, upTo: 2048 });
    expect(dry.value.heldBy).toBeUndefined();
    expect(await firstEvent()).toBe(1);

    expect((await audit('retention')).value).toMatchObject({ deleted: 2048, upTo: 2048 });
    expect(await firstEvent()).toBe(2049);
    const told = await withStore((store) =>
      store.queryEvents({ limit: 1, actions: ['claviger.audit-events.delete'] }),
    );
    expect(JSON.parse(told.events[0]?.body ?? '')).toMatchObject({
      requestData: { firstSequence: 1, lastSequence: 2048 },
    });

    const after = (await exportTo('after')).value;
    expect(after).toMatchObject({ from: 2049 });
    const verify = (...args: readonly string[]) => run(['audit', 'verify', ...args, '--json']);
    const bundles = [join(directory.path, 'after'), join(directory.path, 'before')];
    for (const bundle of bundles) expect((await verify(bundle)).code).toBe(0);
    expect((await verify('--data-dir', dataDir)).code).toBe(0);
    expect((await audit('retention')).value).toMatchObject({ deleted: 0 });
  });

  it('waits for every sink, one that was never served and one that is gone', async () => {
    await exportTo('sealed');
    const sink = `[[audit.sinks]]\nname = "siem"\ntype = "stdout"\n`;
    await writeFile(config, `data_dir = "data"\n[audit]\nretention_days = 30\n${sink}`);
    expect((await audit('retention')).value).toMatchObject({
      deleted: 0,
      heldBy: { kind: 'not-delivered', sink: 'siem', after: 0, isConfigured: true },
    });
    await withStore(async (store) => {
      await store.writeSinkCursor('siem', OLD_EVENTS, Date.now());
      await store.writeSinkCursor('gone', 1_500, Date.now());
    });
    expect((await audit('retention')).value).toMatchObject({
      deleted: 1024,
      heldBy: { sink: 'gone', after: 1_500, isConfigured: false },
    });
    expect((await audit('sinks')).value).toMatchObject([
      { name: 'gone', isConfigured: false, sequence: 1_500 },
      { name: 'siem', isConfigured: true, sequence: OLD_EVENTS },
    ]);
    expect(await audit('remove-sink', 'siem', '--yes')).toMatchObject({ code: 5 });
    expect(await audit('remove-sink', 'gone')).toMatchObject({ code: 5 });
    expect(await audit('remove-sink', 'nobody', '--yes')).toMatchObject({ code: 5 });
    expect(await audit('remove-sink', 'gone', '--yes')).toMatchObject({ code: 0 });
    expect((await audit('retention')).value).toMatchObject({ deleted: 1024, upTo: 2048 });
  });

  it('needs to know how long events are kept', async () => {
    const { code, err } = await run(['audit', 'retention', '--data-dir', dataDir]);
    expect(code).toBe(2);
    expect(err).toContain('audit.retention_days is not set');
  });
});

describe('a gateway with audit.retention_days', { timeout: TIMEOUT_MS }, () => {
  it('deletes by itself, and does nothing without the setting', async () => {
    await exportTo('sealed');
    const settings = await loadSettings({
      configFile: config,
      environment: {},
      overrides: [],
      workingDirectory: directory.path,
    });
    const installation = await openInstallation(settings, AMBIENT);
    const rounds: (() => Promise<void>)[] = [];
    const timers = {
      every(_: number, work: () => Promise<void>) {
        rounds.push(work);
        return () => {};
      },
    };
    const deps = { log: pino({ level: 'silent' }), timers };
    createLogRetention(
      { ...settings.audit, retention_days: undefined },
      installation,
      deps,
    ).start();
    expect(rounds).toHaveLength(0);
    const retention = createLogRetention(settings.audit, installation, deps);
    retention.start();
    for (const round of rounds) await round();
    expect((await installation.store.readLogExtent()).firstSequence).toBe(2049);
    await retention.close();
    await installation.close();
  });
});
