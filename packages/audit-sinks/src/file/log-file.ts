/** A file of lines that is only appended to, durable when told, and whole again after a crash. */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeliveryError } from '../sink.ts';

export interface LogFile {
  /** In bytes. */
  readonly size: number;
  /** When it was begun, in milliseconds since the epoch. */
  readonly begunAt: number;
  /** Whether the path still leads to this file: somebody else may have moved or removed it. */
  isInPlace(): Promise<boolean>;
  /**
   * Appends lines and waits until the disk has them. After an error the file holds what it held before,
   * as far as the disk lets us.
   *
   * @param lines - Ends in a newline.
   */
  append(lines: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How far back the end of the last whole line is looked for: more than an event can be long. */
const LONGEST_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

/**
 * Opens or makes the file. A last line without its newline, as a crash leaves it, is cut off: it was never
 * reported as delivered and comes again.
 *
 * @param mode - Rights of a new file.
 * @throws DeliveryError `misconfigured` when the path leads to something that is no file of lines.
 */
export async function openLogFile(path: string, mode: number): Promise<LogFile> {
  const handle = await open(path, 'a+', mode);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new DeliveryError('misconfigured', `${path} is no regular file`);
    const size = await cutPartialLine(handle, found.size, path);
    await syncDirectory(dirname(path));
    return logFile(path, handle, size, found.birthtimeMs || found.mtimeMs);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function logFile(path: string, handle: FileHandle, start: number, begunAt: number): LogFile {
  let size = start;
  return {
    get size() {
      return size;
    },
    begunAt,
    async isInPlace() {
      const [own, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
      return own.ino === there?.ino && own.dev === there.dev && own.size === size;
    },
    async append(lines) {
      try {
        await handle.appendFile(lines);
        await handle.datasync();
        size += lines.length;
      } catch (error) {
        await handle.truncate(size).catch(() => undefined); // else the next opening repairs it
        throw error;
      }
    },
    close: () => handle.close(),
  };
}

/** @returns the size that is left. */
async function cutPartialLine(handle: FileHandle, size: number, path: string): Promise<number> {
  if (size === 0) return 0;
  const tail = Buffer.alloc(Math.min(size, LONGEST_LINE_BYTES));
  const { bytesRead } = await handle.read(tail, 0, tail.length, size - tail.length);
  const partial = bytesRead - (tail.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
  if (partial === 0) return size;
  // A file that never had a newline may be anything; only an event's beginning is ours to cut.
  const beginsAsEvent = tail[bytesRead - partial] === 0x7b;
  if (!beginsAsEvent || partial === LONGEST_LINE_BYTES) {
    throw new DeliveryError(
      'misconfigured',
      `${path} does not end in a line of events; move it away`,
    );
  }
  await handle.truncate(size - partial);
  await handle.datasync();
  return size - partial;
}

/** A new or renamed file survives a power failure only with its directory. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
