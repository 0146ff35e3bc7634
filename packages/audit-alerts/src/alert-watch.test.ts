import { createTimerClock } from '@claviger/audit-sinks';
import { afterEach, describe, expect, it } from 'vitest';
import { anAlertEvent, aRule, START } from './alert-event.fixtures.ts';
import { alertEventInput } from './alert-record.ts';
import { type AlertLog, type AlertWatch, startAlertWatch } from './alert-watch.ts';
import { ALERT_ACTION, type Alert, type AlertEvent, type AlertRule } from './rule.ts';

const watches: AlertWatch[] = [];
afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.close();
});

/** A log in memory, and what was recorded in it. */
function aLog() {
  const events: AlertEvent[] = [];
  const alerts: Alert[] = [];
  let place: number | undefined;
  let failures = 0;
  const source: AlertLog = {
    listEvents: async ({ afterSequence, limit }) =>
      events.slice(afterSequence, afterSequence + limit),
    lastEventSequence: async () => events.length,
    hasEarlier: async ({ initiatorId, beforeSequence }) =>
      events.some((one) => one.initiatorId === initiatorId && one.sequence < beforeSequence),
    readPlace: async () => place,
    async commit(found, next) {
      if (failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
      place = next;
      alerts.push(...found);
      for (const alert of found) {
        const { requestData } = alertEventInput(alert, 'c');
        const body = JSON.stringify({ reason: { reasonCode: 200 }, requestData });
        events.push(anAlertEvent(events.length + 1, 0, { action: ALERT_ACTION, body }));
      }
    },
  };
  return {
    source,
    alerts,
    add(count: number, facts: Partial<AlertEvent> = {}) {
      for (let index = 0; index < count; index += 1) {
        events.push(anAlertEvent(events.length + 1, 0, facts));
      }
    },
    failOnce() {
      failures = 1;
    },
    place: () => place,
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function watch(source: AlertLog, rules: readonly AlertRule[]): AlertWatch {
  const timers = createTimerClock(() => START);
  const clock = { ...timers, sleep: (_: number, signal: AbortSignal) => timers.sleep(2, signal) };
  const started = startAlertWatch({ source, clock, log: SILENT }, rules);
  watches.push(started);
  return started;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('the watch', () => {
  it('fires for what comes, not for what was there before its first start', async () => {
    const log = aLog();
    log.add(5);
    watch(log.source, [aRule()]);
    await expect.poll(log.place).toBe(5);
    await settled();
    expect(log.alerts).toEqual([]);
    log.add(1_200);
    await expect.poll(() => log.alerts.length).toBe(1);
    await settled();
    expect(log.alerts).toHaveLength(1);
  });

  it('knows after a restart what it knew, and looks at what came meanwhile', async () => {
    const log = aLog();
    const rules = [aRule({ count: 4 })];
    const first = watch(log.source, rules);
    await expect.poll(log.place).toBe(0);
    log.add(3);
    await settled();
    await first.close();
    expect(log.alerts).toEqual([]);
    log.add(1);
    const second = watch(log.source, rules);
    await expect.poll(() => log.alerts.length).toBe(1);
    await second.close();
    log.add(3);
    watch(log.source, rules);
    await settled();
    expect(log.alerts).toHaveLength(1);
  });

  it('loses no alert when the store fails, and tells none twice', async () => {
    const log = aLog();
    watch(log.source, [aRule()]);
    await expect.poll(log.place).toBe(0);
    log.failOnce();
    log.add(3);
    await expect.poll(() => log.alerts.length).toBe(1);
    await settled();
    expect(log.alerts).toHaveLength(1);
  });

  it('asks the log whether a certificate was met before', async () => {
    const log = aLog();
    log.add(30_000, { initiatorId: 'anonymous' });
    log.add(1, { initiatorId: 'CertificateID-old', sequence: 1 });
    log.add(25_000, { initiatorId: 'anonymous' });
    watch(log.source, [aRule({ kind: 'first-use' })]);
    await expect.poll(log.place, { timeout: 10_000 }).toBe(55_001);
    log.add(1, { initiatorId: 'CertificateID-old' });
    log.add(1, { initiatorId: 'CertificateID-new' });
    await expect.poll(() => log.alerts.length).toBe(1);
    expect(log.alerts[0]?.group).toBe('CertificateID-new');
  });
});
