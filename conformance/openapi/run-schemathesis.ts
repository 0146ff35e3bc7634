/** Runs the validator and the fuzzer that `requirements.txt` has against a gateway. */

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { GatewayProcess } from '../gateway-process.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 270_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const SEED = 20_261_122;
/** Of each operation, beside those that cover its schemas. */
const MAX_EXAMPLES = 10;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'unsupported_method',
];

/** @throws Error with what is wrong with the document. */
export async function validateDocument(python: string, path: string): Promise<void> {
  await succeed(python, ['-m', 'openapi_spec_validator', path]);
}

/** A call that the fuzzer made. */
export interface FuzzedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly correlationId: string;
}

const Archive = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({ method: z.string(), url: z.url() }),
        response: z.object({
          status: z.int(),
          headers: z.array(z.object({ name: z.string(), value: z.string() })),
        }),
      }),
    ),
  }),
});

export interface FuzzOptions {
  /** What goes into `Authorization`. */
  readonly authorization: string;
  /** Of things that there are, by the names that paths give them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** An empty directory for configuration and reports. */
  readonly directory: string;
}

/**
 * Makes requests from the document, the same ones each time, and checks what comes back against it.
 *
 * @returns All of them.
 * @throws Error with what schemathesis has found.
 */
export async function fuzz(
  python: string,
  { api, instanceId = '', pki }: GatewayProcess,
  { authorization, parameters, directory }: FuzzOptions,
): Promise<readonly FuzzedCall[]> {
  const config = join(directory, 'schemathesis.toml');
  const values = Object.entries(parameters).map(([name, value]) => `"path.${name}" = "${value}"`);
  // The token is for no command line: every process of the machine could read it.
  await writeFile(
    config,
    [
      `headers = { Authorization = "${variable('AUTHORIZATION')}", Bluemix-Instance = "${instanceId}" }`,
      '[parameters]',
      ...values,
    ].join('\n'),
  );
  const archive = join(directory, 'calls.har');
  const document = `https://${api.host}:${api.port}/openapi.json`;
  await succeed(
    python,
    [
      ...['-m', 'schemathesis.cli', '--config-file', config, 'run', document],
      ...['--tls-verify', pki.ca, '--checks', CHECKS.join(',')],
      ...['--phases', 'examples,coverage,fuzzing', '--max-examples', String(MAX_EXAMPLES)],
      ...['--seed', String(SEED), '--continue-on-failure', '--warnings', 'off'],
      ...['--report', 'har', '--report-har-path', archive],
    ],
    directory,
    { AUTHORIZATION: authorization },
  );
  const { log } = Archive.parse(JSON.parse(await readFile(archive, 'utf8')));
  return log.entries.map(({ request: { method, url }, response: { status, headers } }) => ({
    method,
    path: new URL(url).pathname,
    status,
    correlationId: headers.find(({ name }) => name.toLowerCase() === 'correlation-id')?.value ?? '',
  }));
}

/** How the configuration refers to the environment. */
function variable(name: string): string {
  return ['$', '{', name, '}'].join('');
}

async function succeed(
  python: string,
  args: readonly string[],
  cwd?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = {
    ...(cwd !== undefined && { cwd }),
    env: { ...env, ...more, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' },
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  };
  try {
    await run(python, args, options);
  } catch (error) {
    const { stdout = '', stderr = '' } = Object(error);
    throw new Error(`${args[1]} has found:\n${stdout}${stderr}`, { cause: error });
  }
}
