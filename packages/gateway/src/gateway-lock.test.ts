import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRunningGateway, aTemporaryDirectory, run } from './gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeEach(async () => {
  directory = await aTemporaryDirectory();
});
afterEach(() => directory.remove());

describe('a second gateway on one data directory', () => {
  it('is refused while the first runs, which goes on, and so do commands beside it', async () => {
    const gateway = await aRunningGateway(directory);
    const { dataDir } = gateway;
    const args = ['--data-dir', dataDir, '--kmip', '127.0.0.1:0', '--api', '127.0.0.1:0'];
    for (const command of [
      ['up', ...args],
      ['serve', '--data-dir', dataDir],
    ]) {
      const second = await run(command, { environment: directory.environment });
      expect(second.code).toBe(3);
      expect(second.err).toContain(`Another gateway runs on the data directory ${dataDir}.`);
    }
    expect(
      await gateway.command('audit', 'export', '--out', join(directory.path, 'out')),
    ).toMatchObject({ code: 0 });
    expect((await gateway.kmip('query')).code).toBe(0);
    expect(await gateway.stop()).toBe(0);

    const next = await aRunningGateway(directory);
    expect((await stat(join(dataDir, 'run', 'gateway.lock'))).mode & 0o777).toBe(0o600);
    expect(await next.stop()).toBe(0);
  }, 120_000);
});
