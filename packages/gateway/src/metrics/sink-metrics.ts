/** What is counted of the sinks of audit events; their names come from the configuration. */
import type { DeliveryObserver } from '@claviger/audit-sinks';
import { Counter, Gauge, type Registry } from 'prom-client';

export function createSinkMetrics(registers: Registry[]): DeliveryObserver {
  const labelNames = ['sink'] as const;
  const lagEvents = new Gauge({
    name: 'claviger_sink_lag_events',
    help: 'Audit events that a sink was not served with yet.',
    labelNames,
    registers,
  });
  const lagSeconds = new Gauge({
    name: 'claviger_sink_lag_seconds',
    help: 'Age of the oldest of them.',
    labelNames,
    registers,
  });
  const delivered = new Counter({
    name: 'claviger_sink_delivered_events_total',
    help: 'Audit events that a sink has taken, repeated ones included.',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'claviger_sink_failures_total',
    help: 'Attempts that failed, by kind: unavailable, misconfigured, refused.',
    labelNames: ['sink', 'kind'],
    registers,
  });
  return {
    lag(sink, { events, seconds }) {
      lagEvents.set({ sink }, events);
      lagSeconds.set({ sink }, seconds);
    },
    delivered: (sink, events) => delivered.inc({ sink }, events),
    failed: (sink, kind) => failures.inc({ sink, kind }),
    lagLevel: () => {}, // the gauges tell it
  };
}
