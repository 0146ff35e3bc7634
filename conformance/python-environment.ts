/**
 * A Python with the packages of a folder in it, made where missing: a virtual environment in the cache of
 * `node_modules`, with what the folder's `requirements.txt` has, each package checked against its hash.
 */

import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Tool } from './describe-with-tool.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
/** The oldest that each `requirements.txt` was resolved for. */
const OLDEST_MINOR = 11;
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Finds or makes the environment. CLAVIGER_PYTHON names another interpreter than `python3`.
 *
 * @param folder - Path of the folder with the `requirements.txt`.
 * @returns The interpreter.
 */
export async function preparePython(folder: string): Promise<Tool> {
  const base = env['CLAVIGER_PYTHON'] ?? 'python3';
  let version: string;
  try {
    const print = 'import sys, venv, ensurepip; print(*sys.version_info[:3], sep=".")';
    version = (await run(base, ['-c', print])).stdout.trim();
  } catch {
    return { kind: 'missing', why: `there is no ${base} with venv (Debian: python3-venv)` };
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 3 || minor < OLDEST_MINOR) {
    return { kind: 'missing', why: `${base} is ${version}; 3.${OLDEST_MINOR} or newer is needed` };
  }

  const requirements = join(folder, 'requirements.txt');
  const pins = await readFile(requirements);
  const hash = createHash('sha256').update(pins).update(base).digest('hex').slice(0, 12);
  const directory = join(CACHE, `claviger-${basename(folder)}-${version}-${hash}`);
  const python = join(directory, 'bin', 'python');
  if (existsSync(python)) return { kind: 'ready', path: python };
  try {
    await makeEnvironment(base, directory, requirements);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return { kind: 'missing', why: `its packages could not be installed: ${reason}` };
  }
  return { kind: 'ready', path: python };
}

/** Made elsewhere and moved, so that one that was left half made is never taken for a whole one. */
async function makeEnvironment(
  base: string,
  directory: string,
  requirements: string,
): Promise<void> {
  const draft = `${directory}.${randomUUID()}`;
  try {
    await mkdir(CACHE, { recursive: true });
    await run(base, ['-m', 'venv', draft]);
    await run(
      join(draft, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'].concat([
        '--only-binary',
        ':all:',
        '--require-hashes',
        '--requirement',
        requirements,
      ]),
      { timeout: INSTALL_TIMEOUT_MS },
    );
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody else has made the same one meanwhile.
    if (!existsSync(join(directory, 'bin', 'python'))) throw error;
  }
}
