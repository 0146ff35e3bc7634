/** Builders for tests: events, a log, cursors, a clock that stands still, sinks that note what they get. */

import type { DeliveryClock } from './delivery-clock.ts';
import type { DeliveryLog, EventSource, SinkCursors } from './delivery-options.ts';
import type { Sink, SinkEvent } from './sink.ts';

export const START_TIME = Date.UTC(2026, 2, 2, 9, 14, 7, 310);

/** An event as the store has it; its id and its body tell its sequence. */
export function anEvent(sequence: number, change: Partial<SinkEvent> = {}): SinkEvent {
  const id = `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`;
  const action = change.action ?? 'hs-crypto.kmip-key.create';
  const outcome = change.outcome ?? 'success';
  const severity = change.severity ?? 'normal';
  const instance = 'crn:v1:bluemix:local:hs-crypto:eu-de:a/0123456789abcdef0123456789abcdef:inst-1';
  return {
    sequence,
    id,
    time: START_TIME,
    action,
    outcome,
    severity,
    initiatorId: 'CertificateID-a1',
    targetId: `${instance}:kmip_object:k1`,
    correlationId: 'c-1',
    body: JSON.stringify({
      eventTime: '2026-03-02T09:14:07.31+0000',
      action,
      outcome,
      severity,
      message: 'Hyper Protect Crypto Services: create kmip-key k1',
      id,
      logSourceCRN: `${instance}::`,
      initiator: { id: 'CertificateID-a1', name: 'vcenter "01"', host: { address: '192.0.2.7' } },
      target: { id: `${instance}:kmip_object:k1`, name: 'k1' },
      reason: { reasonCode: 200, reasonType: 'OK' },
    }),
    ...change,
  };
}

export function someEvents(count: number, first = 1): readonly SinkEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent(first + index));
}

export interface MemoryLog extends EventSource {
  readonly events: SinkEvent[];
}

export function memoryLog(events: readonly SinkEvent[] = []): MemoryLog {
  const kept = [...events];
  return {
    events: kept,
    listEvents: async ({ afterSequence, limit }) =>
      kept.filter(({ sequence }) => sequence > afterSequence).slice(0, limit),
    lastEventSequence: async () => kept.at(-1)?.sequence ?? 0,
  };
}

export interface MemoryCursors extends SinkCursors {
  readonly kept: Map<string, number>;
}

export function memoryCursors(): MemoryCursors {
  const kept = new Map<string, number>();
  return {
    kept,
    read: async (name) => kept.get(name),
    write: async (name, sequence) => {
      kept.set(name, sequence);
    },
  };
}

export interface ManualClock extends DeliveryClock {
  /** Moves time on; sleepers whose time has come wake in order. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the time alone, as a clock that jumps. */
  jump(milliseconds: number): void;
  /** How long the sleepers of the moment will sleep yet. */
  readonly sleeping: readonly number[];
}

interface Sleeper {
  readonly until: number;
  wake(): void;
}

export function manualClock(start = START_TIME): ManualClock {
  let now = start;
  let elapsed = 0;
  let sleepers: Sleeper[] = [];
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { until: elapsed + milliseconds, wake };
        sleepers.push(sleeper);
        signal.addEventListener('abort', wake);
      }),
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      for (;;) {
        await settle();
        const next = sleepers.toSorted((a, b) => a.until - b.until)[0];
        if (next === undefined || next.until > end) break;
        now += next.until - elapsed;
        elapsed = next.until;
        next.wake();
      }
      now += end - elapsed;
      elapsed = end;
      await settle();
    },
    jump(milliseconds) {
      now += milliseconds;
    },
    get sleeping() {
      return sleepers.map(({ until }) => until - elapsed);
    },
  };
}

/** Lets everything go on that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export function collectingLog(): DeliveryLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export interface CollectingSink extends Sink {
  /** Sequences of each batch that came, whether it was taken or not. */
  readonly batches: number[][];
  /** Sequences that were taken, in order. */
  readonly taken: number[];
  readonly closed: boolean;
  /** Decides on each batch, by throwing or waiting; takes all of them until set. */
  behave: (batch: readonly SinkEvent[], signal: AbortSignal) => Promise<void> | void;
}

export function collectingSink(behave: CollectingSink['behave'] = () => {}): CollectingSink {
  const batches: number[][] = [];
  const taken: number[] = [];
  let closed = false;
  const sink: CollectingSink = {
    batches,
    taken,
    get closed() {
      return closed;
    },
    behave,
    async deliver(batch, signal) {
      const sequences = batch.map(({ sequence }) => sequence);
      batches.push(sequences);
      await sink.behave(batch, signal);
      taken.push(...sequences);
    },
    async close() {
      closed = true;
    },
  };
  return sink;
}
