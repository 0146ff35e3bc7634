/** Runs the Go program of this folder against a gateway. */

import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';
import type { RunPart } from '../key-protect/scenario.ts';

const TIMEOUT_MS = 60_000;

/** @param program - Path of what was built from this folder. */
export function runKeyProtectWith(program: string): RunPart {
  return async ({ pki }, part, input) => {
    const running = promisify(execFile)(program, [part], {
      timeout: TIMEOUT_MS,
      env: { ...env, SSL_CERT_FILE: pki.ca },
    });
    // API keys are for no command line: every process of the machine could read it.
    running.child.stdin?.end(JSON.stringify(input));
    const { stdout } = await running;
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  };
}
