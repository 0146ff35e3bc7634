/** What becomes of a file that is full: a name with the time, compression, and removal of the oldest. */

import { createReadStream, createWriteStream } from 'node:fs';
import { access, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncDirectory } from './log-file.ts';

export interface RotationOptions {
  readonly compress: boolean;
  /** How many rotated files are kept; all of them when undefined. */
  readonly keep?: number | undefined;
  /** Rights of the compressed file. */
  readonly mode: number;
}

export interface RotatedFiles {
  /** Moves the current file away, under a name that no file has. @param now - Milliseconds. */
  rotate(now: number): Promise<void>;
  /** Compresses whatever is not yet compressed and removes what is too old. */
  tidy(): Promise<void>;
}

/** @param path - The current file, e.g. `audit.jsonl`; rotated ones are `audit-20260302T091407310Z.jsonl`. */
export function createRotatedFiles(path: string, options: RotationOptions): RotatedFiles {
  const directory = dirname(path);
  const extension = extname(path);
  const stem = basename(path, extension);
  const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const rotatedName = new RegExp(`^${escaped(stem)}-\\d{8}T\\d{9}Z${escaped(extension)}(\\.gz)?$`);

  /** Two of one instant would not sort by age: the second one is said to be a millisecond younger. */
  async function freeName(now: number): Promise<string> {
    for (let at = now; ; at += 1) {
      const stamp = new Date(at).toISOString().replaceAll(/[-:.]/g, '');
      const name = join(directory, `${stem}-${stamp}${extension}`);
      if (!(await exists(name)) && !(await exists(`${name}.gz`))) return name;
    }
  }

  /** Oldest first, since the time stands in the names. */
  const rotated = async () =>
    (await readdir(directory)).filter((name) => rotatedName.test(name)).sort();

  return {
    async rotate(now) {
      await rename(path, await freeName(now));
      await syncDirectory(directory);
    },
    async tidy() {
      if (options.compress) {
        for (const name of await rotated()) {
          if (!name.endsWith('.gz')) await compressFile(join(directory, name), options.mode);
        }
      }
      if (options.keep === undefined) return;
      const names = await rotated();
      for (const name of names.slice(0, Math.max(0, names.length - options.keep))) {
        await rm(join(directory, name), { force: true });
      }
    },
  };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The original goes only when the whole of the compressed file is on the disk under its name. */
async function compressFile(path: string, mode: number): Promise<void> {
  const draft = `${path}.gz.part`;
  try {
    await rm(draft, { force: true });
    await pipeline(
      createReadStream(path),
      createGzip(),
      createWriteStream(draft, { mode, flags: 'wx' }),
    );
    const written = await open(draft, 'r+');
    try {
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(draft, `${path}.gz`);
    await syncDirectory(dirname(path));
    await rm(path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
