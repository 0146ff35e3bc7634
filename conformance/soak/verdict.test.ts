import { describe, expect, it } from 'vitest';
import type { Sample } from './sample.ts';
import { anHour, aSample } from './samples.fixtures.ts';
import { judge, type Outcome } from './verdict.ts';

const MIB = 2 ** 20;

function resultsOf(outcome: Partial<Outcome>) {
  const verdict = judge({
    samples: anHour(),
    errors: 0,
    auditor: { events: 1000, gaps: 0, drops: 0 },
    left: { sinkEvents: 0, auditorEvents: 0 },
    ...outcome,
  });
  const bad = verdict.findings.filter(({ result }) => result === 'bad');
  return { passed: verdict.passed, bad: bad.map(({ what }) => what), verdict };
}

describe('the verdict on a soak', () => {
  it('passes an hour in which nothing happens', () => {
    const { passed, bad, verdict } = resultsOf({});
    expect({ passed, bad }).toEqual({ passed: true, bad: [] });
    expect(verdict.findings.map(({ result }) => result)).not.toContain('not judged');
  });

  const failing: readonly (readonly [string, string, Partial<Outcome>])[] = [
    ['one error', 'errors', { errors: 1 }],
    ['an event that the auditor missed', 'audit log', { auditor: anAuditor({ gaps: 1 }) }],
    ['an auditor who was cut off', 'audit log', { auditor: anAuditor({ drops: 1 }) }],
    ['an auditor who read nothing', 'audit log', { auditor: anAuditor({ events: 0 }) }],
    ['an event left at a sink', 'delivery', { left: { sinkEvents: 1, auditorEvents: 0 } }],
    ['an event left unread', 'delivery', { left: { sinkEvents: 0, auditorEvents: 1 } }],
    ['a sink late once', 'sink lag', late((at) => (at === 500 ? { sinkLagSeconds: 61 } : {}))],
    ['memory that grows', 'memory', late((at) => ({ rssBytes: (200 + at / 60) * MIB }))],
    ['descriptors that leak', 'descriptors', late((at) => ({ descriptors: 40 + at / 100 }))],
    ['threads that leak', 'threads', late((at) => ({ threads: 13 + at / 100 }))],
    [
      'a busy loop at the end',
      'event loop',
      late((at) => (at < 3000 ? {} : { loopLagP99Ms: 300 })),
    ],
  ];
  it.each(failing)('fails %s', (_what, finding, outcome) => {
    const { passed, bad } = resultsOf(outcome);
    expect({ passed, bad }).toEqual({ passed: false, bad: [finding] });
  });

  it.each<readonly [string, (atSeconds: number) => Partial<Sample>]>([
    [
      'memory that fills caches in the first ten minutes',
      (at) => ({ rssBytes: 200 * MIB - (at < 600 ? 90 * MIB : 0) }),
    ],
    ['memory that grows by less than a tenth', (at) => ({ rssBytes: (200 + at / 200) * MIB })],
    ['memory that shrinks', (at) => ({ rssBytes: (200 - at / 60) * MIB })],
    ['one peak of memory', (at) => (at === 3300 ? { rssBytes: 900 * MIB } : {})],
    ['a few sockets more', (at) => (at > 3000 ? { descriptors: 48 } : {})],
    ['a loop that was held up once', (at) => (at === 3300 ? { loopLagP99Ms: 2000 } : {})],
  ])('passes %s', (_what, fieldsAt) => {
    expect(resultsOf(late(fieldsAt))).toMatchObject({ passed: true, bad: [] });
  });

  it('does not judge the steadiness of a run of minutes, and says so', () => {
    const samples = [aSample(0), aSample(60, { rssBytes: 900 * MIB, descriptors: 400 })];
    const { passed, verdict } = resultsOf({ samples });
    expect(passed).toBe(true);
    const unjudged = verdict.findings.filter(({ result }) => result === 'not judged');
    expect(unjudged.map(({ what }) => what)).toEqual([
      'memory',
      'descriptors',
      'threads',
      'event loop',
    ]);
    expect(unjudged[0]?.words).toContain('shorter than 30 minutes');
  });
});

function anAuditor(fields: Partial<Outcome['auditor']>): Outcome['auditor'] {
  return { events: 1000, gaps: 0, drops: 0, ...fields };
}

function late(fieldsAt: (atSeconds: number) => Partial<Sample>): Partial<Outcome> {
  return { samples: anHour(fieldsAt) };
}
