import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createMetricsHandler, type MetricsAccess, metricsAccessOf } from './metrics-handler.ts';

const TOKEN = 'a-token-of-enough-characters';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claviger-metrics-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function aTokenFile(content: string, mode = 0o600): Promise<string> {
  const path = join(folder, 'token');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

/** Asks over a real connection from this machine. */
async function ask(
  access: MetricsAccess,
  headers: Record<string, string> = {},
  remoteAddress?: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const metrics = { render: async () => ({ contentType: 'text/plain', text: 'm 1\n' }) };
  const handler = createMetricsHandler(access, metrics, { error() {} });
  const server = createServer((incoming, response) => {
    if (remoteAddress !== undefined) {
      Object.defineProperty(incoming.socket, 'remoteAddress', { value: remoteAddress });
    }
    handler?.(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port
  return await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the metrics for this machine', () => {
  const access = { kind: 'loopback' } as const;

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('are for %s', async (address) => {
    expect(await ask(access, {}, address)).toEqual({ status: 200, body: 'm 1\n' });
  });

  it.each(['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', '128.0.0.1'])(
    'are not for %s',
    async (address) => {
      expect(await ask(access, {}, address)).toMatchObject({
        status: 403,
        body: expect.stringContaining('api.metrics = "token"'),
      });
    },
  );

  it.each(['X-Forwarded-For', 'Forwarded', 'Via'])(
    'are not for whoever comes through a proxy (%s)',
    async (header) => {
      expect((await ask(access, { [header]: '127.0.0.1' })).status).toBe(403);
    },
  );
});

describe('the metrics behind a token', () => {
  it('are for whoever has it, from anywhere', async () => {
    const path = await aTokenFile(`${TOKEN}\n`);
    const access = await metricsAccessOf({ metrics: 'token', metrics_token_file: path });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    expect((await ask(access, headers, '192.0.2.1')).status).toBe(200);
  });

  it.each([
    ['nothing', undefined],
    ['another token', `Bearer ${TOKEN}x`],
    ['another scheme', `Basic ${TOKEN}`],
    ['an empty token', 'Bearer '],
  ])('are not for whoever shows %s, on this machine neither', async (_name, authorization) => {
    const path = await aTokenFile(TOKEN);
    const access = await metricsAccessOf({ metrics: 'token', metrics_token_file: path });
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const { status, body } = await ask(access, headers);
    expect(status).toBe(401);
    expect(body).not.toContain(TOKEN);
  });

  it.each([
    ['short', 'short', 0o600, /at least 16 characters/],
    ['two words', `${TOKEN} ${TOKEN}`, 0o600, /without spaces/],
    ['open to others', TOKEN, 0o644, /chmod 600/],
  ])('need a token file that is not %s', async (_name, content, mode, words) => {
    const path = await aTokenFile(content, mode);
    const opened = metricsAccessOf({ metrics: 'token', metrics_token_file: path });
    await expect(opened).rejects.toThrow(words);
  });
});

it('the metrics are not there when they are off', () => {
  const metrics = { render: async () => ({ contentType: '', text: '' }) };
  expect(createMetricsHandler({ kind: 'off' }, metrics, { error() {} })).toBeUndefined();
});
