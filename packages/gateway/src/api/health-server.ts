/** `/healthz` and `/readyz` over HTTPS: whether the process is up, and whether it can do its job. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export type CheckOutcome = 'ok' | 'failed';

export interface HealthChecks {
  /** Named checks; each resolves when all is well and rejects otherwise. */
  readonly [name: string]: () => Promise<void>;
}

export interface HealthLog {
  warn(fields: object, message: string): void;
}

/** Answers the two paths; anything else is 404. What failed and why goes to the log, not to the client. */
export function createHealthListener(checks: HealthChecks, log: HealthLog): RequestListener {
  return (request, response) => {
    answer(request, response, checks, log).catch((error: unknown) => {
      log.warn({ err: error }, 'a health request could not be answered');
      response.destroy();
    });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  checks: HealthChecks,
  log: HealthLog,
): Promise<void> {
  // Nothing here reads a body.
  request.resume();
  const path = request.url?.split('?', 1)[0];
  if (path !== '/healthz' && path !== '/readyz') {
    return send(response, 404, { error: 'There is nothing here but /healthz and /readyz.' });
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(response, 405, { error: 'Only GET and HEAD are possible here.' });
  }
  if (path === '/healthz') return send(response, 200, { status: 'up' });
  const outcomes = await runChecks(checks, log);
  const isReady = Object.values(outcomes).every((outcome) => outcome === 'ok');
  send(response, isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not-ready',
    checks: outcomes,
  });
}

async function runChecks(
  checks: HealthChecks,
  log: HealthLog,
): Promise<Readonly<Record<string, CheckOutcome>>> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check();
        return [name, 'ok'] as const;
      } catch (error) {
        log.warn({ err: error, check: name }, 'the gateway is not ready');
        return [name, 'failed'] as const;
      }
    }),
  );
  return Object.fromEntries(outcomes);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(`${JSON.stringify(body)}\n`);
}
