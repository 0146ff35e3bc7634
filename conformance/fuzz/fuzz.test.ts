/** The short form, always from the same seed; `pnpm fuzz --minutes 10` tries as much as there is time for. */

import { describe, expect, it } from 'vitest';
import { type FuzzTarget, runFuzz } from './fuzz.ts';

const SEED = 1;
const TIMEOUT_MS = 600_000;

const INPUTS: Readonly<Record<FuzzTarget, number>> = {
  decoders: 2000,
  messages: 1000,
  gateway: 300,
  rest: 300,
};
const TARGETS: readonly FuzzTarget[] = ['decoders', 'messages', 'gateway', 'rest'];

describe('damaged inputs', () => {
  it.each(TARGETS)(
    'are refused in words that are documented, and cost nothing else: %s',
    async (target) => {
      const report = await runFuzz({
        targets: [target],
        seed: SEED,
        isEnough: (inputs) => inputs >= INPUTS[target],
      });

      expect(report.findings).toEqual([]);
      for (const count of Object.values(report.inputs)) expect(count).toBe(INPUTS[target]);
      // Not everything was refused in the same words.
      expect(Object.keys(report.outcomes).length).toBeGreaterThan(4);
    },
    TIMEOUT_MS,
  );
});
