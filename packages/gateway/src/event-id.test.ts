import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventId } from './event-id.ts';

describe('the id of an event', () => {
  it('is the UUID of version 7 of its time and random bits (RFC 9562, A.6)', () => {
    const randomId = '00000000-0000-4cc3-98c4-dc0c0c07398f';
    expect(eventId(0x017f22e279b0, randomId)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('has the form of every UUID, also of early times', () => {
    expect(eventId(1.5, randomUUID())).toMatch(
      /^00000000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('rises with time, whatever its random bits are', () => {
    const start = Date.UTC(2026, 10, 22);
    const ids = Array.from({ length: 100 }, (_, index) => eventId(start + index, randomUUID()));
    expect(ids.toSorted()).toEqual(ids);
  });
});
