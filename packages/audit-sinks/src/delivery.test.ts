import { afterEach, describe, expect, it } from 'vitest';
import {
  anEvent,
  type CollectingSink,
  collectingLog,
  collectingSink,
  type ManualClock,
  manualClock,
  memoryCursors,
  memoryLog,
  START_TIME,
  settle,
  someEvents,
} from './delivery.fixtures.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { DeliveryDependencies, SinkPlan } from './delivery-options.ts';
import { DeliveryError, type SinkEvent } from './sink.ts';

interface Rig {
  readonly clock: ManualClock;
  readonly source: ReturnType<typeof memoryLog>;
  readonly cursors: ReturnType<typeof memoryCursors>;
  readonly log: ReturnType<typeof collectingLog>;
  start(...plans: SinkPlan[]): Delivery;
}

const running: { readonly delivery: Delivery; readonly clock: ManualClock }[] = [];
afterEach(async () => {
  for (const { delivery, clock } of running.splice(0)) {
    const closed = delivery.close(0);
    await clock.advance(10_000);
    await closed;
  }
});

function aRig(events: readonly SinkEvent[], change: Partial<DeliveryDependencies> = {}): Rig {
  const [clock, source, cursors, log] = [
    manualClock(),
    memoryLog(events),
    memoryCursors(),
    collectingLog(),
  ];
  return {
    clock,
    source,
    cursors,
    log,
    start(...plans) {
      const deps = { source, cursors, clock, log, random: () => 1, ...change };
      const delivery = createDelivery(deps, plans);
      running.push({ delivery, clock });
      return delivery;
    },
  };
}

const sequences = (count: number, first = 1) =>
  Array.from({ length: count }, (_, index) => first + index);

/** Fails so many times, then takes everything. */
function failing(times: number, error: () => Error): CollectingSink {
  let left = times;
  return collectingSink(() => {
    left -= 1;
    if (left >= 0) throw error();
  });
}

