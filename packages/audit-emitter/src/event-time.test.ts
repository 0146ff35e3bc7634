import { describe, expect, it } from 'vitest';
import { formatEventTime, parseEventTime } from './event-time.ts';

describe('the time of an event', () => {
  it.each([
    [0, '1970-01-01T00:00:00.00+0000'],
    [9, '1970-01-01T00:00:00.00+0000'],
    [10, '1970-01-01T00:00:00.01+0000'],
    [Date.UTC(2028, 1, 29, 23, 59, 59, 999), '2028-02-29T23:59:59.99+0000'],
    [Date.UTC(9999, 11, 31, 23, 59, 59, 999), '9999-12-31T23:59:59.99+0000'],
  ])('%i ms is %s', (timeMs, text) => {
    expect(formatEventTime(timeMs)).toBe(text);
    expect(parseEventTime(text)).toBe(timeMs - (timeMs % 10));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(10_000, 0), -1e15])(
    'cannot be %d',
    (timeMs) => {
      expect(() => formatEventTime(timeMs)).toThrow(RangeError);
    },
  );

  it.each([
    '2026-05-06T07:08:09.12Z',
    '2026-05-06T07:08:09.12+00:00',
    '2026-05-06T07:08:09.1+0000',
    '2026-05-06T07:08:09.123+0000',
    '2026-05-06T07:08:09.12+0200',
    '2026-02-30T07:08:09.12+0000',
    '2026-05-06T24:00:00.00+0000',
    '2026-13-06T07:08:09.12+0000',
    ' 2026-05-06T07:08:09.12+0000',
    '',
  ])('is not written "%s"', (text) => {
    expect(parseEventTime(text)).toBeUndefined();
  });
});
