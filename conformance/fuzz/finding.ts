/** What a fuzzer tells of: an input that was not handled as it should be. */

import type { CurrentInput } from './current-input.ts';
import type { MemoryFacts } from './memory-watch.ts';

export interface Finding {
  readonly target: string;
  /** What went wrong, a sentence. */
  readonly problem: string;
  /** The input: hexadecimal, text, or a call. */
  readonly input: string;
}

export interface SlowInput {
  readonly milliseconds: number;
  readonly input: string;
}

export interface FuzzReport {
  readonly seed: number;
  /** Inputs tried, by target. */
  readonly inputs: Readonly<Record<string, number>>;
  /** How often each outcome came, by target and outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The slowest input of each target. */
  readonly slowest: Readonly<Record<string, SlowInput>>;
  /** Of the process that was tried, by target. */
  readonly memory: Readonly<Record<string, MemoryFacts>>;
  readonly findings: readonly Finding[];
}

export interface Tally {
  /** Notes what is tried next. */
  begin(target: string, input: string | Uint8Array): void;
  /** What is tried now: text, or bytes in hexadecimal. */
  current(): string;
  /** Counts one input that was handled as it should be. */
  count(target: string, outcome: string, milliseconds: number): void;
  find(finding: Finding): void;
  /** Notes what a target has needed. */
  remember(target: string, memory: MemoryFacts): void;
  report(): FuzzReport;
}

/** More of the same say nothing new. */
const MOST_FINDINGS = 50;

export function createTally(seed: number, current: CurrentInput): Tally {
  const inputs = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const slowest = new Map<string, SlowInput>();
  const memory = new Map<string, MemoryFacts>();
  const findings = new Map<string, Finding>();
  const increment = (counts: Map<string, number>, key: string) =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    begin: (target, input) => current.begin(target, input),
    current: () => current.text,
    count(target, outcome, milliseconds) {
      increment(inputs, target);
      increment(outcomes, `${target}: ${outcome}`);
      if (milliseconds > (slowest.get(target)?.milliseconds ?? 0)) {
        slowest.set(target, { milliseconds, input: current.text });
      }
    },
    find(finding) {
      increment(inputs, finding.target);
      const key = `${finding.target}: ${finding.problem}`;
      if (findings.size < MOST_FINDINGS && !findings.has(key)) findings.set(key, finding);
    },
    remember: (target, facts) => void memory.set(target, facts),
    report: () => ({
      seed,
      inputs: Object.fromEntries(inputs),
      outcomes: Object.fromEntries([...outcomes].sort()),
      slowest: Object.fromEntries(slowest),
      memory: Object.fromEntries(memory),
      findings: [...findings.values()],
    }),
  };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
