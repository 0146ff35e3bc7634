/** Delivers the audit log of an installation to the sinks of its configuration. */
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';
import {
  createDelivery,
  createTimerClock,
  type Delivery,
  type DeliveryObserver,
  type SinkPlan,
} from '@claviger/audit-sinks';
import type { KeyStore } from '@claviger/key-store';
import type { Logger } from 'pino';
import type { CommitFeed } from '../commit-feed.ts';
import { ConfigError } from '../config/config-error.ts';
import type { SinkSettings } from '../config/sink-settings.ts';
import { sinkOf } from './sink-of.ts';

export interface AuditDeliveryDeps {
  readonly store: Pick<
    KeyStore,
    'listEvents' | 'lastEventSequence' | 'readSinkCursor' | 'writeSinkCursor'
  >;
  /** Wakes the sinks. */
  readonly commits: CommitFeed;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Logger;
  readonly stdout: Writable;
  readonly observer?: DeliveryObserver | undefined;
  /** How often the log is looked at without a commit here, in milliseconds. Default 1,000. */
  readonly pollMs?: number | undefined;
}

export interface AuditDelivery {
  /** Begins to deliver. */
  start(): void;
  /** Undefined before it was started. */
  readonly delivery: Delivery | undefined;
  /** Lets batches under way end. Does not reject. */
  close(): Promise<void>;
}

/** For events of other processes: nobody tells of them. */
const POLL_MS = 1_000;
/** Events of so long go together: under load, a sink does not write its place after each commit. */
const GATHER_MS = 20;
const SECOND_MS = 1_000;
/** Each batch becomes an object: a few large ones are better than one for each event. */
const S3_LINGER_SECONDS = 60;

/** @throws ConfigError when the settings of a sink cannot be used together or an address is none. */
export function createAuditDelivery(
  sinks: readonly SinkSettings[],
  deps: AuditDeliveryDeps,
): AuditDelivery {
  const { store, commits, now, random, log, stdout, observer, pollMs = POLL_MS } = deps;
  const clock = createTimerClock(now);
  const around = { clock, log, stdout, hostname: hostname() };
  const plans = sinks.map((settings, index): SinkPlan => {
    try {
      return { ...planOf(settings), sink: sinkOf(settings, around) };
    } catch (cause) {
      if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
      throw new ConfigError([`audit.sinks[${index}] (${settings.name}): ${cause.message}`], {
        cause,
      });
    }
  });
  let delivery: Delivery | undefined;
  let endListening: (() => void) | undefined;
  const closing = new AbortController();

  /** A flag and, for the first of many, a timer: all that an operation pays for the sinks. */
  function listen(awake: Delivery): () => void {
    let isGathering = false;
    return commits.onCommitted(() => {
      if (isGathering) return;
      isGathering = true;
      void clock.sleep(GATHER_MS, closing.signal).then(() => {
        isGathering = false;
        awake.notify();
      });
    });
  }

  return {
    get delivery() {
      return delivery;
    },
    start() {
      if (delivery !== undefined) return;
      delivery = createDelivery(
        {
          source: store,
          cursors: {
            read: async (name) => (await store.readSinkCursor(name))?.sequence,
            write: (name, sequence) => store.writeSinkCursor(name, sequence, now()),
          },
          clock,
          random,
          log,
          observer,
        },
        plans,
        { pollMs },
      );
      if (plans.length > 0) endListening = listen(delivery);
    },
    async close() {
      endListening?.();
      closing.abort();
      if (delivery === undefined) await Promise.all(plans.map(({ sink }) => sink.close()));
      else await delivery.close();
    },
  };
}

function planOf(settings: SinkSettings): Omit<SinkPlan, 'sink'> {
  const linger = settings.linger_seconds ?? (settings.type === 's3' ? S3_LINGER_SECONDS : 0);
  return {
    name: settings.name,
    filter: {
      actions: settings.actions,
      severities: settings.severities,
      outcomes: settings.outcomes,
    },
    batch: {
      maxEvents: settings.batch_events,
      maxBytes: settings.batch_bytes,
      lingerMs: linger * SECOND_MS,
    },
    retry: { capMs: settings.max_wait_seconds * SECOND_MS },
    lagThresholds: { events: settings.lag_events, seconds: settings.lag_seconds },
    attemptTimeoutMs: settings.attempt_timeout_seconds * SECOND_MS,
    startAt: settings.start_at,
  };
}
