/**
 * Promise: the OASIS test cases in `must-pass.json` pass against the gateway as it is built. The list only
 * grows; `pnpm conformance --cases DIR --list-passed conformance/oasis/must-pass.json` writes it anew.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKmipNames } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SET_UP_CASES } from './case-needs.ts';
import { type OwnGateway, startOwnGateway } from './own-gateway.ts';
import { SYSTEM_CLOCK } from './play-case.ts';
import { findTestCases, readTestCase } from './read-test-case.ts';
import { runSuite } from './run-suite.ts';
import { caseLabel, type TestCase } from './test-case.ts';

const OASIS_CASES = join(import.meta.dirname, '../../../shared/kmip/test-cases');
const VERSIONS_TIMEOUT_MS = 600_000;

const MustPass = z.record(z.string(), z.array(z.string()));
const mustPass = MustPass.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'must-pass.json'), 'utf8')),
);

describe.skipIf(!existsSync(OASIS_CASES))(
  'the OASIS test cases (need ../shared/kmip/test-cases)',
  () => {
    let gateway: OwnGateway;
    let all: readonly TestCase[];
    beforeAll(async () => {
      const names = createKmipNames();
      all = [OASIS_CASES, SET_UP_CASES]
        .flatMap(findTestCases)
        .map((path) => readTestCase(path, names));
      gateway = await startOwnGateway();
    });
    afterAll(() => gateway?.stop());

    it.each(Object.entries(mustPass))(
      'of KMIP %s pass that have passed before',
      async (version, names) => {
        const selected = all.filter(
          (each) => each.version === version && names.includes(each.name),
        );
        expect(selected.map(({ name }) => name).sort()).toEqual([...names].sort());
        const results = await runSuite(selected, all, {
          server: gateway,
          clock: SYSTEM_CLOCK,
          answerTimeoutMs: 30_000,
          repeatTimeoutMs: 30_000,
        });
        const failed = results.filter(({ result }) => result === 'fail');
        expect(failed.map((each) => `${caseLabel(each)}: ${each.reason}`)).toEqual([]);
      },
      VERSIONS_TIMEOUT_MS,
    );
  },
);
