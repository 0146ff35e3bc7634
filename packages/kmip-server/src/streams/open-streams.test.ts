import { beforeEach, describe, expect, it } from 'vitest';
import {
  createOpenStreams,
  type DataStream,
  MAX_STREAMS_OF_ADAPTER,
  type OpenStreams,
  STREAM_IDLE_MS,
} from './open-streams.ts';

const OWNER = { adapterId: 'a', operation: 'Encrypt', objectId: 'k' } as const;
const STREAM: DataStream<string> = { update: () => undefined, final: () => 'end' };

let now: number;
let streams: OpenStreams;
beforeEach(() => {
  now = 0;
  let last = 0;
  const bytes = (count: number) => {
    const value = new Uint8Array(count);
    new DataView(value.buffer).setUint32(0, ++last);
    return value;
  };
  streams = createOpenStreams({ now: () => now }, { uuid: () => '', bytes });
});

const unknown = expect.objectContaining({ code: 'unknown-stream' });

describe('open streams', () => {
  it('are found by their Correlation Value in a later message, until they are removed', () => {
    const value = streams.forMessage().add(OWNER, STREAM);
    const later = streams.forMessage();
    expect(later.get(OWNER, value)).toBe(STREAM);
    later.remove(value);
    expect(() => later.get(OWNER, value)).toThrowError(unknown);
    later.remove(value);
  });

  it.each([
    ['adapter', { ...OWNER, adapterId: 'b' }],
    ['operation', { ...OWNER, operation: 'Decrypt' }],
    ['key', { ...OWNER, objectId: 'l' }],
    ['operation without a key', { ...OWNER, objectId: undefined }],
  ] as const)('belong to one owner: another %s does not find them', (_, other) => {
    const value = streams.forMessage().add(OWNER, STREAM);
    expect(() => streams.forMessage().get(other, value)).toThrowError(unknown);
    expect(streams.forMessage().get(OWNER, value)).toBe(STREAM);
  });

  it('end when nobody goes on with them, each counted from its last part', () => {
    const one = streams.forMessage().add(OWNER, STREAM);
    const other = streams.forMessage().add(OWNER, STREAM);
    now += STREAM_IDLE_MS - 1;
    streams.forMessage().get(OWNER, one);
    now += 1;
    expect(() => streams.forMessage().get(OWNER, other)).toThrowError(unknown);
    expect(streams.forMessage().get(OWNER, one)).toBe(STREAM);
  });

  it('are bounded for each adapter; those that ended make room', () => {
    const message = streams.forMessage();
    const values = Array.from({ length: MAX_STREAMS_OF_ADAPTER }, () => message.add(OWNER, STREAM));
    const full = expect.objectContaining({ code: 'overloaded' });
    expect(() => message.add(OWNER, STREAM)).toThrowError(full);
    message.add({ ...OWNER, adapterId: 'b' }, STREAM);
    message.remove(values[0] ?? new Uint8Array(0));
    message.add(OWNER, STREAM);
    expect(() => message.add(OWNER, STREAM)).toThrowError(full);
    now += STREAM_IDLE_MS;
    expect(message.add(OWNER, STREAM)).toHaveLength(16);
  });

  it('end with a message that is not committed, when it touched them', () => {
    const before = streams.forMessage();
    const [touched, untouched] = [before.add(OWNER, STREAM), before.add(OWNER, STREAM)];
    const failing = streams.forMessage();
    failing.get(OWNER, touched);
    const begun = failing.add(OWNER, STREAM);
    failing.discard();
    const after = streams.forMessage();
    expect(() => after.get(OWNER, touched)).toThrowError(unknown);
    expect(() => after.get(OWNER, begun)).toThrowError(unknown);
    expect(after.get(OWNER, untouched)).toBe(STREAM);
  });
});
