import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthListener, type HealthChecks } from './health-server.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serving(checks: HealthChecks): Promise<{
  readonly url: string;
  readonly warnings: readonly object[];
}> {
  const warnings: object[] = [];
  const listener = createHealthListener(checks, { warn: (fields) => warnings.push(fields) });
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, warnings };
}

const FAILING: HealthChecks = {
  store: async () => {},
  masterKey: () => Promise.reject(new Error('closed')),
};

describe('the health endpoints', () => {
  it('are ready when all checks are', async () => {
    const { url } = await serving({ store: async () => {} });
    const answer = await fetch(`${url}/readyz?verbose`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ready', checks: { store: 'ok' } });
  });

  it('say which check failed, and why in the log only', async () => {
    const { url, warnings } = await serving(FAILING);
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'not-ready',
      checks: { store: 'ok', masterKey: 'failed' },
    });
    expect(warnings).toEqual([{ err: new Error('closed'), check: 'masterKey' }]);
  });

  it('are up whatever the checks say', async () => {
    const { url } = await serving(FAILING);
    const answer = await fetch(`${url}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'up' }]);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/readyz/', 404],
    ['POST', '/readyz', 405],
    ['HEAD', '/healthz', 200],
  ])('answer %s %s with %i', async (method, path, status) => {
    const { url } = await serving({});
    expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
  });
});
