/** Events as a stream: all that match, or each new one as it comes. */

import { setTimeout as delay } from 'node:timers/promises';
import type { EventRecord, EventSearch, KeyStore } from '@claviger/key-store';
import { ApiError } from '../errors/api-error.ts';

export type StreamStore = Pick<KeyStore, 'lastEventSequence' | 'queryEvents'>;

/** A stream as it was asked for. */
export interface StreamRequest {
  readonly search: Omit<EventSearch, 'limit'>;
  /** Begins with what comes after this place. */
  readonly afterSequence: number;
}

export interface LinesRequest extends StreamRequest {
  /** Ends with this place. */
  readonly lastSequence: number;
}

export interface FollowRequest extends StreamRequest {
  /** Looked at with each heartbeat; the stream ends when it rejects. */
  stillAllowed(): Promise<void>;
}

export interface EventStreams {
  /** @throws ApiError `OVERLOADED_ERR` when there are as many streams as there may be. */
  checkRoom(): void;
  /** Every event that matches, oldest first, one a line. */
  lines(request: LinesRequest, signal: AbortSignal): AsyncIterable<string>;
  /** Events as they come, as server-sent events; their ids are places in the log. */
  follow(request: FollowRequest, signal: AbortSignal): AsyncIterable<string>;
  /** Ends every stream, and lets none begin. */
  close(): void;
}

export interface StreamTimes {
  /** How often the log is looked at. */
  readonly pollMs: number;
  readonly heartbeatMs: number;
}

export const MAX_STREAMS = 32;
/** What is read, and held in memory, at a time. */
const PAGE = 100;
const RETRY_MS = 2_000;
const DEFAULT_TIMES: StreamTimes = { pollMs: 500, heartbeatMs: 15_000 };

export function createEventStreams(
  store: StreamStore,
  { pollMs, heartbeatMs }: StreamTimes = DEFAULT_TIMES,
): EventStreams {
  const closing = new AbortController();
  let open = 0;

  /** Counts a stream while it lasts; one too many ends at once. */
  async function* counted(
    signal: AbortSignal,
    pieces: (ended: AbortSignal) => AsyncIterable<string>,
  ): AsyncGenerator<string> {
    if (open >= MAX_STREAMS || closing.signal.aborted) return;
    open += 1;
    try {
      yield* pieces(AbortSignal.any([signal, closing.signal]));
    } finally {
      open -= 1;
    }
  }

  /** @returns the place up to which everything was looked at. */
  async function* pages(
    { search, afterSequence }: StreamRequest,
    last: number,
    ended: AbortSignal,
  ): AsyncGenerator<readonly EventRecord[], number> {
    let after = afterSequence;
    while (after < last && !ended.aborted) {
      const page = await store.queryEvents({
        ...search,
        order: 'oldest-first',
        limit: PAGE,
        afterSequence: after,
        beforeSequence: last + 1,
      });
      if (page.events.length > 0) yield page.events;
      after = page.nextSequence ?? last;
    }
    return after;
  }

  async function* linesOf(request: LinesRequest, ended: AbortSignal): AsyncGenerator<string> {
    for await (const events of pages(request, request.lastSequence, ended)) {
      yield events.map(({ body }) => `${body}\n`).join('');
    }
  }

  async function* followed(request: FollowRequest, ended: AbortSignal): AsyncGenerator<string> {
    let after = request.afterSequence;
    let quietMs = 0;
    yield `retry: ${RETRY_MS}\n\n`;
    while (!ended.aborted) {
      const last = await store.lastEventSequence();
      const found = pages({ ...request, afterSequence: after }, last, ended);
      for (;;) {
        const page = await found.next();
        if (page.done) {
          after = page.value;
          break;
        }
        yield page.value.map(frameOf).join('');
      }
      await pause(pollMs, ended);
      quietMs += pollMs;
      if (quietMs < heartbeatMs) continue;
      quietMs = 0;
      await request.stillAllowed();
      // The place without an event: whoever resumes need not have passed-over events looked at again.
      yield `: still here\nid: ${after}\n\n`;
    }
  }

  return {
    checkRoom() {
      if (open < MAX_STREAMS && !closing.signal.aborted) return;
      throw new ApiError(
        'OVERLOADED_ERR',
        `There are ${MAX_STREAMS} streams already; end one, or ask for pages.`,
      );
    },
    lines: (request, signal) => counted(signal, (ended) => linesOf(request, ended)),
    follow: (request, signal) => counted(signal, (ended) => followed(request, ended)),
    close: () => closing.abort(),
  };
}

function frameOf({ sequence, body }: EventRecord): string {
  return `id: ${sequence}\nevent: audit\ndata: ${body}\n\n`;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
