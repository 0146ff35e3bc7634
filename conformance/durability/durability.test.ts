/** The short form; `pnpm conformance:durability` kills a hundred times. */

import { describe, expect, it } from 'vitest';
import { killRounds } from './kill-rounds.ts';

const ROUNDS = 5;
const LONGEST_MS = 500;

describe('a gateway that is killed under load', () => {
  const seed = Date.now() % 1_000_000;

  it(`has lost nothing that it acknowledged, and no event, after ${ROUNDS} kills (seed ${seed})`, async () => {
    const report = await killRounds({ rounds: ROUNDS, seed, longestMs: LONGEST_MS });

    expect(report.problems).toEqual([]);
    expect(report.rounds).toBe(ROUNDS);
    expect(report.acknowledged).toBeGreaterThan(ROUNDS);
    expect(report.underWay).toBeGreaterThan(0);
  }, 300_000);
});
