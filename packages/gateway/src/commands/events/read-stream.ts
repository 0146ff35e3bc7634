/** Takes events out of the pieces of a stream. */
import { Failure } from '../../failure.ts';

/** Far above the largest event, so that nobody can make us keep a line without end. */
const MAX_LINE = 1024 * 1024;

/** Lines that are whole; the end of the stream also ends a line. */
export async function* linesIn(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Failure('unreachable', 'A line of the API has no end.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** What a stream of server-sent events says. */
export type StreamedItem =
  | { readonly kind: 'event'; readonly id: string; readonly body: string }
  /** The stream is at this place; there was nothing to show. */
  | { readonly kind: 'place'; readonly id: string };

/** Server-sent events of the API: each has its data on one line. */
export async function* itemsIn(pieces: AsyncIterable<string>): AsyncGenerator<StreamedItem> {
  let id = '';
  let body: string | undefined;
  for await (const line of linesIn(pieces)) {
    if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('data: ')) body = line.slice(6);
    else if (line === '' && id !== '') {
      yield body === undefined ? { kind: 'place', id } : { kind: 'event', id, body };
      body = undefined;
    }
  }
}
