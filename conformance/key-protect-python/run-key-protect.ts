/** Runs the Python scripts of this folder against a gateway. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import type { RunPart } from '../key-protect/scenario.ts';

const TIMEOUT_MS = 60_000;

/** @param python - Path of an interpreter that has the client. */
export function runKeyProtectWith(python: string): RunPart {
  return async ({ pki }, part, input) => {
    const running = promisify(execFile)(python, [join(import.meta.dirname, 'run.py'), part], {
      timeout: TIMEOUT_MS,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1', REQUESTS_CA_BUNDLE: pki.ca },
    });
    // API keys are for no command line: every process of the machine could read it.
    running.child.stdin?.end(JSON.stringify(input));
    return JSON.parse((await running).stdout).steps;
  };
}
