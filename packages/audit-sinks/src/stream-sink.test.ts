import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { anEvent, settle, someEvents } from './delivery.fixtures.ts';
import { createStreamSink } from './stream-sink.ts';

const signal = new AbortController().signal;

it('writes each event as it is stored, a line each', async () => {
  const stream = new PassThrough();
  await createStreamSink(stream).deliver(someEvents(2), signal);
  expect(String(stream.read())).toBe(`${anEvent(1).body}\n${anEvent(2).body}\n`);
});

it('holds one batch while nobody reads, and goes on when somebody does', async () => {
  let release = () => {};
  const written: string[] = [];
  const stuck = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      release = done;
    },
  });
  const sink = createStreamSink(stuck);
  const [first, second] = [new AbortController(), new AbortController()];
  const attempt = sink.deliver([anEvent(1)], first.signal);
  await settle();
  first.abort(new Error('took too long'));
  await expect(attempt).rejects.toThrow('took too long');
  const again = sink.deliver([anEvent(1)], second.signal);
  await settle();
  expect(written).toHaveLength(1);
  expect(stuck.writableLength).toBeLessThanOrEqual(anEvent(1).body.length + 1);
  release();
  await settle();
  release();
  await again;
  expect(written).toHaveLength(2);
});

it('fails, and harms nobody, when the reader has gone', async () => {
  const closed = new Writable({
    write: (_chunk, _, done) => done(new Error('write EPIPE')),
  });
  const sink = createStreamSink(closed);
  await expect(sink.deliver(someEvents(1), signal)).rejects.toThrow('write EPIPE');
  await settle();
  await expect(sink.deliver(someEvents(1), signal)).rejects.toThrow();
});
