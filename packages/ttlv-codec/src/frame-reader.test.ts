import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeTtlv } from './encode.ts';
import type { TtlvErrorCode } from './error.ts';
import { errorOf } from './error-of.fixtures.ts';
import { createFrameReader, type FrameReader } from './frame-reader.ts';
import { bytesOf } from './ttlv-rows.fixtures.ts';

const MAX = 1024 * 1024;

function message(bodyBytes: number, fill = 1): Uint8Array {
  const value = new Uint8Array(bodyBytes - 8).fill(fill);
  return encodeTtlv({
    tag: 0x420078,
    type: 'Structure',
    value: bodyBytes === 0 ? [] : [{ tag: 0x420020, type: 'ByteString', value }],
  });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function takeAll(reader: FrameReader): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) frames.push(frame);
  return frames;
}

describe('createFrameReader', () => {
  it('returns the messages of one chunk as views of it, in order', () => {
    const [first, second] = [message(24), message(8)];
    const chunk = concat([first, second]);
    const reader = createFrameReader({ maxMessageBytes: MAX });
    reader.push(chunk);
    const frames = takeAll(reader);
    expect(frames).toEqual([first, second]);
    expect(frames.map(({ buffer }) => buffer)).toEqual([chunk.buffer, chunk.buffer]);
    expect(frames[0]?.buffer).toBe(chunk.buffer);
  });

  it('joins a message that arrives in pieces', () => {
    const whole = message(24);
    const reader = createFrameReader({ maxMessageBytes: MAX });
    reader.push(whole.subarray(0, 3));
    expect(reader.next()).toBeUndefined();
    reader.push(whole.subarray(3, 20));
    expect(reader.next()).toBeUndefined();
    expect(reader.bufferedBytes).toBe(20);
    reader.push(whole.subarray(20));
    expect(reader.next()).toEqual(whole);
    expect(reader.bufferedBytes).toBe(0);
  });

  it('gives plain Uint8Array frames for Buffer chunks', () => {
    const reader = createFrameReader({ maxMessageBytes: MAX });
    reader.push(Buffer.from(message(24)));
    expect(reader.next()).toStrictEqual(message(24));
  });

  it('accepts a message of exactly maxMessageBytes', () => {
    const reader = createFrameReader({ maxMessageBytes: 32 });
    reader.push(message(24));
    expect(reader.next()).toEqual(message(24));
  });

  const bad: readonly (readonly [string, string, TtlvErrorCode, number])[] = [
    ['a TLS alert, by its first byte', '15', 'invalid-tag', 0],
    ['HTTP, by its first byte', '47', 'invalid-tag', 0],
    ['an item that is no Structure, by its fourth byte', '420078 02', 'invalid-type', 3],
    ['a length that is no multiple of 8', '420078 01 00000009', 'invalid-length', 4],
    ['a message above the limit, by its header', '420078 01 00000020', 'message-too-large', 4],
    ['a message of 4 GiB, by its header', '540000 01 FFFFFFF8', 'message-too-large', 4],
  ];

  it.each(bad)('refuses %s, and everything after it', (_name, hex, code, offset) => {
    const bytes = bytesOf(hex);
    for (const size of [bytes.length, 1]) {
      const reader = createFrameReader({ maxMessageBytes: 32 });
      let failure: unknown;
      for (let at = 0; at < bytes.length && failure === undefined; at += size) {
        try {
          reader.push(bytes.subarray(at, at + size));
        } catch (error) {
          failure = error;
          expect(at + size).toBe(bytes.length);
        }
      }
      expect(failure).toMatchObject({ code, offset });
      expect(reader.bufferedBytes).toBe(0);
      expect(errorOf(() => reader.next()).code).toBe(code);
      expect(errorOf(() => reader.push(message(8))).code).toBe(code);
    }
  });

  it('names the announced size and the limit', () => {
    const reader = createFrameReader({ maxMessageBytes: 32 });
    expect(() => reader.push(bytesOf('420078 01 00000020'))).toThrow(
      'A message of 40 bytes exceeds the limit of 32',
    );
  });

  it('still hands out the good message before a bad one', () => {
    const reader = createFrameReader({ maxMessageBytes: MAX });
    reader.push(concat([message(8), Uint8Array.of(0xff)]));
    expect(reader.next()).toEqual(message(8));
    expect(errorOf(() => reader.next()).code).toBe('invalid-tag');
  });

  it('keeps chunks in order when they are pushed without taking messages', () => {
    const messages = Array.from({ length: 50 }, (_, index) => message(16, index));
    const stream = concat(messages);
    const reader = createFrameReader({ maxMessageBytes: MAX });
    for (let at = 0; at < stream.length; at += 5) reader.push(stream.subarray(at, at + 5));
    expect(reader.bufferedBytes).toBe(stream.length);
    expect(takeAll(reader)).toEqual(messages);
  });

  it('gives the same messages however the stream is cut', () => {
    const sizes = fc.array(
      fc.integer({ min: 1, max: 6 }).map((words) => 8 * words),
      { maxLength: 8 },
    );
    const cuts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, cuts, fc.boolean(), (bodySizes, chunkSizes, takeAtOnce) => {
        const messages = bodySizes.map((size, index) => message(size, index));
        const stream = concat(messages);
        const reader = createFrameReader({ maxMessageBytes: MAX });
        const frames: Uint8Array[] = [];
        let [at, turn] = [0, 0];
        while (at < stream.length) {
          const size = Math.max(turn === 0 ? 1 : 0, chunkSizes[turn % chunkSizes.length] ?? 1);
          turn = (turn + 1) % chunkSizes.length;
          reader.push(stream.slice(at, at + size));
          at = Math.min(at + size, stream.length);
          if (takeAtOnce) frames.push(...takeAll(reader));
        }
        frames.push(...takeAll(reader));
        expect(frames).toEqual(messages);
        expect(reader.bufferedBytes).toBe(0);
      }),
    );
  });

  it('reserves memory for what has arrived, not for what a header announces', () => {
    const header = bytesOf('420078 01 000FFFF0');
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 500 }, () => createFrameReader({ maxMessageBytes: MAX }));
    for (const reader of readers) reader.push(concat([header, new Uint8Array(100)]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500 * 32 * 1024);
    expect(readers.every((reader) => reader.bufferedBytes === 108)).toBe(true);
  });

  it('takes time in proportion to the stream, one byte at a time', () => {
    const time = (bodyBytes: number) => {
      const whole = message(bodyBytes);
      const reader = createFrameReader({ maxMessageBytes: MAX });
      const start = performance.now();
      for (let at = 0; at < whole.length; at++) reader.push(whole.subarray(at, at + 1));
      const elapsed = performance.now() - start;
      expect(reader.next()?.length).toBe(whole.length);
      return elapsed;
    };
    time(32 * 1024);
    const small = Math.min(time(32 * 1024), time(32 * 1024), time(32 * 1024));
    const large = Math.min(time(512 * 1024), time(512 * 1024));
    expect(large / small).toBeLessThan(64);
  });
});
