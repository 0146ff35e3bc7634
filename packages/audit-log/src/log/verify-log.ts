/**
 * Verifies a log, or a part of one, against signed checkpoints, in one pass and bounded memory.
 *
 * The chain (`chain-walk.ts`) says what was done to which event. The tree decides: only when its root is
 * the one that was signed, the log is whole.
 */

import type { Line } from '../bundle/read-lines.ts';
import { createFrontier, type Frontier, restoreFrontier, subtreesOf } from '../merkle/frontier.ts';
import { equalHashes, HASH_BYTES } from '../merkle/hashes.ts';
import { fullSubtrees, levelOf } from '../merkle/slices.ts';
import { createChainWalk } from './chain-walk.ts';
import type { Checkpoint } from './checkpoint.ts';
import { eventsBetween, type FindingList } from './finding.ts';

/** Which part of a log there is, and hashes of what is not. */
export interface LogPart {
  /** Sequences of its first and last event; all of the log when they are 1 and the size. */
  readonly from: number;
  readonly to: number;
  /** Roots of the full subtrees before `from`, and after `to` up to the checkpoint; left to right. */
  readonly left: readonly Uint8Array[];
  readonly right: readonly Uint8Array[];
}

export interface LogToVerify {
  /** Who wrote the log. */
  readonly node: string;
  readonly part: LogPart;
  readonly lines: AsyncIterable<Line>;
  /** Checkpoints whose signatures hold, in the order of their sizes. */
  readonly checkpoints: AsyncIterable<Checkpoint>;
  /** The checkpoint that the proof of the part leads to. */
  readonly final: Checkpoint;
  /** Told now and then how many events were read. */
  readonly onProgress?: (events: number) => void;
}

const PROGRESS_EVENTS = 10_000;

/** @returns how many events it read. */
export async function verifyLog(log: LogToVerify, findings: FindingList): Promise<number> {
  const { part, final } = log;
  const tree = restoreLeft(part);
  if (tree === undefined || !isRightOf(part, final.size)) {
    findings.add({
      kind: 'malformed',
      message: `The proof does not fit ${eventsBetween(part.from, part.to)} of ${final.size}.`,
    });
    return 0;
  }
  const walk = createChainWalk(log.node, part.from, findings);
  const seals = createSeals(log.checkpoints, tree, part, findings);
  let events = 0;
  let isTree = true;

  for await (const line of log.lines) {
    if (walk.next > part.to) {
      findings.add({
        kind: 'inserted',
        message: `From line ${line.number} on there is more than the checkpoint of ${final.size} events and its proof cover.`,
        line: line.number,
      });
      isTree = false;
      break;
    }
    events += 1;
    if (!line.isEnded) {
      findings.add({
        kind: 'truncated',
        message: `Line ${line.number} is cut: there is no line feed at its end.`,
        line: line.number,
      });
    }
    const hash = walk.take(line);
    if (hash === undefined) isTree = false;
    else if (isTree) {
      tree.append(hash);
      if (seals.isDue()) await seals.compare();
    }
    if (events % PROGRESS_EVENTS === 0) log.onProgress?.(events);
  }

  walk.finish();
  if (walk.next <= part.to) {
    findings.add({
      kind: 'truncated',
      message:
        walk.next === part.from
          ? `There are no events: ${eventsBetween(walk.next, part.to)} should be there.`
          : `The log ends after event ${walk.next - 1}: ${eventsBetween(walk.next, part.to)} should follow.`,
      from: walk.next,
      to: part.to,
    });
  } else if (isTree) {
    for (const [index, slice] of fullSubtrees({ begin: part.to, end: final.size }).entries()) {
      const root = part.right[index];
      if (root !== undefined) tree.appendSubtree(root, levelOf(slice));
    }
    seals.compareWith(final);
  }
  await seals.finish();
  return events;
}

/** Compares the tree with each checkpoint when it has grown to its size. */
function createSeals(
  checkpoints: AsyncIterable<Checkpoint>,
  tree: Frontier,
  part: LogPart,
  findings: FindingList,
) {
  const iterator = checkpoints[Symbol.asyncIterator]();
  let nextSeal: Checkpoint | undefined;
  let isBegun = false;
  let sealedUpTo = part.from - 1;
  /** Once a root is another, every later one is. */
  let isBroken = false;

  async function advance(): Promise<void> {
    const { done, value } = await iterator.next();
    nextSeal = done === true ? undefined : value;
  }

  function compareWith({ size, rootHash }: Checkpoint): void {
    if (isBroken) return;
    if (equalHashes(tree.root(), rootHash)) {
      sealedUpTo = Math.max(sealedUpTo, Math.min(size, part.to));
      return;
    }
    isBroken = true;
    const [from, to] = [Math.min(sealedUpTo + 1, part.to), Math.min(size, part.to)];
    const isExplained = findings.kept.some(
      (finding) => (finding.from ?? 0) <= to && (finding.to ?? -1) >= from,
    );
    if (isExplained) return;
    findings.add({
      kind: 'changed',
      message:
        from === to
          ? `Event ${from} is not the one that the checkpoint of ${size} events seals. It was changed, or is of another history of this log.`
          : `Among ${eventsBetween(from, to)} are others than those that the checkpoint of ${size} events seals. They were changed, or are of another history of this log.`,
      from,
      to,
    });
  }

  return {
    compareWith,
    /** Whether `compare` has anything to do: it is asked for each event. */
    isDue(): boolean {
      return !isBegun || (nextSeal !== undefined && nextSeal.size <= tree.size);
    },
    async compare(): Promise<void> {
      if (!isBegun) await advance();
      isBegun = true;
      while (nextSeal !== undefined && nextSeal.size <= tree.size) {
        if (nextSeal.size === tree.size) compareWith(nextSeal);
        await advance();
      }
    },
    /** Reads the rest: the findings about checkpoints themselves come from there. */
    async finish(): Promise<void> {
      if (!isBegun) await advance();
      while (nextSeal !== undefined) await advance();
    },
  };
}

function restoreLeft({ from, left }: LogPart): Frontier | undefined {
  const before = from - 1;
  if (before === 0) return left.length === 0 ? createFrontier() : undefined;
  const isWhole = left.every((hash) => hash.length === HASH_BYTES);
  if (!isWhole || left.length !== subtreesOf(before)) return undefined;
  return restoreFrontier(before, Buffer.concat(left));
}

function isRightOf({ from, to, right }: LogPart, size: number): boolean {
  return (
    from >= 1 &&
    to >= from - 1 &&
    to <= size &&
    right.every((hash) => hash.length === HASH_BYTES) &&
    right.length === fullSubtrees({ begin: to, end: size }).length
  );
}
