/**
 * Which key signs which part of a log. The log goes over from one key to the next by a checkpoint that
 * both sign; so whoever trusts one of them can follow to the other. Over a key that was lost one can only
 * look back: its successor says which it was, and seals what it sealed, but nobody says who the successor is.
 */
import { AuditLogError } from '../audit-log-error.ts';
import { isSignedBy, parseNote, type SignedNote } from '../note/signed-note.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

export interface KeyHistory {
  /** Oldest first. */
  readonly keys: readonly VerifierKey[];
  /** The key that signs checkpoints of this size. */
  keyFor(size: number): VerifierKey;
}

interface Link {
  readonly from: VerifierKey;
  readonly to: VerifierKey;
  readonly size: number;
  readonly isLost: boolean;
}

/**
 * @param successions - Notes of the checkpoints that hand over, in the order of their sizes.
 * @param anchor - The key that is trusted: any of the history.
 * @throws AuditLogError `malformed` or `untrusted`, when the keys do not follow from the anchor.
 */
export function followKeys(successions: readonly string[], anchor: VerifierKey): KeyHistory {
  const links = successions.map(parseLink);
  links.forEach((link, position) => {
    const before = links[position - 1];
    if (before !== undefined && (before.to.text !== link.from.text || before.size >= link.size)) {
      throw untrusted('the keys of the log do not follow one another');
    }
  });
  const [first] = links;
  const keys = first === undefined ? [anchor] : [first.from, ...links.map(({ to }) => to)];
  const place = keys.findLastIndex(({ text }) => text === anchor.text);
  if (place < 0) throw untrusted('the trusted key is none of the keys of the log');
  const lost = links.slice(place).find(({ isLost }) => isLost);
  if (lost !== undefined) {
    throw untrusted(
      `after ${lost.size} events the key of the log was lost and replaced by ${lost.to.text}, for which the trusted key does not vouch. ` +
        'Ask the owner of the log whether that is so; then trust the new key, and give the newest checkpoint of the old one that you have as a witness',
    );
  }
  const newest = keys.at(-1) ?? anchor;
  return {
    keys,
    // A key that is lost does not sign the checkpoint that says so.
    keyFor: (size) =>
      links.find((link) => size < link.size || (size === link.size && !link.isLost))?.from ??
      newest,
  };
}

/**
 * Reads a checkpoint that was signed by the key for its size.
 *
 * @throws AuditLogError `malformed` or `untrusted`.
 */
export function openCheckpoint(note: string, keys: KeyHistory): Checkpoint {
  const signed = parseNote(note);
  const checkpoint = parseCheckpoint(signed.text);
  const key = keys.keyFor(checkpoint.size);
  if (checkpoint.origin !== key.name) throw untrusted('the checkpoint is one of another log');
  if (!isSignedBy(signed, key)) {
    throw untrusted('the signature of the checkpoint is not one of the trusted key');
  }
  return checkpoint;
}

function parseLink(note: string): Link {
  const signed: SignedNote = parseNote(note);
  const { size, origin, succession } = parseCheckpoint(signed.text);
  if (succession === undefined) throw untrusted('a checkpoint that should hand over does not');
  const { from, to, isLost } = succession;
  if (origin !== from.name || origin !== to.name) {
    throw untrusted('a checkpoint hands over to the key of another log');
  }
  if (!isSignedBy(signed, to) || !(isLost || isSignedBy(signed, from))) {
    throw untrusted('a checkpoint that hands over to another key is not signed as it must be');
  }
  return { from, to, size, isLost };
}

function untrusted(reason: string): AuditLogError {
  return new AuditLogError('untrusted', `Not trusted: ${reason}.`);
}
