/** A file that proves of one event that it stands in the log, without the log. */
import { AuditLogError } from '../audit-log-error.ts';
import { followKeys, openCheckpoint } from '../log/key-history.ts';
import { parseLogEntry } from '../log/log-entry.ts';
import { checkpointsOf, type KeptCheckpoint, type LogReader } from '../log/log-reader.ts';
import { leafHash } from '../merkle/hashes.ts';
import { verifyInclusion } from '../merkle/proofs.ts';
import { hashSlices, inclusionSlices } from '../merkle/slices.ts';
import { encodeBase64 } from '../note/base64.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { hashesOf, malformed, parseJsonObject } from './part-file.ts';

export interface ProvenEvent {
  readonly sequence: number;
  /** The event as it stands in the log. */
  readonly line: string;
  readonly origin: string;
  readonly treeSize: number;
  readonly trustedKey: string;
  /** Whether that key came with the proof. */
  readonly isKeyFromProof: boolean;
}

const FORMAT = 'claviger-inclusion-proof-1';
const MAX_SUCCESSIONS = 10_000;

/**
 * @param event - It stands in the log, and the checkpoint covers it.
 * @returns the text of the file.
 */
export async function makeInclusionProof(
  reader: LogReader,
  event: { readonly sequence: number; readonly line: string },
  sealed: { readonly checkpoint: KeptCheckpoint; readonly publicKey: VerifierKey },
  onProgress?: (leaves: number) => void,
): Promise<string> {
  const { checkpoint, publicKey } = sealed;
  const slices = inclusionSlices(event.sequence - 1, checkpoint.size);
  const hashes = await hashSlices(reader.readLeaves, slices, onProgress);
  const successions: string[] = [];
  for await (const { note } of checkpointsOf(reader, checkpoint.size, { successionsOnly: true })) {
    successions.push(note);
  }
  const value = {
    format: FORMAT,
    event: event.line,
    proof: hashes.map(encodeBase64),
    checkpoint: checkpoint.note,
    successions,
    publicKey: publicKey.text,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * @param publicKey - The key that is trusted; without it, the one of the file.
 * @throws AuditLogError `malformed` or `untrusted` when it proves nothing.
 */
export function verifyInclusionProof(text: string, publicKey?: VerifierKey): ProvenEvent {
  const value = parseJsonObject(text, 'proof');
  const { event: line, checkpoint: note, successions, publicKey: ownKey } = value;
  if (
    value['format'] !== FORMAT ||
    typeof line !== 'string' ||
    typeof note !== 'string' ||
    typeof ownKey !== 'string' ||
    !isListOfTexts(successions)
  ) {
    throw malformed('proof');
  }
  const proof = hashesOf(value['proof']);
  const anchor = publicKey ?? parseVerifierKey(ownKey);
  const checkpoint = openCheckpoint(note, followKeys(successions, anchor));
  const bytes = Buffer.from(line, 'utf8');
  const entry = parseLogEntry(bytes);
  if (entry === undefined || !checkpoint.origin.endsWith(`/${entry.node}`)) {
    throw malformed('event of the proof');
  }
  const { size, rootHash, origin } = checkpoint;
  if (!verifyInclusion(leafHash(bytes), entry.sequence - 1, size, proof, rootHash)) {
    throw new AuditLogError(
      'untrusted',
      `This does not prove that the event stands at ${entry.sequence} in the log of ${size} events: the event, its place or the proof was changed.`,
    );
  }
  return {
    sequence: entry.sequence,
    line,
    origin,
    treeSize: size,
    trustedKey: anchor.text,
    isKeyFromProof: publicKey === undefined,
  };
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_SUCCESSIONS &&
    value.every((item) => typeof item === 'string')
  );
}
