import { randomBytes, randomUUID } from 'node:crypto';
import { createAuditEmitter, parseAuditEvent, toLogRecord } from '@claviger/audit-emitter';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { withCommitFeed } from '../commit-feed.ts';
import { settingsSchema } from '../config/settings-schema.ts';
import type { Installation } from '../installation.ts';
import { type AuditAlerts, createAuditAlerts } from './audit-alerts.ts';
import { recordLag } from './lag-record.ts';
import { rulesOf } from './rules-of.ts';

const started: AuditAlerts[] = [];
afterEach(async () => {
  for (const alerts of started.splice(0)) await alerts.close();
});

const log = pino({ level: 'silent' });

function anInstallation() {
  const { store, commits } = withCommitFeed(createMemoryKeyStore());
  const audit = createAuditEmitter({
    displayName: 'Claviger',
    crn: {
      cname: 'bluemix',
      ctype: 'local',
      service: 'hs-crypto',
      location: 'local',
      accountId: '0'.repeat(32),
      instanceId: randomUUID(),
    },
    extensionActions: true,
    severityPrecedence: 'graver',
    saveServiceCopy: true,
    newId: () => randomUUID(),
    now: () => Date.now(),
  });
  const ambient = {
    clock: { now: () => Date.now() },
    randomness: { uuid: () => randomUUID(), bytes: (count: number) => randomBytes(count) },
  };
  // The parts of an installation that alerts have to do with.
  const installation = { store, commits, audit, ambient } as unknown as Installation;
  return { store, audit, installation };
}

const settingsWith = (alerts: object, audit: object = {}) =>
  settingsSchema.parse({ alerts, audit });
const TWO_LOCATES = { name: 'two', actions: ['claviger.kmip-key.locate'], count: 2 };

describe('alerts of an installation', () => {
  it('are events in its log, told as such, and their place is kept', async () => {
    const { store, audit, installation } = anInstallation();
    const alerts = createAuditAlerts(settingsWith({ rules: [TWO_LOCATES] }), installation, log);
    started.push(alerts);
    alerts.start();
    await expect.poll(() => store.readSetting('alerts-place')).toBe('0');
    for (const _ of [1, 2]) {
      const event = audit.build({
        action: 'claviger.kmip-key.locate',
        outcome: { kind: 'success' },
        initiator: { kind: 'system' },
        target: { kind: 'instance' },
        correlationId: randomUUID(),
        requestURI: 'kmip://localhost:5696',
      });
      if (event === undefined) throw new Error('There is no event.');
      const events = [{ ...toLogRecord(event), adapterId: null }];
      await store.commit({ guards: [], changes: [], events });
    }
    await expect.poll(() => store.lastEventSequence(), { timeout: 10_000 }).toBe(3);
    const [record] = await store.listEvents({ afterSequence: 2, limit: 1 });
    expect(parseAuditEvent(JSON.parse(record?.body ?? ''))).toMatchObject({
      action: 'claviger.alert.fire',
      severity: 'critical',
      initiator: { id: 'claviger' },
      requestData: { rule: 'two', count: 2, windowSeconds: 300, lastSequence: 2 },
    });
    expect(await store.readSetting('alerts-place')).toBe('2');
  });

  it('cannot be without the events that tell of them', () => {
    const settings = settingsWith({ rules: [TWO_LOCATES] }, { extension_actions: false });
    const { installation } = anInstallation();
    expect(() => createAuditAlerts(settings, installation, log)).toThrow(/extension_actions/);
  });
});

describe('a sink that is behind', () => {
  it('is on the record, and so is that it has caught up', async () => {
    const { store, installation } = anInstallation();
    const told: string[] = [];
    const nothing = () => {};
    const observer = recordLag(
      { lag: nothing, delivered: nothing, failed: nothing, lagLevel: (sink) => told.push(sink) },
      installation,
      log,
    );
    observer.lagLevel('siem', 'behind', { events: 12, seconds: 301.5 });
    observer.lagLevel('siem', 'current', { events: 0, seconds: 0 });
    await expect.poll(() => store.lastEventSequence()).toBe(2);
    const events = await store.listEvents({ afterSequence: 0, limit: 2 });
    expect(events.map(({ body }) => parseAuditEvent(JSON.parse(body)))).toMatchObject([
      { outcome: 'failure', requestData: { sink: 'siem', level: 'behind', seconds: 302 } },
      { outcome: 'success', requestData: { level: 'current' } },
    ]);
    expect(told).toEqual(['siem', 'siem']);
  });
});

describe('the rules of the configuration', () => {
  const namesOf = (alerts: object) =>
    rulesOf(settingsWith(alerts).alerts).map(({ name, count, windowMs }) => [
      name,
      count,
      windowMs,
    ]);

  it('are those that are never usual, unless they are named', () => {
    expect(namesOf({})).toHaveLength(6);
    expect(namesOf({ ready_made: ['silence'] })).toEqual([['silence', 1, 3_600_000]]);
    expect(namesOf({ ready_made: [] })).toEqual([]);
  });

  it('change ready-made ones by their names, and add others', () => {
    const rules = [
      { name: 'destroy-burst', count: 5 },
      { ...TWO_LOCATES, window_seconds: 60 },
    ];
    expect(namesOf({ ready_made: [], rules })).toEqual([
      ['destroy-burst', 5, 600_000],
      ['two', 2, 60_000],
    ]);
  });

  it.each([
    [{ rules: [{ name: 'all' }] }, /must have a condition/],
    [{ rules: [TWO_LOCATES, TWO_LOCATES] }, /a name of its own/],
    [{ ready_made: ['everything'] }, /must be one of: destroy-burst/],
    [{ rules: [{ ...TWO_LOCATES, window: 3 }] }, /unrecognized_key/],
  ])('are refused when they make no sense: %j', (alerts, words) => {
    expect(() => settingsWith(alerts)).toThrow(words);
  });
});
