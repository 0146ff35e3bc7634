import { afterEach, expect, it } from 'vitest';
import type { AnsweredRequest } from '../options.ts';
import { createHttpServer } from './http-server.ts';

const answered: AnsweredRequest[] = [];
const app = createHttpServer(
  { randomness: { uuid: () => 'id', bytes: (count) => new Uint8Array(count) }, log: silentLog() },
  {
    tls: undefined,
    health: {
      healthz: (_request, response) => void response.writeHead(200).end('up'),
      readyz: (_request, response) => void response.writeHead(503).end('no'),
      metrics: (_request, response) => void response.writeHead(200).end('m 1'),
    },
    onAnswered: (request) => void answered.push(request),
    watchRequest: undefined,
    register(scope) {
      scope.get('/things/:thing', async () => 'a thing');
    },
    recordUndecodable: async () => {},
  },
);
afterEach(() => answered.splice(0));

function silentLog() {
  return { debug() {}, info() {}, warn() {}, error() {} };
}

it('tells of each answer by the pattern of its path, never by the path', async () => {
  await app.inject('/things/secret-name');
  await app.inject('/readyz');
  await app.inject({ method: 'POST', url: '/nowhere/secret-name' });
  expect(answered).toMatchObject([
    { method: 'GET', route: '/things/:thing', status: 200 },
    { method: 'GET', route: '/readyz', status: 503 },
    { method: 'POST', route: undefined, status: 404 },
  ]);
  expect(JSON.stringify(answered)).not.toContain('secret-name');
  for (const { durationMs } of answered) expect(durationMs).toBeGreaterThanOrEqual(0);
});

it('answers /metrics as it was told to', async () => {
  const { statusCode, body } = await app.inject('/metrics');
  expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'm 1' });
});
