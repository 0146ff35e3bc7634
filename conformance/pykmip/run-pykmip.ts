/** Runs the Python scripts of this folder against a gateway. */

import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GatewayProcess } from '../gateway-process.ts';

const SCRIPT = fileURLToPath(new URL('run.py', import.meta.url));
const TIMEOUT_MS = 60_000;

/** The two ways to use PyKMIP: `ProxyKmipClient` and `KMIPProxy`. */
export const LAYERS = ['pie', 'proxy'] as const;
export type Layer = (typeof LAYERS)[number];

/** The versions that PyKMIP knows. */
export const PYKMIP_VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4', '2.0'] as const;
export type PykmipVersion = (typeof PYKMIP_VERSIONS)[number];

/** What came of one step: a value, the Result Reason of a refusal, or an error of PyKMIP's own. */
export interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly refused?: string;
  readonly clientError?: string;
}

export interface PykmipReport {
  /** Versions of PyKMIP and of Python. */
  readonly client: string;
  /** What was negotiated, e.g. `TLSv1.3`. */
  readonly tls: string;
  readonly steps: readonly Step[];
}

/**
 * @param sslVersion - A constant of Python's `ssl`; PyKMIP's default negotiates.
 * @throws Error with what Python wrote to standard error.
 */
export async function runPykmip(
  python: string,
  { kmip, pki }: GatewayProcess,
  run: { readonly layer: Layer; readonly version: PykmipVersion; readonly sslVersion?: string },
): Promise<PykmipReport> {
  const options = {
    host: kmip.host,
    port: String(kmip.port),
    ca: pki.ca,
    cert: pki.clientCertificate,
    key: pki.clientKey,
    ...(run.sslVersion !== undefined && { 'ssl-version': run.sslVersion }),
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout } = await promisify(execFile)(python, [SCRIPT, run.layer, run.version, ...args], {
    timeout: TIMEOUT_MS,
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(stdout);
}
