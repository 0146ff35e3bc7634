/** `/healthz` and `/readyz`: whether the process is up, and whether it can do its job. */
import type { ServerResponse } from 'node:http';
import type { HealthHandlers } from '@claviger/management-api';

export type CheckOutcome = 'ok' | 'failed';

export interface HealthChecks {
  /** Named checks; each resolves when all is well and rejects otherwise. */
  readonly [name: string]: () => Promise<void>;
}

export interface HealthLog {
  warn(fields: object, message: string): void;
}

/** What failed and why goes to the log, not to the client. */
export function createHealthHandlers(
  checks: HealthChecks,
  log: HealthLog,
  onChecked: (isReady: boolean) => void = () => {},
): HealthHandlers {
  return {
    healthz(request, response) {
      // Nothing here reads a body.
      request.resume();
      send(response, 200, { status: 'up' });
    },
    readyz(request, response) {
      request.resume();
      answerReadiness(response, checks, log, onChecked).catch((error: unknown) => {
        log.warn({ err: error }, 'a health request could not be answered');
        response.destroy();
      });
    },
  };
}

async function answerReadiness(
  response: ServerResponse,
  checks: HealthChecks,
  log: HealthLog,
  onChecked: (isReady: boolean) => void,
): Promise<void> {
  const outcomes = await runChecks(checks, log);
  const isReady = Object.values(outcomes).every((outcome) => outcome === 'ok');
  onChecked(isReady);
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
