/** Verifies an export with nothing but itself and a public key. */
import { AuditLogError } from '../audit-log-error.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { createFindingList, type Finding, type FindingList } from '../log/finding.ts';
import { followKeys, type KeyHistory } from '../log/key-history.ts';
import { type LogPart, verifyLog } from '../log/verify-log.ts';
import { equalHashes } from '../merkle/hashes.ts';
import { encodeBase64 } from '../note/base64.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import type { BundleSource } from './bundle-source.ts';
import {
  fork,
  openOrReport,
  readNotes,
  readSuccessions,
  trustedCheckpoints,
} from './checkpoint-lines.ts';
import { parsePart } from './part-file.ts';
import { readLines } from './read-lines.ts';

export interface VerifyOptions {
  /** The key that is trusted; without it, the one of the export, which proves only that it is whole. */
  readonly publicKey?: VerifierKey | undefined;
  /** Notes of checkpoints that were seen elsewhere: a log that was cut or forked contradicts them. */
  readonly witnesses?: readonly string[];
  /** How many findings are kept; the others are counted. Default 100. */
  readonly maxFindings?: number;
  readonly onProgress?: (events: number) => void;
}

export interface Verification {
  readonly isWhole: boolean;
  /** What was read, the checkpoint that it was compared with, and by which key; as far as it came. */
  readonly events: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly origin: string | undefined;
  readonly treeSize: number | undefined;
  /** Base64. */
  readonly rootHash: string | undefined;
  /** The key that was trusted. */
  readonly trustedKey: string | undefined;
  /** Whether that key came with the export. */
  readonly isKeyFromBundle: boolean;
  /** All keys that signed, oldest first. */
  readonly keys: readonly string[];
  readonly findings: readonly Finding[];
  /** How many there are, with those that were not kept. */
  readonly findingCount: number;
}

/** Events are at most 16 KiB; what is longer is none, but need not be called so too early. */
const MAX_LINE_BYTES = 256 * 1024;
const DEFAULT_MAX_FINDINGS = 100;

/**
 * @throws AuditLogError `inaccessible` when something that must be there cannot be read. Whatever is
 * wrong with what can be read is a finding.
 */
export async function verifyBundle(
  source: BundleSource,
  options: VerifyOptions = {},
): Promise<Verification> {
  const findings = createFindingList(options.maxFindings ?? DEFAULT_MAX_FINDINGS);
  const known: { -readonly [K in keyof Verification]?: Verification[K] } = {};
  try {
    await verify(source, options, findings, known);
  } catch (error) {
    if (!(error instanceof AuditLogError) || error.code === 'inaccessible') throw error;
    const kind = error.code === 'malformed' ? 'malformed' : 'untrusted';
    findings.add({ kind, message: error.message });
  }
  return {
    events: 0,
    from: undefined,
    to: undefined,
    origin: undefined,
    treeSize: undefined,
    rootHash: undefined,
    trustedKey: undefined,
    isKeyFromBundle: options.publicKey === undefined,
    keys: [],
    ...known,
    isWhole: findings.count === 0,
    findings: findings.kept,
    findingCount: findings.count,
  };
}

async function verify(
  source: BundleSource,
  options: VerifyOptions,
  findings: FindingList,
  known: { -readonly [K in keyof Verification]?: Verification[K] },
): Promise<void> {
  const anchor = options.publicKey ?? (await keyOfBundle(source));
  known.trustedKey = anchor.text;
  const successions = source.checkpoints();
  const keys = followKeys(successions ? await readSuccessions(successions) : [], anchor);
  known.keys = keys.keys.map(({ text }) => text);
  const final = openOrReport(await source.checkpoint(), keys, 'The checkpoint', findings);
  if (final === undefined) return;
  known.origin = final.origin;
  known.treeSize = final.size;
  known.rootHash = encodeBase64(final.rootHash);
  const part = await partOf(source, final);
  [known.from, known.to] = [part.from, part.to];
  const witnesses = (options.witnesses ?? []).flatMap(
    (note, index) => openOrReport(note, keys, `Witness ${index + 1}`, findings) ?? [],
  );
  const { onProgress } = options;
  known.events = await verifyLog(
    {
      node: final.origin.slice(final.origin.lastIndexOf('/') + 1),
      part,
      lines: readLines(source.events(), MAX_LINE_BYTES),
      checkpoints: checkpointsUpTo(final, source, keys, witnesses, findings),
      final,
      ...(onProgress && { onProgress }),
    },
    findings,
  );
}

/** All that are no newer than `final`: newer ones are findings, and so is one that contradicts it. */
async function* checkpointsUpTo(
  final: Checkpoint,
  source: BundleSource,
  keys: KeyHistory,
  witnesses: readonly Checkpoint[],
  findings: FindingList,
): AsyncGenerator<Checkpoint> {
  const chunks = source.checkpoints();
  const notes = chunks === undefined ? nothing() : readNotes(chunks);
  let newest: Checkpoint | undefined;
  for await (const checkpoint of trustedCheckpoints(notes, keys, witnesses, findings)) {
    if (checkpoint.size > final.size) newest = checkpoint;
    else if (checkpoint.size < final.size) yield checkpoint;
    else if (!equalHashes(checkpoint.rootHash, final.rootHash)) findings.add(fork(final.size));
  }
  if (newest !== undefined) {
    findings.add({
      kind: 'replayed',
      message: `The checkpoint is an old one, of ${final.size} events: there is one of ${newest.size}.`,
      from: final.size + 1,
      to: newest.size,
    });
  }
}

async function* nothing(): AsyncGenerator<never> {
  // A log without further checkpoints.
}

async function keyOfBundle(source: BundleSource): Promise<VerifierKey> {
  const text = await source.publicKey();
  if (text !== undefined) return parseVerifierKey(text);
  throw new AuditLogError(
    'inaccessible',
    'There is no public key: neither log.pub beside the events, nor one that was given.',
  );
}

/** Without a proof it is the whole log. */
async function partOf(source: BundleSource, final: Checkpoint): Promise<LogPart> {
  const text = await source.part();
  return text === undefined ? { from: 1, to: final.size, left: [], right: [] } : parsePart(text);
}
