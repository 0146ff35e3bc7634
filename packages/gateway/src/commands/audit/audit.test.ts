import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
  run,
} from '../../gateway.fixtures.ts';

const TIMEOUT_MS = 180_000;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  for (const name of ['one', 'two', 'three', 'four', 'five']) await makeApiKey(name);
}, TIMEOUT_MS);
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

const pathOf = (name: string) => join(directory.path, name);
const keyPath = () => join(gateway.dataDir, 'keys', 'audit-signing.key');

async function makeApiKey(name: string): Promise<void> {
  const made = await gateway.command('apikey', 'create', '--role', 'Reader', '--name', name);
  expect(made.code).toBe(0);
}

async function anExport(name: string, ...args: readonly string[]): Promise<string> {
  const path = pathOf(name);
  expect(await gateway.command('audit', 'export', '--out', path, ...args)).toMatchObject({
    code: 0,
    err: '',
  });
  return path;
}

async function findings(...args: readonly string[]) {
  const { code, out } = await run(['audit', 'verify', ...args, '--json']);
  return { code, ...JSON.parse(out) };
}

describe('audit export and verify', { timeout: TIMEOUT_MS }, () => {
  it('export the log while the gateway runs, and find it whole', async () => {
    const path = await anExport('whole');
    expect((await readdir(path)).sort()).toEqual([
      'checkpoint',
      'checkpoints.jsonl',
      'events.jsonl',
      'log.pub',
      'proof.json',
    ]);
    const lines = (await readFile(join(path, 'events.jsonl'), 'utf8')).trimEnd().split('\n');
    for (const line of lines) assertValidEvent(JSON.parse(line));
    const listed = await gateway.command('events', 'list', '--json');
    expect(lines).toEqual(listed.out.trimEnd().split('\n'));

    const verified = await run(['audit', 'verify', path]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain(`The log is whole: events 1 to ${lines.length}`);
    expect(verified.out).toContain('The key came with the log');
    const trusted = await run(['audit', 'verify', path, '--public-key', join(path, 'log.pub')]);
    expect([trusted.code, trusted.out.includes('The key came with')]).toEqual([0, false]);
  });

  it('export a part, by numbers or by time', async () => {
    const numbers = await anExport('numbers', '--from', '2', '--to', '3');
    expect(await findings(numbers)).toMatchObject({ code: 0, from: 2, to: 3, events: 2 });
    const day = await anExport('day', '--from', '2020-01-01', '--to', '2999-01-01T00:00:00+01:00');
    expect(await findings(day)).toMatchObject({ code: 0, from: 1 });
    for (const [from, to, code] of [
      ['3', '2', 5],
      ['1', '99999', 5],
      ['2020-01-01', '2020-01-02', 5],
      ['yesterday', '3', 2],
      ['0', '3', 2],
    ] as const) {
      const none = ['audit', 'export', '--out', pathOf('none'), '--from', from, '--to', to];
      expect((await gateway.command(...none)).code, `${from} ${to}`).toBe(code);
    }
  });

  it('find what was changed, and end with 1', async () => {
    const path = await anExport('changed');
    const file = join(path, 'events.jsonl');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"apiKeyName":"two"', '"apiKeyName":"2wo"'));
    const found = await run(['audit', 'verify', path]);
    expect(found).toMatchObject({ code: 1, err: '' });
    // Where the changed event is the last that a checkpoint seals, that does not fit either.
    expect(found.out).toMatch(
      /The log is not whole: [12] findings?\.\n[\s\S]* {2}changed {4}Event \d+ is not/,
    );
    await writeFile(file, 'PK\u0003\u0004 \u001b[31m');
    const foreign = await run(['audit', 'verify', path]);
    expect(foreign).toMatchObject({ code: 1, err: '' });
    expect(foreign.out).not.toContain('\u001b');
  });

  it('end with 2 when there is nothing to verify', async () => {
    const path = await anExport('lacking');
    await rm(join(path, 'checkpoint'));
    for (const args of [[path], [pathOf('nowhere')], [], [pathOf('whole'), '--public-key', path]]) {
      const refused = await run(['audit', 'verify', ...args]);
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err).toMatch(/^error: /);
      expect(refused.err).not.toMatch(/ {4}at |defect/);
    }
    expect(await gateway.command('audit', 'export', '--out', path)).toMatchObject({
      code: 3,
      err: expect.stringContaining('is not empty'),
    });
  });

  it('show by a checkpoint that was kept that a log was cut', async () => {
    const early = await anExport('early');
    await makeApiKey('later');
    await anExport('late');
    const { out } = await gateway.command('audit', 'checkpoint');
    const witness = pathOf('checkpoint.txt');
    await writeFile(witness, out);
    expect(await findings(early)).toMatchObject({ code: 0 });
    expect(await findings(early, '--witness', witness)).toMatchObject({
      code: 1,
      findings: [{ kind: 'replayed' }],
    });
    expect(await findings(pathOf('late'), '--witness', witness)).toMatchObject({ code: 0 });
  });

  it('verify the log of a data directory', async () => {
    expect(await findings('--data-dir', gateway.dataDir)).toMatchObject({ code: 0, isWhole: true });
  });
});

