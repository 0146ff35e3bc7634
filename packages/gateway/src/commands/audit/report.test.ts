import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
} from '../../gateway.fixtures.ts';

const TIMEOUT_MS = 180_000;
const PERIOD = ['--from', '2020-01-01', '--framework', 'soc2'] as const;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  expect((await gateway.command('key', 'create', 'payments')).code).toBe(0);
}, TIMEOUT_MS);
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

const pathOf = (name: string) => join(directory.path, name);

describe('audit report', { timeout: TIMEOUT_MS }, () => {
  it('writes a page and the same as JSON, and leaves an event', async () => {
    const out = pathOf('report.html');
    const made = await gateway.command('audit', 'report', ...PERIOD, '--out', out, '--json');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(made.out)).toMatchObject({ framework: 'soc2', isWhole: true });
    const page = await readFile(out, 'utf8');
    const data = JSON.parse(await readFile(pathOf('report.json'), 'utf8'));
    expect(page).toContain('The log is whole');
    expect(data.rootKeys.keys.rows.map(({ name }: { name: string }) => name)).toContain('payments');
    expect(data.verification.treeSize).toBeGreaterThanOrEqual(data.events);
    expect(data.verification.checkpoint).toContain('claviger/audit-log/');
    const listed = await gateway.command('events', 'list', '--json');
    expect(listed.out).toContain('"purpose":"report"');
  });

  it('replaces nothing unless told', async () => {
    const out = pathOf('twice.html');
    const again = ['audit', 'report', ...PERIOD, '--out', out] as const;
    expect((await gateway.command(...again)).code).toBe(0);
    expect(await gateway.command(...again)).toMatchObject({ code: 3 });
    expect((await gateway.command(...again, '--force')).code).toBe(0);
  });

  it.each([
    ['a framework that it does not know', ['--from', '2020-01-01', '--framework', 'cobit']],
    ['a period that ends before it begins', [...PERIOD, '--to', '2019-01-01']],
    ['events by number', ['--from', '7', '--framework', 'soc2']],
  ])('refuses %s', async (_what, options) => {
    const out = pathOf('refused.html');
    expect((await gateway.command('audit', 'report', ...options, '--out', out)).code).toBe(2);
    await expect(readFile(out)).rejects.toThrow();
  });
});