describe('a sink that takes everything', () => {
  it('receives the whole log in order, in batches, and its cursor follows', async () => {
    const rig = aRig(someEvents(1_203));
    const sink = collectingSink();
    rig.start({ name: 'siem', sink });
    await settle();
    expect(sink.taken).toEqual(sequences(1_203));
    expect(sink.batches.map(({ length }) => length)).toEqual([500, 500, 203]);
    expect(rig.cursors.kept.get('siem')).toBe(1_203);
  });

  it('receives what is committed later when notified, and without being notified by the next poll', async () => {
    const rig = aRig(someEvents(1));
    const sink = collectingSink();
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    rig.source.events.push(anEvent(2));
    delivery.notify();
    await settle();
    expect(sink.taken).toEqual([1, 2]);
    rig.source.events.push(anEvent(3));
    await rig.clock.advance(4_999);
    expect(sink.taken).toEqual([1, 2]);
    await rig.clock.advance(1);
    expect(sink.taken).toEqual([1, 2, 3]);
  });

  it('goes on after its cursor, and from the end when it shall begin now', async () => {
    const rig = aRig(someEvents(10));
    rig.cursors.kept.set('siem', 7);
    const [old, late] = [collectingSink(), collectingSink()];
    rig.start(
      { name: 'siem', sink: old, startAt: 'now' },
      { name: 'late', sink: late, startAt: 'now' },
    );
    await settle();
    expect(old.taken).toEqual([8, 9, 10]);
    expect(late.taken).toEqual([]);
    expect(rig.cursors.kept.get('late')).toBe(10);
  });

  it('receives only what its filter lets pass, while the cursor moves over the rest', async () => {
    const rig = aRig([
      anEvent(1),
      anEvent(2, { severity: 'critical' }),
      anEvent(3, { action: 'hs-crypto.secrets.list' }),
    ]);
    const sink = collectingSink();
    const delivery = rig.start({ name: 'siem', sink, filter: { severities: ['critical'] } });
    await settle();
    expect(sink.taken).toEqual([2]);
    expect(delivery.deliveredThrough()).toBe(3);
  });

  it('gets batches of at most so many bytes, a larger event alone', async () => {
    const bodies = [10, 10, 10, 90, 10].map((length) => 'x'.repeat(length));
    const rig = aRig(bodies.map((body, index) => anEvent(index + 1, { body })));
    const sink = collectingSink();
    rig.start({ name: 'siem', sink, batch: { maxBytes: 20 } });
    await settle();
    expect(sink.batches).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('waits for a fuller batch when it shall linger, but no longer than that', async () => {
    const rig = aRig(someEvents(2));
    const sink = collectingSink();
    const plan = { name: 'archive', sink, batch: { lingerMs: 60_000, maxEvents: 4 } };
    const delivery = rig.start(plan);
    await rig.clock.advance(59_999);
    expect(sink.batches).toEqual([]);
    await rig.clock.advance(1);
    expect(sink.batches).toEqual([[1, 2]]);
    rig.source.events.push(...someEvents(4, 3));
    delivery.notify();
    await settle();
    expect(sink.batches).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
  });
});

describe('a sink that fails', () => {
  it('is tried again after waits that double up to the cap, and gets everything', async () => {
    const rig = aRig(someEvents(3));
    const sink = failing(6, () => new Error('connect ECONNREFUSED'));
    rig.start({ name: 'siem', sink, retry: { baseMs: 100, capMs: 500 } });
    const attempts: number[] = [];
    for (const wait of [100, 200, 400, 500, 500, 500]) {
      await rig.clock.advance(wait - 1);
      attempts.push(sink.batches.length);
      await rig.clock.advance(1);
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sink.taken).toEqual([1, 2, 3]);
  });

  it('spreads its attempts by chance', async () => {
    const rig = aRig(someEvents(1), { random: () => 0 });
    const sink = failing(1, () => new Error('down'));
    rig.start({ name: 'siem', sink, retry: { baseMs: 1_000 } });
    await rig.clock.advance(499);
    expect(sink.taken).toEqual([]);
    await rig.clock.advance(1);
    expect(sink.taken).toEqual([1]);
  });

  it('is not tried before the time it asked for, nor is that without bounds', async () => {
    const rig = aRig(someEvents(1));
    let asked = 90_000;
    const sink = failing(
      2,
      () => new DeliveryError('unavailable', 'answered 429', { retryAfterMs: asked }),
    );
    rig.start({ name: 'siem', sink, retry: { baseMs: 100 } });
    await rig.clock.advance(89_999);
    expect(sink.batches).toHaveLength(1);
    asked = 1e15;
    await rig.clock.advance(100);
    expect(sink.batches).toHaveLength(2);
    await rig.clock.advance(600_200);
    expect(sink.taken).toEqual([1]);
  });

  it('is not hurried by new events', async () => {
    const rig = aRig(someEvents(1));
    const sink = failing(1, () => new Error('down'));
    const delivery = rig.start({ name: 'siem', sink, retry: { baseMs: 1_000 } });
    await settle();
    delivery.notify();
    await settle();
    expect(sink.batches).toHaveLength(1);
  });

  it('holds up no other sink', async () => {
    const rig = aRig(someEvents(600));
    const healthy = collectingSink();
    const hanging = collectingSink(() => new Promise(() => {}));
    const dead = failing(Number.POSITIVE_INFINITY, () => new Error('down'));
    rig.start(
      { name: 'hanging', sink: hanging },
      { name: 'dead', sink: dead },
      { name: 'healthy', sink: healthy },
    );
    await settle();
    expect(healthy.taken).toEqual(sequences(600));
    expect(hanging.batches).toHaveLength(1);
  });

  it('is cut off when an attempt takes too long, and tried again', async () => {
    const rig = aRig(someEvents(1));
    const sink = collectingSink((_, signal) =>
      sink.batches.length > 1
        ? undefined
        : new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          }),
    );
    const delivery = rig.start({ name: 'siem', sink, attemptTimeoutMs: 2_000 });
    await rig.clock.advance(2_000);
    expect(delivery.status()[0]?.lastFailure?.message).toBe('not delivered within 2 s');
    await rig.clock.advance(500);
    expect(sink.taken).toEqual([1]);
  });

  it('gets a batch again when the cursor could not be written', async () => {
    const cursors = memoryCursors();
    let broken = true;
    const rig = aRig(someEvents(2), {
      cursors: {
        read: async () => 0,
        write: async (name, sequence) => {
          if (broken) throw new Error('disk I/O error');
          await cursors.write(name, sequence);
        },
      },
    });
    const delivery = rig.start({ name: 'siem', sink: collectingSink() });
    await settle();
    expect(delivery.deliveredThrough()).toBe(0);
    broken = false;
    await rig.clock.advance(500);
    expect(cursors.kept.get('siem')).toBe(2);
  });

  it('waits for a log that cannot be read', async () => {
    const source = memoryLog(someEvents(2));
    let broken = true;
    const sink = collectingSink();
    const rig = aRig([], {
      source: {
        listEvents: async (query) => {
          if (broken) throw new Error('database is locked');
          return source.listEvents(query);
        },
        lastEventSequence: () => source.lastEventSequence(),
      },
    });
    rig.start({ name: 'siem', sink });
    await settle();
    broken = false;
    await rig.clock.advance(500);
    expect(sink.taken).toEqual([1, 2]);
  });
});

