/** Reading the files, and, where the OASIS files are at hand, playing each against itself. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createKmipNames } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { createSession, playCase, SYSTEM_CLOCK } from './play-case.ts';
import { findTestCases, readTestCase } from './read-test-case.ts';
import { asPlayed } from './run-suite.ts';
import { createScriptedServer } from './scripted-server.fixtures.ts';
import { caseLabel, profileOf } from './test-case.ts';

const NAMES = createKmipNames();
const OWN_CASES = join(import.meta.dirname, 'cases');
const OASIS_CASES = join(import.meta.dirname, '../../../shared/kmip/test-cases');

describe('a file', () => {
  const own = findTestCases(OWN_CASES).map((path) => readTestCase(path, NAMES));
  const labelled = (label: string) => own.find((each) => caseLabel(each) === label);
  const notifies = labelled('1.2/server-notifies');
  const life = labelled('1.2/life-of-a-key');
  const values = labelled('2.1/values-go-back');

  it('is called after its version and itself', () => {
    expect(own.map(caseLabel).sort()).toEqual([
      '1.2/discovers-versions',
      '1.2/life-of-a-key',
      '1.2/server-notifies',
      '2.1/values-go-back',
    ]);
  });

  it('says which client speaks, whether the server asks, and what is repeated', () => {
    expect(life?.exchanges.map(({ client }) => client).join('')).toBe('ABAA');
    expect(notifies?.exchanges.map(({ asker }) => asker)).toEqual(['client', 'server']);
    const repeated = values?.exchanges.map(({ isRepeated }) => isRepeated);
    expect(repeated?.indexOf(true)).toBe(7);
    expect(repeated?.filter(Boolean)).toHaveLength(1);
  });

  it('belongs to a profile by its name', () => {
    const names = [
      'AKLC-M-1-10',
      'CS-BC-M-GCM-2-14',
      'SUITEB_128-M-1-10',
      'TC_311_10_Create',
      'TC-SJ-1-14',
    ];
    expect(names.map(profileOf)).toEqual(['AKLC', 'CS-BC', 'SUITEB_128', 'TC', 'TC']);
  });
});

describe.skipIf(!existsSync(OASIS_CASES))(
  'the OASIS test cases (need ../shared/kmip/test-cases)',
  () => {
    const paths = existsSync(OASIS_CASES) ? findTestCases(OASIS_CASES) : [];

    it('are all there', () => {
      expect(paths).toHaveLength(448);
    });

    it('each pass against a server that answers with what the file says', async () => {
      const failures: string[] = [];
      for (const path of paths) {
        const testCase = readTestCase(path, NAMES);
        const label = caseLabel(testCase);
        const server = createScriptedServer(testCase);
        const { failure } = await playCase(asPlayed(testCase), createSession(), {
          peers: server,
          clock: SYSTEM_CLOCK,
          answerTimeoutMs: 1000,
          repeatTimeoutMs: 0,
          offsets: {},
        });
        if (failure !== undefined) failures.push(`${label}: ${failure.reason}`);
        failures.push(...server.complaints.map((complaint) => `${label}: ${complaint}`));
      }
      expect(failures).toEqual([]);
    }, 300_000);
  },
);
