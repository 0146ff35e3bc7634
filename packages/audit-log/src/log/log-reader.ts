/** What this package needs of whoever keeps the log. */
import type { ReadLeaves } from '../merkle/slices.ts';

export interface LogReader {
  /** Identity of the log, and which events it still has: none when `first` is `last` + 1. */
  extent(): Promise<{ readonly node: string; readonly first: number; readonly last: number }>;
  /** Lines of events, in their order, as they were hashed. */
  readLines(
    afterSequence: number,
    limit: number,
  ): Promise<readonly { readonly sequence: number; readonly line: string }[]>;
  /** Of events that are not there any more too. */
  readonly readLeaves: ReadLeaves;
  newestCheckpoint(): Promise<KeptCheckpoint | undefined>;
  /** In the order of their sizes. */
  listCheckpoints(query: {
    readonly afterSize: number;
    readonly limit: number;
    readonly successionsOnly?: boolean;
  }): Promise<readonly KeptCheckpoint[]>;
}

/** A checkpoint as it is kept. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
  /** `Frontier.toBytes` of the tree of this size. */
  readonly frontier: Uint8Array;
  readonly isSuccession: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const PAGE = 500;

/** All checkpoints up to a size, or those after another, page by page. */
export async function* checkpointsOf(
  reader: Pick<LogReader, 'listCheckpoints'>,
  upTo: number,
  { successionsOnly = false, afterSize: begin = 0 } = {},
): AsyncGenerator<KeptCheckpoint> {
  let afterSize = begin;
  for (;;) {
    const page = await reader.listCheckpoints({ afterSize, limit: PAGE, successionsOnly });
    for (const checkpoint of page) {
      if (checkpoint.size > upTo) return;
      yield checkpoint;
      afterSize = checkpoint.size;
    }
    if (page.length < PAGE) return;
  }
}

/** Lines from one sequence to another, both included; they are without gaps. */
export async function* linesOf(
  reader: Pick<LogReader, 'readLines'>,
  from: number,
  to: number,
): AsyncGenerator<string> {
  let afterSequence = from - 1;
  while (afterSequence < to) {
    const limit = Math.min(PAGE, to - afterSequence);
    const page = await reader.readLines(afterSequence, limit);
    if (page.length === 0) return;
    for (const { line } of page) yield `${line}\n`;
    afterSequence = page.at(-1)?.sequence ?? to;
  }
}