describe('audit prove and verify-proof', { timeout: TIMEOUT_MS }, () => {
  it('prove one event alone', async () => {
    const path = pathOf('proof.json');
    const { out } = await gateway.command('events', 'list', '--json');
    const { id } = JSON.parse(out.split('\n')[2] ?? '');
    expect((await gateway.command('audit', 'prove', id, '--out', path)).code).toBe(0);
    const proven = await run(['audit', 'verify-proof', path]);
    expect(proven).toMatchObject({ code: 0, out: expect.stringContaining('this is event 3') });

    const changed = pathOf('changed-proof.json');
    await writeFile(changed, (await readFile(path, 'utf8')).replace('success', 'failure'));
    expect(await run(['audit', 'verify-proof', changed, '--json'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('"isProven":false'),
    });
    expect((await run(['audit', 'verify-proof', pathOf('nowhere')])).code).toBe(2);
    expect((await gateway.command('audit', 'prove', id, '--out', path)).code).toBe(3);
    expect((await gateway.command('audit', 'prove', 'nobody', '--out', `${path}2`)).code).toBe(5);
  });
});

describe('audit rotate-key', { timeout: TIMEOUT_MS }, () => {
  it('hands the log over, on the record, and the old key still verifies it', async () => {
    const before = await anExport('before-rotation');
    const mode = (await stat(keyPath())).mode & 0o777;
    const rotated = JSON.parse((await gateway.command('audit', 'rotate-key', '--json')).out);
    expect([mode, (await stat(keyPath())).mode & 0o777]).toEqual([0o600, 0o600]);
    const { out } = await gateway.command('events', 'list', '--json');
    const event = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1);
    assertValidEvent(event);
    expect(event).toMatchObject({
      action: 'claviger.audit-log-key.rotate',
      initiator: { id: 'LocalUser-tester' },
      requestData: { oldPublicKey: rotated.from, newPublicKey: rotated.to },
    });
    await makeApiKey('after the rotation');
    const after = await anExport('after-rotation');
    const oldKey = join(before, 'log.pub');
    expect(await findings(after, '--public-key', oldKey)).toMatchObject({
      code: 0,
      keys: [rotated.from, rotated.to],
    });
    expect((await readFile(join(after, 'log.pub'), 'utf8')).trim()).toBe(rotated.to);
  });

  it('is finished after a crash in the middle', async () => {
    await copyFile(keyPath(), pathOf('old.key'));
    await gateway.command('audit', 'rotate-key');
    // As if the new key had not come to its place.
    await rename(keyPath(), `${keyPath()}.next`);
    await rename(pathOf('old.key'), keyPath());
    await makeApiKey('after the crash');
    expect(await findings(await anExport('after-crash'))).toMatchObject({ code: 0 });
    expect(await readdir(join(gateway.dataDir, 'keys'))).not.toContain('audit-signing.key.next');
  });

  it('is refused without the old key, which nothing else is taken for; the gateway goes on', async () => {
    await rename(keyPath(), pathOf('kept.key'));
    const refused = await gateway.command('audit', 'rotate-key');
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('is gone. Restore it') });
    await writeFile(keyPath(), 'SECRET', { mode: 0o600 });
    const broken = await gateway.command('audit', 'export', '--out', pathOf('broken'));
    expect(broken).toMatchObject({ code: 3, err: expect.not.stringContaining('SECRET') });
    await makeApiKey('while there is no key');
    await rm(keyPath());
    await rename(pathOf('kept.key'), keyPath());
    expect(await findings(await anExport('restored'))).toMatchObject({ code: 0 });
  });
});

describe('a gateway that is stopped', { timeout: TIMEOUT_MS }, () => {
  it('has sealed everything', async () => {
    const own = await aTemporaryDirectory();
    try {
      const other = await aRunningGateway(own);
      await other.command('apikey', 'create', '--role', 'Reader');
      const { out } = await other.command('events', 'list', '--json');
      await other.stop();
      // With the event of that listing, which comes after what it lists.
      const events = out.trimEnd().split('\n').length + 1;
      const found = await findings('--data-dir', other.dataDir);
      expect(found).toMatchObject({ code: 0, to: events, treeSize: events });
    } finally {
      await own.remove();
    }
  });
});
