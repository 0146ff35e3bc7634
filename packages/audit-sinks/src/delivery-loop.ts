/**
 * Serves one sink: reads the log from the sink's cursor on, delivers what the filter lets pass, moves the
 * cursor. One batch is in memory at a time, and nothing is passed over: what a receiver refuses is tried
 * until it takes it.
 */

import type { DeliveryDependencies, SinkPlan, SinkStatus } from './delivery-options.ts';
import { DEFAULT_BATCH } from './delivery-options.ts';
import { compileFilter } from './event-filter.ts';
import { createLagWatch, DEFAULT_LAG_THRESHOLDS, type Lag } from './lag-watch.ts';
import { DEFAULT_RETRY, retryDelayMs } from './retry-delay.ts';
import { DeliveryError, type SinkEvent, toDeliveryError } from './sink.ts';
import { createWakeUp } from './wake-up.ts';

const ATTEMPT_TIMEOUT_MS = 30_000;
/** What an attempt gets to end in after its signal. */
const CUT_OFF_MS = 1_000;

export interface DeliveryLoop {
  /** There is something new in the log. */
  notify(): void;
  status(): SinkStatus;
  /** Ends after the attempt under way, or cuts it off. Does not reject. */
  close(withinMs: number): Promise<void>;
}

/** @param pollMs - How often the log is looked at without being notified. */
export function startDeliveryLoop(
  deps: DeliveryDependencies,
  plan: SinkPlan,
  pollMs: number,
): DeliveryLoop {
  const { source, cursors, clock, log, observer } = deps;
  const { name, sink } = plan;
  const passes = compileFilter(plan.filter);
  const limits = { ...DEFAULT_BATCH, ...plan.batch };
  const retry = { ...DEFAULT_RETRY, ...plan.retry };
  const attemptTimeoutMs = plan.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS;
  const lagWatch = createLagWatch({ ...DEFAULT_LAG_THRESHOLDS, ...plan.lagThresholds });

  const wakeUp = createWakeUp(clock);
  /** No further attempt; waits end. */
  const stopping = new AbortController();
  /** The attempt under way ends too. */
  const cutOff = new AbortController();
  const stopped = () => stopping.signal.aborted;

  let cursor: number | undefined;
  let lag: Lag = { events: 0, seconds: 0 };
  let oldestTime: number | undefined;
  let failures = 0;
  let lastFailure: SinkStatus['lastFailure'];
  let refusedEventId: string | undefined;

  const ended = run();

  async function run(): Promise<void> {
    cursor = await untilDone('read its place in the log', openCursor);
    while (cursor !== undefined && !stopped()) {
      const after: number = cursor;
      const events = await untilDone('read the log', () => nextBatch(after));
      if (events === undefined) return;
      oldestTime = events[0]?.time;
      await measureLag();
      if (events.length === 0) await wakeUp.wait(pollMs, stopping.signal);
      else await deliverAll(events);
    }
  }

  async function openCursor(): Promise<number> {
    const kept = await cursors.read(name);
    if (kept !== undefined) return kept;
    const start = plan.startAt === 'now' ? await source.lastEventSequence() : 0;
    await cursors.write(name, start);
    return start;
  }

  async function nextBatch(after: number): Promise<readonly SinkEvent[]> {
    const query = { afterSequence: after, limit: limits.maxEvents };
    const events = await source.listEvents(query);
    if (limits.lingerMs === 0 || events.length === 0 || isFull(events)) return withinBytes(events);
    const until = clock.now() + limits.lingerMs;
    for (;;) {
      // A clock that jumps back makes one wait longer, never longer than the whole.
      const left = Math.min(until - clock.now(), limits.lingerMs);
      const count = (await source.lastEventSequence()) - after;
      if (left <= 0 || count >= limits.maxEvents || stopped()) break;
      await wakeUp.wait(Math.min(left, pollMs), stopping.signal);
    }
    return withinBytes(await source.listEvents(query));
  }

  const isFull = (events: readonly SinkEvent[]) =>
    events.length >= limits.maxEvents || withinBytes(events).length < events.length;

  /** The first events whose bodies fit the limit; the first one always. */
  function withinBytes(events: readonly SinkEvent[]): readonly SinkEvent[] {
    let bytes = 0;
    const end = events.findIndex(({ body }, index) => {
      bytes += Buffer.byteLength(body);
      return bytes > limits.maxBytes && index > 0;
    });
    return end < 0 ? events : events.slice(0, end);
  }

  /**
   * In parts, when the receiver refuses the whole: halves until either the parts are small enough or the
   * one event stands alone that the receiver cannot take.
   */
  async function deliverAll(events: readonly SinkEvent[]): Promise<void> {
    let start = 0;
    let size = events.length;
    while (start < events.length) {
      if (stopped()) return;
      const part = events.slice(start, start + size);
      const failure = await attempt(part.filter(passes));
      if (failure === undefined) {
        await moveCursor(part);
        start += part.length;
        size *= 2;
        oldestTime = events[start]?.time;
        await measureLag();
      } else if (failure.kind === 'refused' && part.length > 1) {
        size = Math.ceil(part.length / 2);
      } else {
        refusedEventId = failure.kind === 'refused' ? part[0]?.id : undefined;
        await waitAfter(failure, 'deliver', part[0]);
      }
    }
  }

  async function attempt(events: readonly SinkEvent[]): Promise<DeliveryError | undefined> {
    if (events.length === 0) return undefined;
    const end = new AbortController();
    const over = new AbortController();
    const cut = () => end.abort(new DeliveryError('unavailable', 'delivery is being ended'));
    cutOff.signal.addEventListener('abort', cut);
    if (cutOff.signal.aborted) cut();
    const timeLimit = clock.sleep(attemptTimeoutMs, over.signal).then(() => {
      const message = `not delivered within ${attemptTimeoutMs / 1000} s`;
      if (!over.signal.aborted) end.abort(new DeliveryError('unavailable', message));
    });
    try {
      await sink.deliver(events, end.signal);
      observer?.delivered(name, events.length);
      return undefined;
    } catch (error) {
      return toDeliveryError(error);
    } finally {
      over.abort();
      cutOff.signal.removeEventListener('abort', cut);
      await timeLimit;
    }
  }

  async function moveCursor(delivered: readonly SinkEvent[]): Promise<void> {
    const sequence = delivered.at(-1)?.sequence;
    if (sequence === undefined) return;
    await untilDone('keep its place in the log', () => cursors.write(name, sequence));
    cursor = sequence;
    recovered();
  }

  /** Tries at least once, and until it works or delivery is being ended: then the answer is undefined. */
  async function untilDone<T>(what: string, step: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        if (stopped()) return undefined;
        await waitAfter(toDeliveryError(error), what);
        if (stopped()) return undefined;
      }
    }
  }

  async function waitAfter(failure: DeliveryError, what: string, first?: SinkEvent): Promise<void> {
    failures += 1;
    lastFailure = { kind: failure.kind, message: failure.message, time: clock.now() };
    const waitMs = retryDelayMs(failures, deps.random(), retry, failure.retryAfterMs);
    tellFailure(failure, what, waitMs, first);
    observer?.failed(name, failure.kind);

    let left = waitMs;
    while (left > 0 && !stopped()) {
      // In slices, so that the lag that others see goes on growing.
      await measureLag();
      const slice = Math.min(left, pollMs);
      await clock.sleep(slice, stopping.signal);
      left -= slice;
    }
  }

  function tellFailure(
    { kind, message }: DeliveryError,
    what: string,
    waitMs: number,
    first: SinkEvent | undefined,
  ): void {
    const fields = { sink: name, kind, reason: message, failures, waitMs: Math.round(waitMs) };
    if (kind === 'refused' && first !== undefined) {
      log.error(
        { ...fields, eventId: first.id, sequence: first.sequence, action: first.action },
        'a sink refuses an event; all later events wait for it',
      );
    } else if (kind === 'misconfigured') {
      log.error(fields, `a sink cannot ${what} until its configuration is changed`);
    } else if (failures === 1) {
      log.warn(fields, `a sink cannot ${what}; it is tried again`);
    } else {
      log.debug(fields, `a sink still cannot ${what}`);
    }
  }

  function recovered(): void {
    if (failures > 0) log.info({ sink: name, failures }, 'a sink takes events again');
    failures = 0;
    refusedEventId = undefined;
  }

  async function measureLag(): Promise<void> {
    let last: number;
    try {
      last = await source.lastEventSequence();
    } catch (error) {
      log.debug(
        { sink: name, reason: toDeliveryError(error).message },
        'the lag of a sink is not known',
      );
      return;
    }
    const now = clock.now();
    lag = {
      events: Math.max(0, last - (cursor ?? last)),
      seconds: oldestTime === undefined ? 0 : Math.max(0, (now - oldestTime) / 1000),
    };
    observer?.lag(name, lag);
    const level = lagWatch.observe(lag, now);
    if (level === undefined) return;
    observer?.lagLevel(name, level, lag);
    const fields = { sink: name, events: lag.events, seconds: Math.round(lag.seconds) };
    if (level === 'far-behind') log.error(fields, 'a sink is far behind the audit log');
    else if (level === 'behind') log.warn(fields, 'a sink is behind the audit log');
    else log.info(fields, 'a sink has caught up with the audit log');
  }

  async function settleWithin(milliseconds: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([ended, clock.sleep(milliseconds, over.signal)]);
    over.abort();
  }

  return {
    notify: () => wakeUp.notify(),
    status: () => ({
      name,
      cursor,
      lag,
      level: lagWatch.level,
      failures,
      lastFailure,
      refusedEventId,
    }),
    async close(withinMs) {
      stopping.abort();
      await settleWithin(withinMs);
      cutOff.abort();
      await settleWithin(CUT_OFF_MS);
      await sink.close();
    },
  };
}
