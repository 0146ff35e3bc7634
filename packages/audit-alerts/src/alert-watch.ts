/**
 * Watches the log with rules, behind the commit: it reads by sequence, and nothing waits for it. Alerts are
 * committed together with the place up to which the log was looked at, so that none is lost and none told
 * twice, whenever the process ends.
 */
import type { DeliveryClock, DeliveryLog } from '@claviger/audit-sinks';
import { createAlertEngine } from './alert-engine.ts';
import type { Alert, AlertEvent, AlertRule } from './rule.ts';

export interface AlertLog {
  listEvents(query: {
    readonly afterSequence: number;
    readonly limit: number;
  }): Promise<readonly AlertEvent[]>;
  lastEventSequence(): Promise<number>;
  /** Whether the initiator has an event of one of the outcomes before that place. */
  hasEarlier(query: {
    readonly initiatorId: string;
    readonly beforeSequence: number;
    readonly outcomes: readonly string[] | undefined;
  }): Promise<boolean>;
  /** The place up to which the log was looked at; undefined at the very first start. */
  readPlace(): Promise<number | undefined>;
  /** Records alerts and the place, in one commit. */
  commit(alerts: readonly Alert[], place: number): Promise<void>;
}

export interface AlertWatchDependencies {
  readonly source: AlertLog;
  readonly clock: DeliveryClock;
  readonly log: DeliveryLog;
}

export interface AlertWatch {
  /** Looks at the log now; otherwise it does so every second. */
  notify(): void;
  /** Ends after the page that is looked at. Does not reject. */
  close(): Promise<void>;
}

const PAGE = 500;
const POLL_MS = 1_000;
/** What is committed within this time is looked at together: being woken costs more than a look. */
const GATHER_MS = 50;
/** Events from which the state of the rules is made again after a start. */
const REBUILD_EVENTS = 20_000;
/** A place is written down with each alert, and else after so many events: it costs a commit. */
const PLACE_EVERY = 2_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export function startAlertWatch(
  { source, clock, log }: AlertWatchDependencies,
  rules: readonly AlertRule[],
): AlertWatch {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const closing = new AbortController();
  let woken = new AbortController();
  let engine = createAlertEngine(rules);
  let place = 0;
  let written = 0;

  const ended = run();

  async function run(): Promise<void> {
    let isReady = false;
    let waitMs = FIRST_RETRY_MS;
    while (!closing.signal.aborted) {
      try {
        if (!isReady) await rebuild();
        isReady = true;
        const isMore = await lookOn();
        waitMs = FIRST_RETRY_MS;
        if (!isMore) await pause();
      } catch (err) {
        // What was observed and not recorded must be observed anew.
        isReady = false;
        log.error({ err }, 'The log could not be looked at for alerts; it is tried again.');
        await clock.sleep(waitMs, closing.signal);
        waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS);
      }
    }
    if (isReady && place > written) await source.commit([], place).catch(() => undefined);
  }

  /** Takes the state of the rules from what stands in the log; nothing of it fires again. */
  async function rebuild(): Promise<void> {
    engine = createAlertEngine(rules);
    const kept = await source.readPlace();
    place = kept ?? (await source.lastEventSequence());
    let after = Math.max(0, place - REBUILD_EVENTS);
    while (after < place && !closing.signal.aborted) {
      const events = await source.listEvents({
        afterSequence: after,
        limit: Math.min(PAGE, place - after),
      });
      for (const event of events) engine.remember(event);
      after = events.at(-1)?.sequence ?? place;
    }
    if (kept === undefined) await source.commit([], place);
    written = place;
    engine.begin(clock.now());
  }

  /** @returns whether there is more to look at. */
  async function lookOn(): Promise<boolean> {
    const events = await source.listEvents({ afterSequence: place, limit: PAGE });
    const found = events.flatMap((event) => engine.observe(event));
    const alerts = await confirmed(found);
    const isMore = events.length === PAGE;
    if (!isMore) alerts.push(...engine.tick(clock.now()));
    const next = events.at(-1)?.sequence ?? place;
    if (alerts.length > 0 || next - written >= PLACE_EVERY) {
      await source.commit(alerts, next);
      written = next;
    }
    place = next;
    for (const { rule, group, count } of alerts) {
      log.warn({ rule, group, count }, 'An alert has fired.');
    }
    return isMore;
  }

  /** Without first uses of what the log has known for longer than the rules remember. */
  async function confirmed(alerts: readonly Alert[]): Promise<Alert[]> {
    const kept: Alert[] = [];
    for (const alert of alerts) {
      const { kind, group, lastEvent, rule } = alert;
      const isKnown =
        kind === 'first-use' &&
        group !== undefined &&
        lastEvent !== undefined &&
        (await source.hasEarlier({
          initiatorId: group,
          beforeSequence: lastEvent.sequence,
          outcomes: byName.get(rule)?.outcomes,
        }));
      if (!isKnown) kept.push(alert);
    }
    return kept;
  }

  /** Waits for news. */
  async function pause(): Promise<void> {
    await clock.sleep(POLL_MS, AbortSignal.any([closing.signal, woken.signal]));
    if (!woken.signal.aborted) return;
    await clock.sleep(GATHER_MS, closing.signal);
    woken = new AbortController();
  }

  return {
    notify() {
      // Each abort makes an error with a stack, also when there is nothing left to abort.
      if (!woken.signal.aborted) woken.abort();
    },
    async close() {
      closing.abort();
      await ended;
    },
  };
}
