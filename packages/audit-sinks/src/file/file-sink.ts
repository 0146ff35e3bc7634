/** Events as JSON lines in a file that is rotated and compressed. */

import type { DeliveryLog } from '../delivery-options.ts';
import { DeliveryError, type Sink, throwIfAborted } from '../sink.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { createRotatedFiles } from './rotated-files.ts';

export interface FileSinkOptions {
  /** Written by one gateway only. Its directory has to exist. */
  readonly path: string;
  /** A file that has reached this size is rotated, in bytes. Default 100 MiB. */
  readonly maxBytes?: number | undefined;
  /** A file that is older is rotated, in milliseconds. Default one day. */
  readonly maxAgeMs?: number | undefined;
  /** Whether rotated files are compressed with gzip. Default true. */
  readonly compress?: boolean | undefined;
  /** How many rotated files are kept; older ones are removed. All are kept unless told. */
  readonly keep?: number | undefined;
  /** Rights of new files. Default 0600. */
  readonly mode?: number | undefined;
}

export interface FileSinkDependencies {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: DeliveryLog;
}

const MAX_BYTES = 100 * 1_048_576;
const MAX_AGE_MS = 86_400_000;
const MODE = 0o600;
/** Failures that last until somebody acts. */
const MISCONFIGURED = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'EROFS', 'ELOOP']);

/**
 * A batch is delivered when the disk has it (fdatasync). A failed write, e.g. on a full disk, is taken back,
 * so that the file always ends in a whole line.
 */
export function createFileSink(
  { now, log }: FileSinkDependencies,
  { path, maxBytes = MAX_BYTES, maxAgeMs = MAX_AGE_MS, ...options }: FileSinkOptions,
): Sink {
  const { mode = MODE, compress = true, keep } = options;
  const rotated = createRotatedFiles(path, { compress, keep, mode });
  let file: LogFile | undefined;
  let tidying = Promise.resolve();

  /** Beside the deliveries, never two at once. */
  function tidyUp(): void {
    tidying = tidying.then(rotated.tidy).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ path, reason }, 'a rotated audit file is not compressed yet; it is tried again');
    });
  }

  async function letGo(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close().catch(() => undefined);
  }

  async function current(): Promise<LogFile> {
    // Tools such as logrotate move files away; what is written to those would be lost to their readers.
    if (file !== undefined && !(await file.isInPlace())) await letGo();
    if (file === undefined) {
      file = await openLogFile(path, mode);
      tidyUp();
    }
    return file;
  }

  async function currentForMore(bytes: number): Promise<LogFile> {
    const open = await current();
    const isFull = open.size + bytes > maxBytes;
    if (open.size === 0 || (!isFull && now() - open.begunAt < maxAgeMs)) return open;
    await letGo();
    await rotated.rotate(now());
    return current();
  }

  return {
    async deliver(batch, signal) {
      throwIfAborted(signal);
      const lines = Buffer.from(batch.map(({ body }) => `${body}\n`).join(''));
      try {
        const open = await currentForMore(lines.length);
        await open.append(lines);
      } catch (error) {
        await letGo();
        throw fileError(error);
      }
    },
    async close() {
      await letGo();
      await tidying;
    },
  };
}

function fileError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return error;
  }
  const kind = MISCONFIGURED.has(error.code) ? 'misconfigured' : 'unavailable';
  return new DeliveryError(kind, error.message, { cause: error });
}
