/** Sends bodies of unknown length, in bounded memory, to readers that keep up. */

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { StreamedBody, StreamForm } from '../calls/call.ts';

/** How long a reader may take for one piece. */
const STALL_MS = 30_000;

/** The form that an `Accept` header asks for by name. */
export function streamFormOf(accept: string | undefined): StreamForm | undefined {
  const types = (accept ?? '').split(',').map((type) => type.split(';', 1)[0]?.trim());
  if (types.includes('text/event-stream')) return 'text/event-stream';
  return types.includes('application/x-ndjson') ? 'application/x-ndjson' : undefined;
}

/** How the document describes an answer that may be a stream. */
export function streamedResponse(response: z.ZodType | undefined) {
  return {
    description: 'As `Accept` asks: a page, all at once one a line, or events as they come.',
    content: {
      'application/json': { schema: response ?? z.undefined() },
      'application/x-ndjson': { schema: z.string() },
      'text/event-stream': { schema: z.string() },
    },
  };
}

/** @param stallMs - A reader that takes longer for one piece is cut off. */
export function sendStream(
  reply: FastifyReply,
  { form, open }: StreamedBody,
  stallMs = STALL_MS,
): FastifyReply {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const body = readableOf(open(gone.signal), stallMs);
  reply.type(form).header('cache-control', 'no-store').header('x-accel-buffering', 'no');
  return reply.send(body);
}

/**
 * One piece is made when the one before was taken. Ends with an error when a piece is not taken in time.
 *
 * @param pieces - Texts that are not empty.
 */
export function readableOf(pieces: AsyncIterable<string>, stallMs: number): Readable {
  async function* watched(): AsyncGenerator<string> {
    for await (const piece of pieces) {
      const watch = setTimeout(() => {
        body.destroy(new Error(`The reader took nothing for ${stallMs / 1000} seconds.`));
      }, stallMs);
      watch.unref();
      try {
        yield piece;
      } finally {
        clearTimeout(watch);
      }
    }
  }
  const body = Readable.from(watched(), { highWaterMark: 1 });
  return body;
}
