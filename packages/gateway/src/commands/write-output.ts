/** Files that a command makes: for their owner alone, and never over what is there unless told. */

import { randomUUID } from 'node:crypto';
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { Failure } from '../failure.ts';

export interface ReservedOutput {
  readonly path: string;
  /** Writes all of it and gives it its name. */
  write(content: string | Uint8Array): Promise<void>;
  /** Leaves nothing behind, if nothing was written. */
  discard(): Promise<void>;
}

const OWNER_ONLY = 0o600;

/**
 * Makes sure that a file can be written before there is something to lose, e.g. a key that is shown once.
 *
 * @throws Failure `data` when there is such a file already and `force` is not said, or no room for it.
 */
export async function reserveOutput(
  path: string,
  options: { readonly force: boolean },
): Promise<ReservedOutput> {
  if (!options.force && (await exists(path))) throw taken(path);
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  const file = await open(temporary, 'wx', OWNER_ONLY).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
  let isOpen = true;
  async function discard(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await file.close();
    await unlink(temporary);
  }
  return {
    path,
    discard,
    async write(content) {
      try {
        await file.writeFile(content);
        await file.sync();
        if (options.force) {
          await rename(temporary, path);
          isOpen = false;
          await file.close();
        } else {
          await link(temporary, path);
        }
      } catch (cause) {
        throw codeOf(cause) === 'EEXIST' ? taken(path) : cannotWrite(path, cause);
      } finally {
        await discard();
      }
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    throw cannotWrite(path, cause);
  }
}

function taken(path: string): Failure {
  return new Failure(
    'data',
    `There is a file ${path} already: name another with --out, or say --force to replace it.`,
  );
}

function cannotWrite(path: string, cause: unknown): Failure {
  return new Failure('data', `The file ${path} cannot be written (${codeOf(cause)}).`, { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
