/** What goes wrong on the way to an API on another machine, and how the command says so. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
  run,
} from '../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
let url: string;
let remote: Readonly<Record<string, string>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  url = `https://127.0.0.1:${gateway.report.api.port}`;
  remote = {
    CLAVIGER_URL: url,
    CLAVIGER_CA_FILE: gateway.report.pki.caCertificate,
    CLAVIGER_API_KEY: await anApiKey('Manager'),
  };
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

async function anApiKey(role: string): Promise<string> {
  const made = await gateway.command('apikey', 'create', '--role', role, '--json');
  return JSON.parse(made.out).apikey;
}

function listAdapters(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return run(['adapter', 'list', ...args], { environment, workingDirectory: directory.path });
}

async function aFile(name: string, text: string, mode = 0o600): Promise<string> {
  await writeFile(join(directory.path, name), text, { mode });
  return name;
}

describe('an API on another machine', () => {
  it('is asked with a token as well, from the environment or a file', async () => {
    const created = await run(['token', 'create', '--json'], { environment: remote });
    const { token, expiresAt } = JSON.parse(created.out);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const { CLAVIGER_API_KEY: _, ...withoutKey } = remote;
    expect((await listAdapters({ ...withoutKey, CLAVIGER_TOKEN: token })).code).toBe(0);
    const file = await aFile('token', `${token}\n`);
    expect((await listAdapters(withoutKey, '--token-file', file)).code).toBe(0);
    const plain = await run(['token', 'create'], { environment: remote });
    expect(plain.out.split('.')).toHaveLength(3);
    expect(gateway.err()).not.toContain(token);
  });

  it('may be named with a slash at the end', async () => {
    const below = await listAdapters({ ...remote, CLAVIGER_URL: `${url}/` });
    expect(below.code).toBe(0);
  });

  it('is not asked without a credential, nor with one that others can read', async () => {
    const { CLAVIGER_API_KEY: apiKey = '', ...withoutKey } = remote;
    expect(await listAdapters(withoutKey)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/needs an API key or a token: .*--api-key-file/),
    });
    const open = await aFile('open.key', apiKey, 0o644);
    const refused = await listAdapters(withoutKey, '--api-key-file', open);
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/run: chmod 600 /) });
    const broken = await aFile('broken.key', 'two\nlines');
    expect(await listAdapters(withoutKey, '--api-key-file', broken)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/must hold one line of visible characters/),
    });
  });

  it.each([
    ['http://127.0.0.1:1', 2, /an API key is sent over HTTPS only/],
    ['kmip.example', 2, /--url must name the API/],
    ['https://127.0.0.1:1', 6, /at https:\/\/127\.0\.0\.1:1 cannot be reached: nothing listens/],
  ])('is named by a URL that can be used, unlike %s', async (wrong, code, message) => {
    const refused = await listAdapters(remote, '--url', wrong);
    expect(refused).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
  });

  it('is not trusted without its authority', async () => {
    const { CLAVIGER_CA_FILE: _, ...withoutCa } = remote;
    expect(await listAdapters(withoutCa)).toMatchObject({
      code: 6,
      err: expect.stringMatching(/certificate is not trusted\. Name its authority with --ca-file/),
    });
    expect((await listAdapters(withoutCa, '--ca-file', 'nowhere.crt')).code).toBe(3);
  });

  it('is not the one of a data directory at the same time', async () => {
    const both = await listAdapters(remote, '--url', url, '--data-dir', gateway.dataDir);
    expect(both).toMatchObject({ code: 2, err: expect.stringMatching(/give one of them/) });
    // What is typed counts more than the environment.
    const local = await listAdapters(
      { ...directory.environment, CLAVIGER_URL: 'https://127.0.0.1:1' },
      '--data-dir',
      gateway.dataDir,
    );
    expect(local.code).toBe(0);
  });

  it('refuses an unknown API key, a role without the right, and another instance', async () => {
    expect(await listAdapters({ ...remote, CLAVIGER_API_KEY: 'clv-nobody' })).toMatchObject({
      code: 5,
      err: expect.stringMatching(/The log-in was refused: .*\(BXNIM0415E\)/),
    });
    const reader = { ...remote, CLAVIGER_API_KEY: await anApiKey('Reader') };
    const other = { ...remote, CLAVIGER_INSTANCE: '00000000-0000-4000-8000-000000000000' };
    for (const environment of [reader, other]) {
      expect(await listAdapters(environment)).toMatchObject({
        code: 5,
        err: expect.stringMatching(/does not let you do this: its role does not allow it/),
      });
    }
  });

  it('names its instance in tokens of its own; those of others need --instance', async () => {
    const { CLAVIGER_API_KEY: _, ...withoutKey } = remote;
    const claims = Buffer.from('{"iss":"https://login.example"}').toString('base64url');
    for (const token of [`e30.${claims}.x`, 'no-jwt']) {
      expect(await listAdapters({ ...withoutKey, CLAVIGER_TOKEN: token })).toMatchObject({
        code: 2,
        err: expect.stringMatching(/name it with --instance/),
      });
    }
  });

  it('says so in JSON, with the reason code', async () => {
    const refused = await run(['adapter', 'show', 'nobody', '--json'], { environment: remote });
    expect(JSON.parse(refused.err)).toEqual({
      error: {
        reason: 'refused',
        code: 'KMIP_ADAPTER_NOT_FOUND_ERR',
        message: expect.stringMatching(/\(KMIP_ADAPTER_NOT_FOUND_ERR\)$/),
      },
    });
  });
});

describe('a server that is no Claviger', () => {
  let server: Server;
  let answer: { readonly status: number; readonly type: string; readonly text: string };
  let strange: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const { serverCertificate, caCertificate } = gateway.report.pki;
    const cert = await readFile(serverCertificate);
    const key = await readFile(serverCertificate.replace(/\.crt$/, '.key'));
    server = createServer({ cert, key }, (_request, response) => {
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    strange = {
      CLAVIGER_URL: `https://127.0.0.1:${port}`,
      CLAVIGER_CA_FILE: caCertificate,
      CLAVIGER_TOKEN: 'some.token',
      CLAVIGER_INSTANCE: gateway.report.instance,
    };
  });
  afterAll(() => server.close());

  it.each([
    [200, 'text/html', '<h1>Welcome</h1>', 1, /not what this version of the command understands/],
    [200, 'application/json', '{"resources":[{"id":7}]}', 1, /not what this version/],
    [200, 'application/json', '{', 6, /the answer is no JSON/],
    [404, 'text/plain', 'nothing', 5, /answered 404 \(Not Found\) without a reason/],
    [502, 'text/html', '<h1>', 1, /answered 502 \(Bad Gateway\) without a reason/],
  ])('is found out by %i %s %s', async (status, type, text, code, message) => {
    answer = { status, type, text };
    const refused = await listAdapters(strange);
    expect(refused).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
  });

  it('gives no token', async () => {
    answer = { status: 200, type: 'application/json', text: '{}' };
    const { CLAVIGER_TOKEN: _, ...withoutToken } = strange;
    const refused = await listAdapters({ ...withoutToken, CLAVIGER_API_KEY: 'clv-x' });
    expect(refused).toMatchObject({
      code: 6,
      err: expect.stringMatching(/answered with 200 and no token: is this the API of a Claviger/),
    });
  });
});
