import { describe, expect, it } from 'vitest';
import { createAlertEngine } from './alert-engine.ts';
import { anAlertEvent, aRule, MINUTE, START } from './alert-event.fixtures.ts';
import { alertEventInput } from './alert-record.ts';
import { DEFAULT_RULES, READY_MADE_RULES } from './ready-made-rules.ts';
import { ALERT_ACTION, type Alert, type AlertEvent, type AlertRule } from './rule.ts';
import { tryRules } from './try-rules.ts';

function firesOf(rules: readonly AlertRule[], events: readonly AlertEvent[]) {
  const engine = createAlertEngine(rules);
  return events.flatMap((event) =>
    engine.observe(event).map((alert) => [event.sequence, alert] as const),
  );
}
const sequencesOf = (rules: readonly AlertRule[], events: readonly AlertEvent[]) =>
  firesOf(rules, events).map(([sequence]) => sequence);

const readyMade = (name: string): AlertRule => {
  const rule = READY_MADE_RULES.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`There is no rule ${name}.`);
  return rule;
};

describe('a rule that counts', () => {
  it('fires when there are enough within the window, and not when they are spread', () => {
    expect(
      sequencesOf(
        [aRule()],
        [0, 1, 2].map((at) => anAlertEvent(at, at)),
      ),
    ).toEqual([2]);
    expect(
      sequencesOf(
        [aRule()],
        [0, 6, 12, 18].map((at) => anAlertEvent(at, at)),
      ),
    ).toEqual([]);
  });

  it('fires once per window while a burst lasts, and again afterwards', () => {
    const burst = Array.from({ length: 25 }, (_, at) => anAlertEvent(at, at));
    expect(sequencesOf([aRule()], burst)).toEqual([2, 12, 22]);
  });

  it('counts each group by itself', () => {
    const events = [1, 2, 1, 2, 1, 2].map((who, at) =>
      anAlertEvent(at, 0, { initiatorId: `CertificateID-${who}`, adapterId: `adapter-${at}` }),
    );
    const fires = firesOf([aRule({ by: 'initiator' })], events);
    expect(fires.map(([at, { group }]) => [at, group])).toEqual([
      [4, 'CertificateID-1'],
      [5, 'CertificateID-2'],
    ]);
    expect(sequencesOf([aRule({ by: 'adapter' })], events)).toEqual([]);
  });

  it('looks at action, severity, outcome, reason code and words', () => {
    const condition = {
      count: 1,
      actions: ['hs-crypto.kmip-*'],
      severities: ['critical'],
      outcomes: ['failure'],
      reasonCodes: [409],
      reasonText: 'ROOT key',
      cooldownMs: 0,
    };
    const facts = { reasonCode: 409, reasonForFailure: 'the root key is disabled' };
    const events = [
      anAlertEvent(1, 0, facts),
      anAlertEvent(2, 0, { ...facts, action: 'claviger.kmip-key.locate' }),
      anAlertEvent(3, 0, { ...facts, severity: 'warning' }),
      anAlertEvent(4, 0, { ...facts, reasonCode: 403 }),
      anAlertEvent(5, 0, { ...facts, reasonForFailure: 'another' }),
      anAlertEvent(6, 0),
      anAlertEvent(7, 0, { ...facts, body: 'no JSON' }),
    ];
    expect(sequencesOf([aRule(condition)], events)).toEqual([1]);
  });

  it('counts each attempt of which a bundled event tells', () => {
    const event = anAlertEvent(9, 0, {
      action: 'claviger.kmip-connection.refuse',
      reasonCode: 401,
      attempts: 500,
    });
    expect(firesOf([readyMade('refused-certificates')], [event])).toMatchObject([
      [9, { count: 500, group: 'CertificateID-1' }],
    ]);
  });

  it('goes on when the clock jumps, forward or back', () => {
    const minutes = [0, 0, 0, 1e7, 0, 0, 0, 0, 20, 20, 20];
    const events = minutes.map((at, sequence) => anAlertEvent(sequence, at));
    expect(sequencesOf([aRule()], events)).toEqual([2, 10]);
  });

  it('keeps a bounded number of groups', () => {
    const events = Array.from({ length: 5_000 }, (_, at) =>
      anAlertEvent(at, 0, { initiatorId: `CertificateID-${at % 2_000}` }),
    );
    // Each group was forgotten before its next event came.
    expect(sequencesOf([aRule({ by: 'initiator', count: 2 })], events)).toEqual([]);
  });
});

