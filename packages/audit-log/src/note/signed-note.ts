/** Signed notes: a text, an empty line, and a line for each signature (C2SP signed-note). */
import { AuditLogError } from '../audit-log-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import type { NoteSigner } from './signer.ts';
import type { VerifierKey } from './verifier-key.ts';

export interface SignedNote {
  /** What is signed; it ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Longer ones are refused. */
export const MAX_NOTE_LENGTH = 16 * 1024;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** @param text - Ends with a line feed. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const lines = signers.map(({ verifierKey: { name, keyId }, sign }) => {
    const signature = sign(Buffer.from(text, 'utf8'));
    const bytes = Buffer.concat([Buffer.from(keyId, 'hex'), signature]);
    return `\u2014 ${name} ${encodeBase64(bytes)}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Reads a note; who signed it is not checked.
 *
 * @throws AuditLogError `malformed`.
 */
export function parseNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  if (note.length > MAX_NOTE_LENGTH || end < 1 || !note.endsWith('\n') || hasControls(note)) {
    throw noNote();
  }
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw noNote();
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/** Whether the holder of the key signed the note. */
export function isSignedBy({ text, signatures }: SignedNote, key: VerifierKey): boolean {
  const message = Buffer.from(text, 'utf8');
  return signatures.some(
    ({ name, keyId, signature }) =>
      name === key.name && keyId === key.keyId && key.verifies(message, signature),
  );
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) throw noNote();
  return {
    name,
    keyId: Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex'),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
}

/** A note has line feeds and no other control characters. */
function hasControls(note: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /[\u0000-\u0009\u000b-\u001f]/.test(note);
}

function noNote(): AuditLogError {
  return new AuditLogError('malformed', 'This is no signed note.');
}
