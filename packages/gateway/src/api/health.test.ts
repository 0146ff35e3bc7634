import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthHandlers, type HealthChecks } from './health.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://127.0.0.1:${port}`;
}

function handlers(checks: HealthChecks) {
  const warnings: object[] = [];
  return {
    ...createHealthHandlers(checks, { warn: (fields) => warnings.push(fields) }),
    warnings,
  };
}

const FAILING: HealthChecks = {
  store: async () => {},
  masterKey: () => Promise.reject(new Error('closed')),
};

describe('the health endpoints', () => {
  it('are ready when all checks are', async () => {
    const answer = await fetch(await serving(handlers({ store: async () => {} }).readyz));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ready', checks: { store: 'ok' } });
  });

  it('say which check failed, and why in the log only', async () => {
    const { readyz, warnings } = handlers(FAILING);
    const answer = await fetch(await serving(readyz));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'not-ready',
      checks: { store: 'ok', masterKey: 'failed' },
    });
    expect(warnings).toEqual([{ err: new Error('closed'), check: 'masterKey' }]);
  });

  it('are up whatever the checks say', async () => {
    const answer = await fetch(await serving(handlers(FAILING).healthz));
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'up' }]);
  });
});
