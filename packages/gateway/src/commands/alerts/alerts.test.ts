import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
  run,
} from '../../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  const created = await gateway.kmip('create', '--json');
  const { id } = JSON.parse(created.out);
  await gateway.kmip('destroy', id);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

describe('alerts', () => {
  it('are tried on what has been, without a trace but that of the reading', async () => {
    const config = join(directory.path, 'rules.toml');
    await writeFile(
      config,
      `data_dir = ${JSON.stringify(gateway.dataDir)}\n[[alerts.rules]]\nname = "a-create"\nactions = ["hs-crypto.kmip-key.create"]\nby = "adapter"\n`,
    );
    const args = ['alerts', 'test', '--config', config, '--rule', 'a-create,new-certificate'];
    const tried = await run([...args, '--json'], { environment: directory.environment });
    expect(tried.err).toBe('');
    const { adapter } = gateway.report;
    expect(JSON.parse(tried.out)).toMatchObject([
      { rule: 'a-create', by: 'adapter', group: adapter.id, count: 1 },
      { rule: 'new-certificate', group: expect.stringMatching(/^CertificateID-/) },
    ]);
    const table = await run(args, { environment: directory.environment });
    expect(table.out).toMatch(/^TIME +RULE +OF +COUNT +LAST EVENT\n.* a-create +adapter /);
    const last = await gateway.command('events', 'list', '--last', '1', '--json');
    expect(JSON.parse(last.out)).toMatchObject({ action: 'claviger.audit-events.read' });
  });

  it('have not fired where nothing was unusual', async () => {
    expect(JSON.parse((await gateway.command('alerts', 'list', '--json')).out)).toEqual([]);
    const none = await gateway.command('alerts', 'test', '--rule', 'destroy-burst');
    expect(none.out).toBe('Nothing would have fired of: destroy-burst.\n');
  });

  it('are not tried by a rule that there is not', async () => {
    expect(await gateway.command('alerts', 'test', '--rule', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no rule nothing. There are: destroy-burst, '),
    });
  });
});
