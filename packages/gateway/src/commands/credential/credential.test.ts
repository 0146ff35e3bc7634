import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
} from '../../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
let adapter: string;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  adapter = gateway.report.adapter.name;
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

const credential = (...args: readonly string[]) => gateway.command('credential', ...args);

describe('credentials', () => {
  it('are added with a password that is shown once, listed without it, and removed', async () => {
    const added = await credential('add', adapter, '--user', 'backup', '--json');
    expect(added).toMatchObject({ code: 0, err: '' });
    const { id, password } = JSON.parse(added.out);
    expect(password).toMatch(/^[\w-]{32}$/);
    const listed = await credential('list', '--adapter', adapter, '--json');
    expect(JSON.parse(listed.out)).toMatchObject([
      { id, name: 'backup', kind: 'user', identity: 'backup' },
    ]);
    expect(listed.out).not.toContain(password);
    const events = await gateway.command('events', 'list', '--last', '10', '--json');
    expect(events.out).toContain(`:credential:${id}`);
    expect(events.out).not.toContain(password);
    expect((await credential('remove', adapter, 'backup')).out).toBe(
      `Removed credential backup (${id}).\n`,
    );
    expect(JSON.parse((await credential('list', '--json')).out)).toEqual([]);
  }, 60_000);

  it('may be devices, and take a password from a file', async () => {
    const file = join(directory.path, 'password');
    await writeFile(file, 'from a file\n');
    const added = await credential(
      ...['add', adapter, '--name', 'tape', '--password-file', file, '--json'],
      ...['--device', 'serial-number=S1', 'identifier=D=1'],
    );
    expect(JSON.parse(added.out)).toMatchObject({
      name: 'tape',
      kind: 'device',
      identity: '[["deviceSerialNumber","S1"],["deviceIdentifier","D=1"]]',
    });
    expect(added.out).not.toContain('from a file');
    await credential('remove', adapter, 'tape');
  }, 60_000);

  it('may need one-time passwords, whose secret is shown once', async () => {
    const added = await credential('add', adapter, '--user', 'anna', '--one-time');
    expect(added.out).toMatch(/One-time secret +[A-Z2-7]{32}\n/);
    expect((await credential('list')).out).not.toMatch(/[A-Z2-7]{32}/);
    const again = await credential('add', adapter, '--user', 'anna');
    expect(again.code).not.toBe(0);
    expect(again.err).toContain('already');
  }, 60_000);

  it.each<[string, readonly string[], string]>([
    ['nobody', [], '--user, or --device'],
    ['somebody twice', ['--user', 'a1', '--device', 'media=m'], '--user, or --device'],
    ['a field that there is not', ['--device', 'colour=red'], 'serial-number, identifier'],
    ['a field without value', ['--device', 'media='], 'FIELD=VALUE'],
  ])('are not made of %s', async (_, args, words) => {
    expect(await credential('add', adapter, ...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining(words),
    });
  });

  it('cannot be removed when there are none', async () => {
    const { err } = await credential('remove', adapter, 'nobody');
    expect(err).toContain('has no credential "nobody"');
  });
});
