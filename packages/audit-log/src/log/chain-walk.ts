/**
 * Follows the chain of a log, line by line: which events are there, in which order, and whether each
 * is what the next one was chained to. It says what happened to a log; that nothing happened, the tree
 * says (`verify-log.ts`).
 */
import { equalHashes, leafHash } from '../merkle/hashes.ts';
import { eventsBetween, type FindingList } from './finding.ts';
import { parseLogEntry } from './log-entry.ts';

export interface ChainWalk {
  /** The leaf hash of the line, when it stands where it belongs and can be a leaf of the tree. */
  take(line: {
    readonly number: number;
    readonly bytes: Uint8Array | undefined;
  }): Uint8Array | undefined;
  /** What is missing in the end. */
  finish(): void;
  /** Sequence that the next line should have. */
  readonly next: number;
}

interface Gap {
  from: number;
  readonly to: number;
  readonly line: number;
}

/** Gaps that are remembered, in case what is missing comes later. */
const MAX_GAPS = 1000;

/**
 * @param node - Who wrote the log.
 * @param first - Sequence of the first event.
 */
export function createChainWalk(node: string, first: number, findings: FindingList): ChainWalk {
  let next = first;
  let gaps: Gap[] = [];
  /** The newest line in its place: what the next is chained to. */
  let last: { readonly sequence: number; readonly hash: Uint8Array } | undefined =
    first === 1 ? { sequence: 0, hash: new Uint8Array(32) } : undefined;

  function takeMalformed(number: number, bytes: Uint8Array | undefined): Uint8Array | undefined {
    const what = bytes === undefined ? 'is longer than any event' : 'is no event of a log';
    findings.add({
      kind: 'malformed',
      message: `Line ${number}, where event ${next} should be, ${what}.`,
      from: next,
      to: next,
      line: number,
    });
    next += 1;
    // What follows cannot be compared with it.
    last = undefined;
    return undefined;
  }

  function noteGap(sequence: number, line: number): void {
    const gap = { from: next, to: sequence - 1, line };
    if (gaps.length < MAX_GAPS) gaps.push(gap);
    else reportGap(gap);
  }

  function reportGap({ from, to, line }: Gap): void {
    findings.add({
      kind: 'removed',
      message: `${capital(eventsBetween(from, to))} should be before line ${line}, and ${from === to ? 'is' : 'are'} missing.`,
      from,
      to,
      line,
    });
  }

  function takeOutOfPlace(sequence: number, line: number): void {
    const gap = gaps.find(({ from, to }) => sequence >= from && sequence <= to);
    if (gap === undefined) {
      findings.add({
        kind: 'inserted',
        message: `Line ${line} says that it is event ${sequence}, which is not its place: after event ${next - 1}.`,
        from: sequence,
        to: sequence,
        line,
      });
      return;
    }
    findings.add({
      kind: 'reordered',
      message: `Event ${sequence} stands in line ${line}, after event ${next - 1}.`,
      from: sequence,
      to: sequence,
      line,
    });
    gaps = gaps.filter((other) => other !== gap);
    if (gap.from < sequence) gaps.push({ ...gap, to: sequence - 1 });
    if (sequence < gap.to) gaps.push({ ...gap, from: sequence + 1 });
  }

  return {
    get next() {
      return next;
    },
    take({ number, bytes }) {
      const entry = bytes && parseLogEntry(bytes);
      if (bytes === undefined || entry === undefined) return takeMalformed(number, bytes);
      const { sequence } = entry;
      if (entry.node !== node) {
        findings.add({
          kind: 'foreign',
          message: `Line ${number} says that it is event ${sequence} of another log.`,
          line: number,
        });
        return undefined;
      }
      if (sequence < next) {
        takeOutOfPlace(sequence, number);
        return undefined;
      }
      if (sequence > next) noteGap(sequence, number);
      const hash = leafHash(bytes);
      const chainedTo = Buffer.from(entry.previousHash, 'hex');
      const isFollower = last?.sequence === sequence - 1;
      if (last !== undefined && isFollower && !equalHashes(chainedTo, last.hash)) {
        const changed = Math.max(1, last.sequence);
        findings.add({
          kind: 'changed',
          message:
            last.sequence === 0
              ? `Event 1 (line ${number}) says that there was one before it.`
              : `Event ${changed} is not the one that event ${sequence} (line ${number}) was chained to.`,
          from: changed,
          to: changed,
          line: last.sequence === 0 ? number : Math.max(1, number - 1),
        });
      }
      const isInPlace = sequence === next;
      next = sequence + 1;
      last = { sequence, hash };
      return isInPlace ? hash : undefined;
    },
    finish() {
      for (const gap of gaps) reportGap(gap);
    },
  };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
