/** Where a log comes from that is verified: a directory that was exported, or something alike. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditLogError } from '../audit-log-error.ts';

/** The parts of an export. What is optional answers undefined when it is not there. */
export interface BundleSource {
  /** Lines of events, in pieces of any length. */
  events(): AsyncIterable<Uint8Array>;
  checkpoint(): Promise<string>;
  /** Further checkpoints: one JSON object `{"note"}` in a line. */
  checkpoints(): AsyncIterable<Uint8Array> | undefined;
  /** `proof.json`. */
  part(): Promise<string | undefined>;
  publicKey(): Promise<string | undefined>;
}

export const BUNDLE_FILES = {
  events: 'events.jsonl',
  checkpoint: 'checkpoint',
  checkpoints: 'checkpoints.jsonl',
  part: 'proof.json',
  publicKey: 'log.pub',
} as const;

/** What a small file may have; a larger one is read no further. */
const MAX_SMALL_FILE_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** @throws AuditLogError `inaccessible` when there is no such directory, or it lacks what it must have. */
export async function openBundleDirectory(directory: string): Promise<BundleSource> {
  const pathOf = (name: keyof typeof BUNDLE_FILES) => join(directory, BUNDLE_FILES[name]);
  if (!(await isThere(directory))) throw inaccessible(directory, 'ENOENT');
  for (const name of ['events', 'checkpoint'] as const) {
    if (!(await isThere(pathOf(name)))) throw inaccessible(pathOf(name), 'ENOENT');
  }
  const hasCheckpoints = await isThere(pathOf('checkpoints'));
  const optional = async (name: keyof typeof BUNDLE_FILES) =>
    (await isThere(pathOf(name))) ? await readSmallFile(pathOf(name)) : undefined;
  return {
    events: () => readChunks(pathOf('events')),
    checkpoint: () => readSmallFile(pathOf('checkpoint')),
    checkpoints: () => (hasCheckpoints ? readChunks(pathOf('checkpoints')) : undefined),
    part: () => optional('part'),
    publicKey: () => optional('publicKey'),
  };
}

/**
 * Reads a file that is meant to be small: of a larger one the beginning.
 *
 * @throws AuditLogError `inaccessible`.
 */
export async function readSmallFile(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = new Uint8Array(MAX_SMALL_FILE_BYTES);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return Buffer.from(bytes.subarray(0, bytesRead)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw inaccessible(path, codeOf(cause), cause);
  }
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk;
  } catch (cause) {
    throw inaccessible(path, codeOf(cause), cause);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return false;
    throw inaccessible(path, codeOf(cause), cause);
  }
}

export function inaccessible(path: string, code: string, cause?: unknown): AuditLogError {
  const what = code === 'ENOENT' ? 'is not there' : `cannot be used (${code})`;
  return new AuditLogError('inaccessible', `${path} ${what}.`, { cause });
}

export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
