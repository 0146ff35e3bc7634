/** Whether a run was boring, as it has to be. */

import type { Sample } from './sample.ts';

/** What a run has left besides its samples. */
export interface Outcome {
  readonly samples: readonly Sample[];
  readonly errors: number;
  readonly auditor: { readonly events: number; readonly gaps: number; readonly drops: number };
  /** What was not delivered, and not read by the auditor, some time after the last job. */
  readonly left: { readonly sinkEvents: number; readonly auditorEvents: number };
}

export interface Finding {
  readonly what: string;
  readonly result: 'good' | 'bad' | 'not judged';
  /** With the numbers. */
  readonly words: string;
}

export interface Verdict {
  readonly passed: boolean;
  readonly findings: readonly Finding[];
}

/** The windows that are compared: the second and the last of so many seconds. */
const WINDOW_SECONDS = 600;
/** Shorter runs have not two windows after the first, in which caches fill. */
const SHORTEST_SECONDS = 3 * WINDOW_SECONDS;
const MOST_GROWTH = 0.1;
/** A few sockets more are chance. */
const FEW = 10;
const MOST_LOOP_LAG_MS = 250;
const MOST_SINK_LAG_SECONDS = 60;

export function judge({ samples, errors, auditor, left }: Outcome): Verdict {
  const findings = [
    check('errors', errors === 0, `${errors} errors`),
    check(
      'audit log',
      auditor.events > 0 && auditor.gaps === 0 && auditor.drops === 0,
      `the auditor read ${auditor.events} events, with ${auditor.gaps} gaps, and was cut off ${auditor.drops} times`,
    ),
    check(
      'delivery',
      left.sinkEvents === 0 && left.auditorEvents === 0,
      `${left.sinkEvents} events not delivered at the end, ${left.auditorEvents} not read by the auditor`,
    ),
    check(
      'sink lag',
      most(samples, 'sinkLagSeconds') <= MOST_SINK_LAG_SECONDS,
      `${most(samples, 'sinkLagSeconds').toFixed(1)} s at most, ${MOST_SINK_LAG_SECONDS} s are allowed`,
    ),
    ...steadiness(samples),
  ];
  return { passed: findings.every(({ result }) => result !== 'bad'), findings };
}

function check(what: string, isGood: boolean, words: string): Finding {
  return { what, result: isGood ? 'good' : 'bad', words };
}

function steadiness(samples: readonly Sample[]): readonly Finding[] {
  const end = samples.at(-1)?.atSeconds ?? 0;
  if (end < SHORTEST_SECONDS) {
    const words = `the run was shorter than ${SHORTEST_SECONDS / 60} minutes`;
    const names = ['memory', 'descriptors', 'threads', 'event loop'];
    return names.map((what) => ({ what, result: 'not judged', words }));
  }
  const second = samples.filter(
    ({ atSeconds }) => atSeconds >= WINDOW_SECONDS && atSeconds < 2 * WINDOW_SECONDS,
  );
  const last = samples.filter(({ atSeconds }) => atSeconds > end - WINDOW_SECONDS);

  function compare(what: string, name: NumberOf, few: number, unit: string, scale = 1): Finding {
    const [before, after] = [median(second, name), median(last, name)];
    const isGood = after <= before * (1 + MOST_GROWTH) || after - before <= few;
    const change = (((after - before) / before) * 100).toFixed(1);
    const words = `${round(before / scale)}${unit} in the second ten minutes, ${round(after / scale)}${unit} in the last (${change} %)`;
    return check(what, isGood, words);
  }

  const lag = median(last, 'loopLagP99Ms');
  return [
    compare('memory', 'rssBytes', 0, ' MiB', 2 ** 20),
    compare('descriptors', 'descriptors', FEW, ''),
    compare('threads', 'threads', FEW, ''),
    check(
      'event loop',
      lag <= MOST_LOOP_LAG_MS,
      `median of its p99 lag in the last ten minutes ${lag.toFixed(1)} ms, ${MOST_LOOP_LAG_MS} ms are allowed`,
    ),
  ];
}

type NumberOf = Exclude<keyof Sample, 'operations'>;

function most(samples: readonly Sample[], name: NumberOf): number {
  return samples.reduce((largest, sample) => Math.max(largest, sample[name]), 0);
}

function median(samples: readonly Sample[], name: NumberOf): number {
  const sorted = samples.map((sample) => sample[name]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(number: number): string {
  return number.toFixed(number < 10 ? 1 : 0);
}
