/** Logs for tests: events that are chained and sealed, kept in memory, and exports of them. */
import type { BundleSource } from './bundle/bundle-source.ts';
import { formatCheckpointLine } from './bundle/checkpoint-lines.ts';
import { formatPart } from './bundle/part-file.ts';
import { originOf } from './log/checkpoint.ts';
import type { KeptCheckpoint } from './log/log-reader.ts';
import { type CheckpointStore, handOver, makeCheckpoint } from './log/make-checkpoint.ts';
import { leafHash } from './merkle/hashes.ts';
import { fullSubtrees, hashSlices } from './merkle/slices.ts';
import { createSigner, generateSigningKey, type NoteSigner } from './note/signer.ts';
import type { VerifierKey } from './note/verifier-key.ts';

export const A_NODE = '0f'.repeat(16);

export function aSigner(node = A_NODE): NoteSigner {
  return createSigner(originOf(node), generateSigningKey());
}

export interface MemoryLog {
  readonly store: CheckpointStore;
  readonly lines: readonly string[];
  readonly checkpoints: readonly KeptCheckpoint[];
  /** The key of the log now. */
  readonly signer: NoteSigner;
  /** Appends events whose text has the given beginning. */
  append(count: number, text?: string): void;
  seal(): Promise<KeptCheckpoint>;
  rotate(): Promise<void>;
  /** As if the key were gone. */
  replaceLostKey(): Promise<void>;
}

/** An empty log. */
export function createMemoryLog(firstSigner = aSigner(), node = A_NODE): MemoryLog {
  const lines: string[] = [];
  const hashes: Uint8Array[] = [];
  const checkpoints: KeptCheckpoint[] = [];
  let signer = firstSigner;

  const store: CheckpointStore = {
    extent: async () => ({ node, first: 1, last: lines.length }),
    readLines: async (after, limit) =>
      lines
        .slice(after, after + limit)
        .map((line, index) => ({ sequence: after + 1 + index, line })),
    readLeaves: async (begin, count) => Buffer.concat(hashes.slice(begin, begin + count)),
    newestCheckpoint: async () => checkpoints.at(-1),
    listCheckpoints: async ({ afterSize, limit, successionsOnly = false }) =>
      checkpoints
        .filter(({ size, isSuccession }) => size > afterSize && (isSuccession || !successionsOnly))
        .slice(0, limit),
    appendCheckpoint: async (checkpoint, signedBy) => {
      const isNext = checkpoint.size > (checkpoints.at(-1)?.size ?? 0);
      if (!isNext || signedBy !== signer.verifierKey.text) return false;
      checkpoints.push(checkpoint);
      return true;
    },
  };

  function append(count: number, text = 'event'): void {
    for (let left = count; left > 0; left -= 1) {
      const sequence = lines.length + 1;
      const previousHash = Buffer.from(hashes.at(-1) ?? new Uint8Array(32)).toString('hex');
      const log = { node, sequence, previousHash };
      const line = JSON.stringify({ message: `${text} ${sequence} ü`, log });
      lines.push(line);
      hashes.push(leafHash(Buffer.from(line)));
    }
  }

  async function goOver(from: NoteSigner | VerifierKey): Promise<void> {
    append(1, 'rotation');
    const to = aSigner(node);
    if ((await handOver(store, { from, to }, 0)) === undefined) {
      throw new Error('The key was not handed over.');
    }
    signer = to;
  }

  return {
    store,
    lines,
    checkpoints,
    append,
    get signer() {
      return signer;
    },
    async seal() {
      const checkpoint = await makeCheckpoint(store, signer, 0);
      if (checkpoint === undefined) throw new Error('There is no checkpoint.');
      return checkpoint;
    },
    async rotate() {
      await goOver(signer);
    },
    async replaceLostKey() {
      await goOver(signer.verifierKey);
    },
  };
}

/** The files of an export, as texts that a test can change. */
export interface BundleTexts {
  events: Uint8Array;
  checkpoint: string;
  checkpoints: string | undefined;
  part: string | undefined;
  publicKey: string | undefined;
}

/** Exports a part of a log, by default all, by its newest checkpoint. */
export async function exportOf(
  log: MemoryLog,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<BundleTexts> {
  const checkpoint = log.checkpoints.at(-1);
  if (checkpoint === undefined) throw new Error('The log is not sealed.');
  const { from = 1, to = checkpoint.size } = range;
  const hashesOf = (begin: number, end: number) =>
    hashSlices(log.store.readLeaves, fullSubtrees({ begin, end }));
  return {
    events: Buffer.from(
      log.lines
        .slice(from - 1, to)
        .map((line) => `${line}\n`)
        .join(''),
    ),
    checkpoint: checkpoint.note,
    checkpoints: log.checkpoints.map(({ note }) => formatCheckpointLine(note)).join(''),
    part: formatPart({
      from,
      to,
      left: await hashesOf(0, from - 1),
      right: await hashesOf(to, checkpoint.size),
    }),
    publicKey: log.signer.verifierKey.text,
  };
}

/** Reads as a directory with these files would be read; in pieces that do not end with lines. */
export function sourceOf(texts: BundleTexts, pieceBytes = 1000): BundleSource {
  async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const { checkpoints } = texts;
  return {
    events: () => pieces(texts.events),
    checkpoint: async () => texts.checkpoint,
    checkpoints: () => (checkpoints === undefined ? undefined : pieces(Buffer.from(checkpoints))),
    part: async () => texts.part,
    publicKey: async () => texts.publicKey,
  };
}
