/** Events as JSON lines on a stream of the process, for those who collect its standard output. */

import type { Writable } from 'node:stream';
import { type Sink, throwIfAborted } from './sink.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * A batch is delivered when the stream has handed it to the system. A reader that does not read holds up
 * this sink alone, with at most one batch in memory.
 *
 * @param stream - E.g. standard output; not closed here.
 */
export function createStreamSink(stream: Writable): Sink {
  /** Settles when the stream has let go of what was written last. Never rejects. */
  let drained: Promise<void> = Promise.resolve();
  /** Writes tell their own failures; without a listener a closed pipe would end the process. */
  const ignore = () => {};
  stream.on('error', ignore);

  return {
    async deliver(batch, signal) {
      // A write cannot be taken back: the one of an attempt that was cut off has to end first.
      await untilAborted(drained, signal);
      throwIfAborted(signal);
      const written = write(stream, batch.map(({ body }) => `${body}\n`).join(''));
      drained = written.catch(() => undefined);
      await untilAborted(written, signal);
    },
    async close() {
      stream.off('error', ignore);
    },
  };
}

function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