describe('an event that the receiver refuses', () => {
  const refuse = (poison: number) => (batch: readonly SinkEvent[]) => {
    if (batch.some(({ sequence }) => sequence === poison)) {
      throw new DeliveryError('refused', 'the receiver answered 400');
    }
  };

  it('is found by halving; all before it arrive, none after it, and it is named', async () => {
    const rig = aRig(someEvents(100));
    const sink = collectingSink(refuse(42));
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    expect(sink.taken).toEqual(sequences(41));
    expect(delivery.status()[0]?.refusedEventId).toBe(anEvent(42).id);
    expect(rig.log.lines.filter(({ level }) => level === 'error')[0]).toMatchObject({
      fields: { sink: 'siem', eventId: anEvent(42).id, sequence: 42 },
      message: 'a sink refuses an event; all later events wait for it',
    });
  });

  it('is tried again and never passed over; what waited for it follows in order', async () => {
    const rig = aRig(someEvents(100));
    const sink = collectingSink(refuse(42));
    const delivery = rig.start({ name: 'siem', sink });
    await rig.clock.advance(3_600_000);
    expect(sink.taken).toEqual(sequences(41));
    sink.behave = () => {};
    await rig.clock.advance(60_000);
    expect(sink.taken).toEqual(sequences(100));
    expect(delivery.status()[0]).toMatchObject({ refusedEventId: undefined, failures: 0 });
  });

  it('does not stand for a batch that is only too large', async () => {
    const rig = aRig(someEvents(100));
    const sink = collectingSink((batch) => {
      if (batch.length > 30) throw new DeliveryError('refused', 'the receiver answered 413');
    });
    rig.start({ name: 'siem', sink });
    await settle();
    expect(sink.taken).toEqual(sequences(100));
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the lag', () => {
  it('is told while a sink is down, at its thresholds, and when it has caught up', async () => {
    const rig = aRig(someEvents(150));
    const levels: unknown[] = [];
    const lags: number[] = [];
    const sink = collectingSink(() => {
      throw new Error('down');
    });
    const delivery = aRigWithObserver();
    await rig.clock.advance(100_000);
    expect(delivery.status()[0]?.lag).toEqual({ events: 150, seconds: expect.any(Number) });
    expect(delivery.status()[0]?.lag.seconds).toBeGreaterThan(90);
    sink.behave = () => {};
    await rig.clock.advance(60_000);
    expect(levels).toEqual(['behind', 'far-behind', 'current']);
    expect(lags.at(-1)).toBe(0);
    expect(rig.log.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'a sink is behind the audit log',
        'a sink is far behind the audit log',
        'a sink has caught up with the audit log',
      ]),
    );

    function aRigWithObserver(): Delivery {
      const deps = { ...rig, random: () => 1 };
      const observer = {
        lag: (_: string, { events }: { events: number }) => lags.push(events),
        lagLevel: (_: string, level: string) => levels.push(level),
        delivered: () => {},
        failed: () => {},
      };
      const plan = { name: 'siem', sink, lagThresholds: { events: 1_000, seconds: 5 } };
      const made = createDelivery({ ...deps, observer }, [plan]);
      running.push({ delivery: made, clock: rig.clock });
      return made;
    }
  });

  it('is not negative after the clock has jumped back', async () => {
    const rig = aRig(someEvents(1));
    rig.clock.jump(-3_600_000);
    const sink = failing(1, () => new Error('down'));
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    expect(delivery.status()[0]?.lag.seconds).toBe(0);
    expect(rig.clock.now()).toBeLessThan(START_TIME);
    await rig.clock.advance(500);
    expect(sink.taken).toEqual([1]);
  });
});

describe('close', () => {
  it('lets the batch in flight end, keeps its cursor, and begins no other', async () => {
    const rig = aRig(someEvents(900));
    let finish = () => {};
    const sink = collectingSink(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    const closed = delivery.close();
    await settle();
    expect(sink.closed).toBe(false);
    finish();
    await closed;
    expect(sink).toMatchObject({ closed: true, batches: [sequences(500)] });
    expect(rig.cursors.kept.get('siem')).toBe(500);
  });

  it('cuts off a batch that does not end in time; the cursor stays', async () => {
    const rig = aRig(someEvents(1));
    let aborted = false;
    const sink = collectingSink(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    const closed = delivery.close(3_000);
    await rig.clock.advance(3_000);
    await closed;
    expect([aborted, sink.closed, rig.cursors.kept.get('siem')]).toEqual([true, true, 0]);
  });

  it('does not wait for a sink that hears no signal', async () => {
    const rig = aRig(someEvents(1));
    const sink = collectingSink(() => new Promise(() => {}));
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    const closed = delivery.close(3_000);
    await rig.clock.advance(4_000);
    await closed;
    expect(sink.closed).toBe(true);
  });

  it('ends a wait for the next attempt at once', async () => {
    const rig = aRig(someEvents(1));
    const sink = failing(9, () => new Error('down'));
    const delivery = rig.start({ name: 'siem', sink });
    await settle();
    await delivery.close();
    expect(sink.closed).toBe(true);
  });
});

it('refuses two sinks with one name, since they would share a cursor', () => {
  const rig = aRig([]);
  const plan = { name: 'siem', sink: collectingSink() };
  expect(() => rig.start(plan, plan)).toThrow('Two sinks have the name "siem".');
});
