import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRefusalAggregator, type RefusalReport } from './refusal-aggregator.ts';

const WINDOW_MS = 1000;

function setUp(maxKeys = 10) {
  const clock = { time: 5000 };
  const aggregator = createRefusalAggregator<string>({
    windowMs: WINDOW_MS,
    maxKeys,
    now: () => clock.time,
  });
  const record = (fingerprint: string | undefined, reason = 'unknown', detail = '') =>
    aggregator.record({ fingerprint, reason, detail });
  return { clock, aggregator, record };
}

const brief = (reports: readonly RefusalReport<string>[]) =>
  reports.map(({ kind, refusal, count }) => [kind, refusal.fingerprint, refusal.reason, count]);

describe('the aggregator of refused connections', () => {
  it('reports the first of a key at once', () => {
    const { record } = setUp();
    expect(record('aa', 'unknown', 'from 192.0.2.1')).toEqual([
      {
        kind: 'first',
        refusal: { fingerprint: 'aa', reason: 'unknown', detail: 'from 192.0.2.1' },
        count: 1,
        firstAt: 5000,
        lastAt: 5000,
      },
    ]);
  });

  it('reports the repeats once, when the window ends', () => {
    const { clock, aggregator, record } = setUp();
    record('aa');
    for (const time of [5001, 5400, 5999]) {
      clock.time = time;
      expect(record('aa', 'unknown', `at ${time}`)).toEqual([]);
    }
    expect(aggregator.due()).toEqual([]);
    clock.time = 6000;
    expect(aggregator.due()).toEqual([
      {
        kind: 'repeats',
        refusal: { fingerprint: 'aa', reason: 'unknown', detail: 'at 5999' },
        count: 3,
        firstAt: 5001,
        lastAt: 5999,
      },
    ]);
    expect(aggregator.due()).toEqual([]);
  });

  it('ends the window when the clock is set back, and bundles on by the new time', () => {
    const { clock, aggregator, record } = setUp();
    clock.time = 9_000_000;
    record('aa');
    record('aa');
    clock.time = 5000;
    expect(brief(record('aa'))).toEqual([
      ['repeats', 'aa', 'unknown', 1],
      ['first', 'aa', 'unknown', 1],
    ]);
    expect(brief(record('aa'))).toEqual([]);
    clock.time = 6000;
    expect(brief(aggregator.due())).toEqual([['repeats', 'aa', 'unknown', 1]]);
  });

  it('says nothing more when there were no repeats', () => {
    const { clock, aggregator, record } = setUp();
    record('aa');
    clock.time = 6000;
    expect(aggregator.due()).toEqual([]);
    expect(aggregator.nextDueAt()).toBeUndefined();
  });

  it('tells apart fingerprints, reasons, and no fingerprint', () => {
    const { record } = setUp();
    expect(brief(record('aa', 'unknown'))).toEqual([['first', 'aa', 'unknown', 1]]);
    expect(brief(record('aa', 'expired'))).toEqual([['first', 'aa', 'expired', 1]]);
    expect(brief(record('bb', 'unknown'))).toEqual([['first', 'bb', 'unknown', 1]]);
    expect(brief(record(undefined, 'unknown'))).toEqual([['first', undefined, 'unknown', 1]]);
    expect(brief(record(undefined, 'unknown'))).toEqual([]);
  });

  it('tells apart peers where there are no fingerprints', () => {
    const { aggregator } = setUp();
    const from = (peer: string) =>
      aggregator.record({ fingerprint: undefined, peer, reason: 'log-in', detail: '' }).length;
    expect([from('192.0.2.1'), from('192.0.2.2'), from('192.0.2.1')]).toEqual([1, 1, 0]);
  });

  it('begins anew after the window, and reports the old repeats before', () => {
    const { clock, record } = setUp();
    record('aa');
    record('aa');
    clock.time = 6000;
    expect(brief(record('aa'))).toEqual([
      ['repeats', 'aa', 'unknown', 1],
      ['first', 'aa', 'unknown', 1],
    ]);
  });

  it('puts what is beyond its keys into one bucket', () => {
    const { clock, aggregator, record } = setUp(2);
    record('aa');
    record('bb');
    expect(brief(record('cc'))).toEqual([['overflow', 'cc', 'unknown', 1]]);
    expect(record('dd')).toEqual([]);
    expect(record('ee', 'expired')).toEqual([]);
    expect(record('aa')).toEqual([]);
    clock.time = 6000;
    expect(brief(aggregator.due())).toEqual([
      ['repeats', 'aa', 'unknown', 1],
      ['overflow', 'ee', 'expired', 2],
    ]);
    expect(brief(record('cc'))).toEqual([['first', 'cc', 'unknown', 1]]);
  });

  it('says when it has something to do', () => {
    const { clock, aggregator, record } = setUp();
    expect(aggregator.nextDueAt()).toBeUndefined();
    record('aa');
    clock.time = 5300;
    record('bb');
    expect(aggregator.nextDueAt()).toBe(6000);
    clock.time = 6000;
    aggregator.due();
    expect(aggregator.nextDueAt()).toBe(6300);
  });

  it('reports what is left when it closes', () => {
    const { aggregator, record } = setUp();
    record('aa');
    record('aa');
    record('bb');
    expect(brief(aggregator.close())).toEqual([['repeats', 'aa', 'unknown', 1]]);
    expect(aggregator.close()).toEqual([]);
  });

  it('loses no refusal and bounds the reports, whatever comes', () => {
    const attempt = fc.record({
      waitMs: fc.nat({ max: WINDOW_MS }),
      fingerprint: fc.option(fc.constantFrom('aa', 'bb', 'cc', 'dd', 'ee'), { nil: undefined }),
      reason: fc.constantFrom('unknown', 'expired'),
    });
    const maxKeys = 3;
    fc.assert(
      fc.property(fc.array(attempt), (attempts) => {
        const { clock, aggregator, record } = setUp(maxKeys);
        const reports: RefusalReport<string>[] = [];
        for (const { waitMs, fingerprint, reason } of attempts) {
          clock.time += waitMs;
          reports.push(...record(fingerprint, reason));
        }
        const windows = 1 + Math.ceil((clock.time - 5000) / WINDOW_MS);
        reports.push(...aggregator.close());
        expect(reports.reduce((sum, { count }) => sum + count, 0)).toBe(attempts.length);
        expect(reports.length).toBeLessThanOrEqual(2 * (maxKeys + 1) * windows);
      }),
    );
  });

  it.each([
    [0, 1],
    [Number.NaN, 1],
    [1, 0],
    [1, 1.5],
  ])('cannot have a window of %d ms and %d keys', (windowMs, maxKeys) => {
    const create = () => createRefusalAggregator({ windowMs, maxKeys, now: () => 0 });
    expect(create).toThrow(RangeError);
  });
});
