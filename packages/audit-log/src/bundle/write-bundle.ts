/** Exports a part of the log as a directory that proves itself. */
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditLogError } from '../audit-log-error.ts';
import { checkpointsOf, type KeptCheckpoint, type LogReader, linesOf } from '../log/log-reader.ts';
import { fullSubtrees, hashSlices } from '../merkle/slices.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { BUNDLE_FILES, codeOf, inaccessible } from './bundle-source.ts';
import { formatCheckpointLine } from './checkpoint-lines.ts';
import { formatPart } from './part-file.ts';

export interface BundleOptions {
  /** The directory; made when it is not there, and empty. */
  readonly directory: string;
  /** Sequences of the first and last event, both included; `from` is `to` + 1 for none. */
  readonly from: number;
  readonly to: number;
  /** What the export is sealed by; its size is at least `to`. */
  readonly checkpoint: KeptCheckpoint;
  /** The key that signed it. */
  readonly publicKey: VerifierKey;
  readonly onProgress?: (events: number) => void;
}

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const BUFFER_BYTES = 256 * 1024;
const PROGRESS_EVENTS = 10_000;

/**
 * @throws AuditLogError `inaccessible` when the directory is not empty or cannot be written;
 * `contradiction` when the store lacks events that it should have.
 */
export async function writeBundle(reader: LogReader, options: BundleOptions): Promise<void> {
  const { directory, from, to, checkpoint, publicKey } = options;
  await makeEmptyDirectory(directory);
  const slices = fullSubtrees({ begin: 0, end: from - 1 });
  const hashes = await hashSlices(reader.readLeaves, [
    ...slices,
    ...fullSubtrees({ begin: to, end: checkpoint.size }),
  ]);
  const left = hashes.slice(0, slices.length);
  const right = hashes.slice(slices.length);

  const files: readonly (readonly [keyof typeof BUNDLE_FILES, AsyncIterable<string>])[] = [
    ['events', eventLines(reader, options)],
    ['checkpoints', checkpointLines(reader, checkpoint.size)],
    ['part', one(formatPart({ from, to, left, right }))],
    ['publicKey', one(`${publicKey.text}\n`)],
    // At the very end: an export that was broken off has none.
    ['checkpoint', one(checkpoint.note)],
  ];
  for (const [name, texts] of files) await writeFile(join(directory, BUNDLE_FILES[name]), texts);
}

async function* eventLines(
  reader: LogReader,
  { from, to, onProgress }: BundleOptions,
): AsyncGenerator<string> {
  let events = 0;
  for await (const line of linesOf(reader, from, to)) {
    events += 1;
    if (events % PROGRESS_EVENTS === 0) onProgress?.(events);
    yield line;
  }
  if (events !== to - from + 1) {
    throw new AuditLogError(
      'contradiction',
      `The log has ${events} of the events ${from} to ${to}: some were deleted meanwhile, or it is damaged. Export again from the oldest event on.`,
    );
  }
}

async function* checkpointLines(reader: LogReader, upTo: number): AsyncGenerator<string> {
  for await (const { note } of checkpointsOf(reader, upTo)) yield formatCheckpointLine(note);
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}

async function makeEmptyDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    if ((await readdir(directory)).length === 0) return;
  } catch (cause) {
    throw inaccessible(directory, codeOf(cause), cause);
  }
  throw new AuditLogError('inaccessible', `${directory} is not empty. Name another directory.`);
}

async function writeFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', OWNER_ONLY);
    let waiting: string[] = [];
    let length = 0;
    for await (const text of texts) {
      waiting.push(text);
      length += text.length;
      if (length < BUFFER_BYTES) continue;
      await file.writeFile(waiting.join(''));
      [waiting, length] = [[], 0];
    }
    await file.writeFile(waiting.join(''));
    await file.sync();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause) {
      throw inaccessible(path, codeOf(cause), cause);
    }
    throw cause;
  } finally {
    await file?.close();
  }
}