describe('a rule of absence', () => {
  const rule = aRule({ kind: 'absence', by: 'adapter', windowMs: 10 * MINUTE });

  it('fires once for each silence of whoever was there', () => {
    const engine = createAlertEngine([rule]);
    engine.observe(anAlertEvent(1, 0));
    expect(engine.tick(START + 9 * MINUTE)).toEqual([]);
    expect(engine.tick(START + 10 * MINUTE)).toMatchObject([
      { group: 'adapter-1', count: 0, lastEvent: { sequence: 1 } },
    ]);
    expect(engine.tick(START + 30 * MINUTE)).toEqual([]);
    engine.observe(anAlertEvent(2, 31));
    expect(engine.tick(START + 41 * MINUTE)).toHaveLength(1);
  });

  it('does not count the time in which nobody was watching', () => {
    const engine = createAlertEngine([rule]);
    engine.observe(anAlertEvent(1, 0));
    engine.begin(START + 60 * MINUTE);
    expect(engine.tick(START + 61 * MINUTE)).toEqual([]);
    expect(engine.tick(START + 70 * MINUTE)).toHaveLength(1);
  });

  it('fires without a grouping also when there never was anything', () => {
    const engine = createAlertEngine([{ ...rule, by: 'none' }]);
    expect(engine.tick(START)).toEqual([]);
    expect(engine.tick(START + 10 * MINUTE)).toHaveLength(1);
  });
});

describe('a rule of first use', () => {
  it('fires for a certificate that was not met before, once', () => {
    const events = ['CertificateID-1', 'CertificateID-2', 'CertificateID-1', 'anonymous'].map(
      (initiatorId, at) => anAlertEvent(at, at, { initiatorId }),
    );
    expect(sequencesOf([readyMade('new-certificate')], events)).toEqual([0, 1]);
  });
});

describe('an alert', () => {
  const alert: Alert = {
    rule: 'a-rule',
    kind: 'count',
    by: 'initiator',
    group: 'CertificateID-1',
    count: 3,
    windowMs: 10 * MINUTE,
    time: START,
    lastEvent: { id: 'an-id', sequence: 7 },
  };
  const { requestData } = alertEventInput(alert, 'a-correlation');
  const record = (minutes: number) =>
    anAlertEvent(99, minutes, {
      action: ALERT_ACTION,
      body: JSON.stringify({ reason: { reasonCode: 200 }, requestData }),
    });

  it('never leads to alerts', () => {
    const rules = [aRule({ count: 1 }), aRule({ name: 'b', count: 1, actions: [ALERT_ACTION] })];
    expect(sequencesOf(rules, [record(0), record(20)])).toEqual([]);
  });

  it('on the record silences its rule for its group after a restart', () => {
    const rule = aRule({ by: 'initiator', count: 1 });
    const other = { initiatorId: 'CertificateID-2' };
    const events = [record(0), anAlertEvent(1, 5), anAlertEvent(2, 5, other), anAlertEvent(3, 11)];
    expect(sequencesOf([rule], events)).toEqual([2, 3]);
  });
});

describe('the rules', () => {
  it('have names of their own', () => {
    expect(() => createAlertEngine([aRule(), aRule()])).toThrow(/Two rules have the name/);
    createAlertEngine(READY_MADE_RULES);
    expect(DEFAULT_RULES).not.toContain('silence');
  });

  it('are tried on what has been, with the silence until its end', async () => {
    async function* history() {
      for (const at of [0, 1, 2]) yield anAlertEvent(at, at);
    }
    const rules = [aRule(), aRule({ name: 'silence', kind: 'absence' })];
    const fired: string[] = [];
    for await (const { rule } of tryRules(rules, history(), START + 60 * MINUTE)) fired.push(rule);
    expect(fired).toEqual(['a-rule', 'silence']);
  });
});
