/** Checkpoints of an export, as they are read: each is opened with the key of its size. */
import { AuditLogError } from '../audit-log-error.ts';
import { type Checkpoint, mayHandOver } from '../log/checkpoint.ts';
import type { FindingList } from '../log/finding.ts';
import { type KeyHistory, openCheckpoint } from '../log/key-history.ts';
import { equalHashes } from '../merkle/hashes.ts';
import { MAX_NOTE_LENGTH } from '../note/signed-note.ts';
import { malformed, parseJsonObject } from './part-file.ts';
import { readLines } from './read-lines.ts';

const MAX_LINE_BYTES = 2 * MAX_NOTE_LENGTH;
/** Of the keys of one log: a log that changes its key each day has as many in 27 years. */
const MAX_SUCCESSIONS = 10_000;

/** `{"note"}` in a line. */
export function formatCheckpointLine(note: string): string {
  return `${JSON.stringify({ note })}\n`;
}

/** Notes, one after the other; undefined for a line that holds none. */
export async function* readNotes(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string | undefined> {
  for await (const { bytes, isEnded } of readLines(chunks, MAX_LINE_BYTES)) {
    yield bytes === undefined || !isEnded ? undefined : noteIn(Buffer.from(bytes).toString('utf8'));
  }
}

/**
 * The notes that hand over to another key.
 *
 * @throws AuditLogError `malformed` when there are absurdly many.
 */
export async function readSuccessions(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const notes: string[] = [];
  for await (const note of readNotes(chunks)) {
    if (note !== undefined && mayHandOver(note)) notes.push(note);
    if (notes.length > MAX_SUCCESSIONS) throw malformed('list of checkpoints');
  }
  return notes;
}

/**
 * The checkpoints that count, in the order of their sizes, with `others` put in between. What is wrong
 * with one is a finding, and the checkpoint is left out.
 */
export async function* trustedCheckpoints(
  notes: AsyncIterable<string | undefined>,
  keys: KeyHistory,
  others: readonly Checkpoint[],
  findings: FindingList,
): AsyncGenerator<Checkpoint> {
  const waiting = [...others].sort((a, b) => a.size - b.size);
  let newest: Checkpoint | undefined;
  let number = 0;

  /** Whether it goes on from the newest. */
  function follows(checkpoint: Checkpoint): boolean {
    if (newest === undefined || checkpoint.size > newest.size) return true;
    if (checkpoint.size === newest.size && !equalHashes(checkpoint.rootHash, newest.rootHash)) {
      findings.add(fork(checkpoint.size));
    }
    return false;
  }

  for await (const note of notes) {
    number += 1;
    const checkpoint = open(note, keys, `Checkpoint ${number} of checkpoints.jsonl`, findings);
    if (checkpoint === undefined) continue;
    for (let other = waiting[0]; other && other.size <= checkpoint.size; other = waiting[0]) {
      waiting.shift();
      if (follows(other)) yield other;
      newest = newestOf(newest, other);
    }
    if (follows(checkpoint)) yield checkpoint;
    else if (newest !== undefined && checkpoint.size < newest.size) {
      findings.add({
        kind: 'reordered',
        message: `Checkpoint ${number} of checkpoints.jsonl (${checkpoint.size} events) stands after one of ${newest.size} events.`,
      });
    }
    newest = newestOf(newest, checkpoint);
  }
  for (const other of waiting) {
    if (follows(other)) yield other;
    newest = newestOf(newest, other);
  }
}

function open(
  note: string | undefined,
  keys: KeyHistory,
  what: string,
  findings: FindingList,
): Checkpoint | undefined {
  if (note === undefined) {
    findings.add({ kind: 'malformed', message: `${what} is none.` });
    return undefined;
  }
  return openOrReport(note, keys, what, findings);
}

/** A checkpoint that is signed as it must be; otherwise a finding says why not. */
export function openOrReport(
  note: string,
  keys: KeyHistory,
  what: string,
  findings: FindingList,
): Checkpoint | undefined {
  try {
    return openCheckpoint(note, keys);
  } catch (error) {
    if (!(error instanceof AuditLogError)) throw error;
    const kind = error.code === 'malformed' ? 'malformed' : 'untrusted';
    findings.add({ kind, message: `${what}: ${error.message}` });
    return undefined;
  }
}

export function fork(size: number) {
  return {
    kind: 'forked',
    message: `Two signed checkpoints of ${size} events contradict each other: there are two histories of this log.`,
  } as const;
}

function newestOf(a: Checkpoint | undefined, b: Checkpoint): Checkpoint {
  return a !== undefined && a.size > b.size ? a : b;
}

function noteIn(line: string): string | undefined {
  try {
    const { note } = parseJsonObject(line, 'checkpoint');
    return typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
