/** Lines of a file that may be anything: bounded memory, whatever its length and content. */

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line feed; undefined when it was longer than the bound. Valid until the next line. */
  readonly bytes: Uint8Array | undefined;
  /** Whether a line feed stood at its end; only the last line may lack it. */
  readonly isEnded: boolean;
}

const LINE_FEED = 0x0a;

/** @param maxBytes - Of a line. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  let number = 0;
  /** The beginning of a line that goes on in the next chunk. */
  let begun: Uint8Array[] = [];
  let begunBytes = 0;

  function take(rest: Uint8Array, isEnded: boolean): Line {
    number += 1;
    const length = begunBytes + rest.length;
    const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
    [begun, begunBytes] = [[], 0];
    return { number, bytes: length > maxBytes ? undefined : bytes, isEnded };
  }

  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, at)) {
      yield take(chunk.subarray(at, end), true);
      at = end + 1;
    }
    const rest = chunk.subarray(at);
    // Of a line that is too long already, only that it is counts.
    if (rest.length > 0 && begunBytes <= maxBytes) begun.push(Uint8Array.from(rest));
    begunBytes += rest.length;
  }
  if (begunBytes > 0) yield take(new Uint8Array(), false);
}
