/** The short form; `pnpm soak --hours 1` is the long one. */

import { platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { runSoak } from './run-soak.ts';
import type { Sample } from './sample.ts';

const SECONDS = 15;
const MACHINES = 12;

describe.skipIf(platform !== 'linux')('a site at work for a moment (needs /proc)', () => {
  const seed = Date.now() % 1_000_000;

  it(`sees no error, and no event missing (seed ${seed})`, async () => {
    const shown: Sample[] = [];
    const report = await runSoak({
      seconds: SECONDS,
      machines: MACHINES,
      jobsPerSecond: 8,
      sampleSeconds: 3,
      seed,
      signal: new AbortController().signal,
      onProvisioned() {},
      onSample: (sample) => shown.push(sample),
    });

    expect(report.errors).toEqual([]);
    expect(report.verdict).toMatchObject({ passed: true });
    expect(report.events).toBeGreaterThan(MACHINES);
    expect(report.operations['Get']?.count).toBeGreaterThan(MACHINES);
    expect(report.samples).toEqual(shown);
    for (const sample of shown) {
      expect(sample.rssBytes).toBeGreaterThan(2 ** 20);
      expect(sample.descriptors).toBeGreaterThan(5);
      expect(sample.threads).toBeGreaterThan(1);
      expect(sample.databaseBytes).toBeGreaterThan(0);
    }
  }, 300_000);

  it('ends with a report when it is interrupted', async () => {
    const interrupted = new AbortController();
    const report = await runSoak({
      seconds: 3600,
      machines: MACHINES,
      jobsPerSecond: 8,
      sampleSeconds: 600,
      seed,
      signal: interrupted.signal,
      onProvisioned: (made) => made === 2 && interrupted.abort(),
      onSample() {},
    });

    expect(report.errors).toEqual([]);
    expect(report.samples.length).toBeGreaterThan(0);
  }, 300_000);
});
