/**
 * What is counted, for Prometheus. The rooms know observers of their own making, and nothing of this.
 * No label holds a text of a client; each has few values, but for the ids of certificates, which are cut.
 */
import type { DeliveryObserver } from '@claviger/audit-sinks';
import type { KmipServerObserver } from '@claviger/kmip-server';
import type { AnsweredRequest } from '@claviger/management-api';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { createCommitMetrics, type MeasuredCommits } from './commit-metrics.ts';
import { createSinkMetrics } from './sink-metrics.ts';

export interface Metrics {
  readonly kmip: KmipServerObserver;
  readonly sinks: DeliveryObserver;
  /** Whether the newest events were whole when the gateway started. */
  logChecked(isWhole: boolean): void;
  /** What `/readyz` has just answered. */
  readinessChecked(isReady: boolean): void;
  apiAnswered(request: AnsweredRequest): void;
  /** Replaces what was said of all certificates before. */
  certificates(certificates: readonly MeasuredCertificate[]): void;
  /** Failures of what is asked for are left out, not passed on. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface MeasuredCertificate {
  /** What it is for. */
  readonly kind: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** What is asked for each time that the metrics are read. */
export interface MeasuredStore {
  statistics(): MeasuredCommits;
  lastEventSequence(): Promise<number>;
}

export interface MetricsDeps {
  readonly store: MeasuredStore;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only go forward. */
  monotonicNow(): number;
  readonly version: string;
  /** By state; undefined while nobody knows. Asked each time that the metrics are read: must cost nothing. */
  objectCounts(): Readonly<Record<string, number>> | undefined;
}

/** From a read of the memory to a commit that waits for others. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Those that end first; nobody watches a thousand. */
const MAX_CERTIFICATES = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const SECOND_MS = 1000;

export function createMetrics(deps: MetricsDeps): Metrics {
  const { store, now, monotonicNow, version, objectCounts } = deps;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const info = new Gauge({
    name: 'claviger_info',
    help: 'Always 1; the version is a label.',
    labelNames: ['version'],
    registers,
  });
  info.set({ version }, 1);
  const operations = new Counter({
    name: 'claviger_kmip_operations_total',
    help: 'KMIP batch items by operation and outcome (success, or the code of the error).',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const unreadable = new Counter({
    name: 'claviger_kmip_unreadable_messages_total',
    help: 'Messages of which no item could be read.',
    registers,
  });
  const messageSeconds = new Histogram({
    name: 'claviger_kmip_message_duration_seconds',
    help: 'From a whole request to its answer, commit included; batches have an operation of their own.',
    labelNames: ['operation'],
    buckets: SECONDS,
    registers,
  });
  const connections = new Gauge({
    name: 'claviger_kmip_connections',
    help: 'KMIP connections that are open and let in.',
    registers,
  });
  const accepted = new Counter({
    name: 'claviger_kmip_connections_total',
    help: 'KMIP connections that were let in, by version of TLS and whether a session was resumed.',
    labelNames: ['tls', 'resumed'],
    registers,
  });
  const refused = new Counter({
    name: 'claviger_kmip_connections_refused_total',
    help: 'KMIP connections that were not let in, or ended for their certificate, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const handshakes = new Counter({
    name: 'claviger_kmip_handshakes_failed_total',
    help: 'TLS handshakes that failed, by kind; the log says more.',
    labelNames: ['kind'],
    registers,
  });
  const waiting = new Gauge({
    name: 'claviger_kmip_requests_waiting',
    help: 'Whole KMIP requests that wait for the turn of their certificate.',
    registers,
  });
  const overloaded = new Gauge({
    name: 'claviger_kmip_overloaded',
    help: 'How many KMIP listeners refuse what is new, because the event loop does not keep up.',
    registers,
  });
  const apiRequests = new Counter({
    name: 'claviger_api_requests_total',
    help: 'Answers of the management API by method, pattern of the path and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const apiSeconds = new Histogram({
    name: 'claviger_api_request_duration_seconds',
    help: 'How long the management API took to answer.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const logWhole = new Gauge({
    name: 'claviger_audit_log_whole',
    help: '1 when the newest audit events were those that are sealed and chained, at the start; 0 when not.',
    registers,
  });
  logWhole.set(1);
  const ready = new Gauge({
    name: 'claviger_ready',
    help: '1 when /readyz last said that the gateway can do its job, 0 when not or not asked yet.',
    registers,
  });
  let measured: readonly MeasuredCertificate[] = [];
  new Gauge({
    name: 'claviger_certificate_expiry_days',
    help: 'Days until a certificate ends, below zero after that, by kind and id.',
    labelNames: ['kind', 'id'],
    registers,
    collect() {
      this.reset();
      for (const { kind, id, notAfter } of measured) {
        this.set({ kind, id }, (notAfter - now()) / DAY_MS);
      }
    },
  });
  new Gauge({
    name: 'claviger_objects',
    help: 'Managed objects by state, counted once a minute at most.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(objectCounts() ?? {})) this.set({ state }, count);
    },
  });
  const commits = createCommitMetrics(registers, store);
  new Gauge({
    name: 'claviger_event_sequence',
    help: 'Sequence of the newest audit event.',
    registers,
    async collect() {
      try {
        this.set(await store.lastEventSequence());
      } catch {
        this.reset(); // /readyz says what is wrong with the store
      }
    },
  });

  return {
    sinks: createSinkMetrics(registers),
    kmip: {
      connectionOpened({ protocol, isResumed }) {
        accepted.inc({ tls: protocol, resumed: String(isResumed) });
        connections.inc();
      },
      connectionClosed: () => connections.dec(),
      connectionRefused: (reason) => refused.inc({ reason }),
      handshakeFailed: (kind) => handshakes.inc({ kind }),
      overloaded: (isOverloaded) => overloaded.inc(isOverloaded ? 1 : -1),
      requestsWaiting: (change) => waiting.inc(change),
      messageBegun() {
        const begun = monotonicNow();
        return {
          ended({ items }) {
            for (const { operation, outcome } of items) operations.inc({ operation, outcome });
            if (items.length === 0) unreadable.inc();
            const [first] = items;
            const operation = items.length > 1 ? 'Batch' : (first?.operation ?? 'None');
            messageSeconds.observe({ operation }, (monotonicNow() - begun) / SECOND_MS);
          },
        };
      },
    },
    logChecked: (isWhole) => logWhole.set(isWhole ? 1 : 0),
    readinessChecked: (isReady) => ready.set(isReady ? 1 : 0),
    apiAnswered({ method, route = 'none', status, durationMs }) {
      apiRequests.inc({ method, route, status });
      apiSeconds.observe({ route }, durationMs / SECOND_MS);
    },
    certificates(certificates) {
      measured = certificates
        .toSorted((a, b) => a.notAfter - b.notAfter)
        .slice(0, MAX_CERTIFICATES);
    },
    async render() {
      const text = `${await registry.metrics()}\n${commits.renderHistograms()}`;
      return { contentType: registry.contentType, text };
    },
  };
}
