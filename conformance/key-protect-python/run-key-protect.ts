/** Runs the Python scripts of this folder against a gateway. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import type { GatewayProcess } from '../gateway-process.ts';

const TIMEOUT_MS = 60_000;

/** Of the scenario; objects are made over KMIP in between. */
export type Half = 'build-up' | 'take-down';

/** What the scripts are given; `run.py` says what is what. */
export interface Input {
  /** API keys, by the role of each. */
  readonly manager: string;
  readonly reader: string;
  readonly certificates: Readonly<Record<'host' | 'spare' | 'third', string>>;
  readonly privateKey: string;
  readonly objects?: Readonly<Record<string, string>>;
}

export interface Step {
  readonly step: string;
  /** The status, and the code of a refusal, e.g. `409 KMIP_CERT_DUPLICATE_ERR`. */
  readonly answer: string;
  readonly value?: unknown;
  /** What the client sent as `Correlation-Id`. */
  readonly correlationId: string;
}

export interface Report {
  /** Versions of the client and of Python. */
  readonly client: string;
  readonly steps: readonly Step[];
}

/** @throws Error with what Python wrote to standard error. */
export async function runKeyProtect(
  python: string,
  { api, instanceId, pki }: GatewayProcess,
  half: Half,
  input: Input,
): Promise<Report> {
  const running = promisify(execFile)(python, [join(import.meta.dirname, 'run.py'), half], {
    timeout: TIMEOUT_MS,
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1', REQUESTS_CA_BUNDLE: pki.ca },
  });
  // API keys are for no command line: every process of the machine could read it.
  const url = `https://${api.host}:${api.port}`;
  running.child.stdin?.end(JSON.stringify({ url, instance: instanceId, ...input }));
  return JSON.parse((await running).stdout);
}
