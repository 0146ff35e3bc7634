/** What is told of commits: how many wait, how many share one write to the disk, how long they take. */
import type { SqliteStoreStatistics } from '@claviger/key-store';
import { Counter, Gauge, type Registry } from 'prom-client';
import { renderHistogram } from './render-histogram.ts';

export type MeasuredCommits = SqliteStoreStatistics;

export interface CommitMetrics {
  /** What the store has counted by bounds of its own, which prom-client does not take from others. */
  renderHistograms(): string;
}

export function createCommitMetrics(
  registers: Registry[],
  store: { statistics(): MeasuredCommits },
): CommitMetrics {
  new Gauge({
    name: 'claviger_commit_queue_units',
    help: 'Units of work that wait for their commit.',
    registers,
    collect() {
      this.set(store.statistics().waitingUnits);
    },
  });
  new Counter({
    name: 'claviger_commit_units_total',
    help: 'Units of work that were answered.',
    registers,
    collect() {
      this.reset();
      this.inc(store.statistics().units);
    },
  });
  new Counter({
    name: 'claviger_commit_groups_total',
    help: 'Commits in which they were answered: at most one write to the disk each.',
    registers,
    collect() {
      this.reset();
      this.inc(store.statistics().groups);
    },
  });
  return {
    renderHistograms() {
      const { groupUnits, commitSeconds } = store.statistics();
      return [
        renderHistogram({
          name: 'claviger_commit_group_units',
          help: 'Units of work, or settings, that shared one commit.',
          distribution: groupUnits,
        }),
        renderHistogram({
          name: 'claviger_commit_duration_seconds',
          help: 'From handing over a unit of work until it was durable, the wait for its turn included.',
          distribution: commitSeconds,
        }),
      ].join('\n');
    },
  };
}
