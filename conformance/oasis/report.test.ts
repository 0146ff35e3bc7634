import { describe, expect, it } from 'vitest';
import { countResults, toJson, toJunit, toPassList, toTable } from './report.ts';
import type { CaseResult } from './run-suite.ts';

function result(label: string, kind: CaseResult['result'], reason?: string): CaseResult {
  const [version = '', name = ''] = label.split('/');
  return { name, version, result: kind, reason, report: reason, seconds: 0.5 };
}

const RESULTS = [
  result('1.0/AKLC-M-1-10', 'pass'),
  result('2.1/AKLC-M-1-21', 'deviation', 'says so on purpose (§1)'),
  result('1.0/TC_71_10_Name', 'fail', 'line 3: <Tag>: expected "a", got \u0001 & b'),
];

describe('results', () => {
  it('are counted by their kind', () => {
    expect(countResults(RESULTS)).toEqual({ passed: 1, failed: 1, deviations: 1 });
  });

  it('are JSON with the counts and a reason for each case, null where there is none', () => {
    const json: unknown = JSON.parse(toJson(RESULTS));
    expect(json).toMatchObject({
      passed: 1,
      failed: 1,
      deviations: 1,
      cases: [
        { name: 'AKLC-M-1-10', version: '1.0', result: 'pass', reason: null },
        { name: 'AKLC-M-1-21', result: 'deviation', reason: 'says so on purpose (§1)' },
        { name: 'TC_71_10_Name', result: 'fail' },
      ],
    });
  });

  it('become a list of what passed, deviations with it, by version', () => {
    expect(JSON.parse(toPassList(RESULTS))).toEqual({
      '1.0': ['AKLC-M-1-10'],
      '2.1': ['AKLC-M-1-21'],
    });
  });

  it('become a table by profile and version, in which deviations count as passed', () => {
    expect(toTable(RESULTS).split('\n')).toEqual([
      'profile  1.0  2.1  all',
      'AKLC     1/1  1/1  2/2',
      'TC       0/1    -  0/1',
      'all      1/2  1/1  2/3',
      '',
    ]);
  });

  it('become JUnit XML, in which nothing that a server says can break out', () => {
    const xml = toJunit(RESULTS);
    expect(xml).toContain('<testsuite name="KMIP 1.0" tests="2" failures="1">');
    expect(xml).toContain('message="line 3: &#60;Tag&#62;: expected &#34;a&#34;, got ? &#38; b"');
    expect(xml).toContain('<system-out>deviation: says so on purpose (§1)</system-out>');
  });
});
