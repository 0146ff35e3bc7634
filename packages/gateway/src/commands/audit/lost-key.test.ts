import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRunningGateway, aTemporaryDirectory, run } from '../../gateway.fixtures.ts';

const TIMEOUT_MS = 180_000;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeEach(async () => {
  directory = await aTemporaryDirectory();
});
afterEach(() => directory.remove());

const pathOf = (name: string) => join(directory.path, name);

async function verified(...args: readonly string[]) {
  const { code, out } = await run(['audit', 'verify', ...args, '--json']);
  return { code, ...JSON.parse(out) };
}

describe('a gateway whose signing key is lost', { timeout: TIMEOUT_MS }, () => {
  it('goes on, and seals with another key after `audit rotate-key --lost`', async () => {
    const gateway = await aRunningGateway(directory);
    const { command, dataDir } = gateway;
    const keyPath = join(dataDir, 'keys', 'audit-signing.key');
    expect((await command('audit', 'export', '--out', pathOf('before'))).code).toBe(0);
    await copyFile(join(pathOf('before'), 'log.pub'), pathOf('old.pub'));
    await copyFile(join(pathOf('before'), 'checkpoint'), pathOf('witness'));

    const refused = await command('audit', 'rotate-key', '--lost', '--yes');
    expect(refused).toMatchObject({ code: 5 });
    expect(refused.err).toContain('leave out --lost');

    await rename(keyPath, `${keyPath}.gone`);
    expect((await gateway.kmip('create', '--name', 'vm-1')).code).toBe(0);
    const unsealed = await command('audit', 'rotate-key');
    expect(unsealed).toMatchObject({ code: 3 });
    expect(unsealed.err).toContain('rotate-key --lost');
    expect(await command('audit', 'rotate-key', '--lost')).toMatchObject({ code: 5 });

    const replaced = await command('audit', 'rotate-key', '--lost', '--yes', '--json');
    const { from, to } = JSON.parse(replaced.out);
    expect((await gateway.kmip('create', '--name', 'vm-2')).code).toBe(0);
    expect((await command('audit', 'export', '--out', pathOf('after'))).code).toBe(0);
    await gateway.stop();

    await writeFile(pathOf('new.pub'), `${to}\n`);
    expect(
      await verified(
        pathOf('after'),
        '--public-key',
        pathOf('new.pub'),
        '--witness',
        pathOf('witness'),
      ),
    ).toMatchObject({ code: 0, isWhole: true, keys: [from, to] });
    const byOld = await verified(pathOf('after'), '--public-key', pathOf('old.pub'));
    expect(byOld).toMatchObject({ code: 1, findings: [{ kind: 'untrusted' }] });
    expect(byOld.findings[0].message).toContain(to);
  });
});

describe('a gateway without extension actions', { timeout: TIMEOUT_MS }, () => {
  it('rotates its signing key all the same, and says so in the log', async () => {
    const environment = { ...directory.environment, CLAVIGER_AUDIT__EXTENSION_ACTIONS: 'false' };
    const gateway = await aRunningGateway({ ...directory, environment });
    expect(await gateway.command('audit', 'rotate-key')).toMatchObject({ code: 0, err: '' });
    expect((await gateway.command('audit', 'export', '--out', pathOf('out'))).code).toBe(0);
    await gateway.stop();
    const found = await verified(pathOf('out'));
    expect(found).toMatchObject({ code: 0, isWhole: true });
    expect(found.keys).toHaveLength(2);
  });
});
