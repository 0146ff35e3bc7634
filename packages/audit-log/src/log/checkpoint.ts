/** The text of a checkpoint: which log, how many events, which root (C2SP tlog-checkpoint). */
import { AuditLogError } from '../audit-log-error.ts';
import { HASH_BYTES } from '../merkle/hashes.ts';
import { decodeBase64, encodeBase64 } from '../note/base64.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';

export interface Checkpoint {
  /** Names the log; the name of its keys too. */
  readonly origin: string;
  /** How many events it covers: those up to this sequence. */
  readonly size: number;
  readonly rootHash: Uint8Array;
  /** By this checkpoint the log goes over to another key. */
  readonly succession: KeySuccession | undefined;
}

/**
 * Both keys sign it; only the new one, when the old one is lost. Then whoever trusts the old key has no
 * reason to trust what follows.
 */
export interface KeySuccession {
  readonly from: VerifierKey;
  readonly to: VerifierKey;
  readonly isLost: boolean;
}

/** Extension lines: other programs ignore them. */
const SUCCESSION = 'claviger-key-succession';
const REPLACEMENT = 'claviger-key-replacement';

/** The origin of the log that `node` writes: 32 hexadecimal digits. */
export function originOf(node: string): string {
  return `claviger/audit-log/${node}`;
}

export function formatCheckpoint({ origin, size, rootHash, succession }: Checkpoint): string {
  const extension = succession === undefined ? '' : formatSuccession(succession);
  return `${origin}\n${size}\n${encodeBase64(rootHash)}\n${extension}`;
}

/**
 * @param text - Of a note, without its signatures.
 * @throws AuditLogError `malformed`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', digits = '', base64 = '', ...extensions] = text.slice(0, -1).split('\n');
  const rootHash = decodeBase64(base64);
  const size = Number(digits);
  const isSize = /^(0|[1-9]\d{0,15})$/.test(digits) && Number.isSafeInteger(size);
  if (origin === '' || !isSize || rootHash?.length !== HASH_BYTES) {
    throw new AuditLogError('malformed', 'This is no checkpoint of a log.');
  }
  const line = extensions.find(isSuccession);
  return { origin, size, rootHash, succession: line === undefined ? undefined : keysIn(line) };
}

/** Whether a note, which need not be one, may hand over to another key. */
export function mayHandOver(note: string): boolean {
  return note.split('\n').some(isSuccession);
}

function isSuccession(line: string): boolean {
  return line.startsWith(`${SUCCESSION} `) || line.startsWith(`${REPLACEMENT} `);
}

function formatSuccession({ from, to, isLost }: KeySuccession): string {
  return `${isLost ? REPLACEMENT : SUCCESSION} ${from.text} ${to.text}\n`;
}

function keysIn(line: string): KeySuccession {
  const [name, from = '', to = ''] = line.split(' ');
  return {
    from: parseVerifierKey(from),
    to: parseVerifierKey(to),
    isLost: name === REPLACEMENT,
  };
}
