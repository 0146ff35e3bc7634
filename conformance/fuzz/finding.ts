/** What a fuzzer tells of: an input that was not handled as it should be. */

export interface Finding {
  readonly target: string;
  /** What went wrong, a sentence. */
  readonly problem: string;
  /** The input: hexadecimal, text, or a call. */
  readonly input: string;
}

export interface FuzzReport {
  readonly seed: number;
  /** Inputs tried, by target. */
  readonly inputs: Readonly<Record<string, number>>;
  /** How often each outcome came, by target and outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Slowest input in milliseconds, by target. */
  readonly slowestMs: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

export interface Tally {
  /** Counts one input that was handled as it should be. */
  count(target: string, outcome: string, milliseconds: number): void;
  find(finding: Finding): void;
  report(): FuzzReport;
}

/** More of the same say nothing new. */
const MOST_FINDINGS = 50;

export function createTally(seed: number): Tally {
  const inputs = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const slowestMs = new Map<string, number>();
  const findings = new Map<string, Finding>();
  const increment = (counts: Map<string, number>, key: string) =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    count(target, outcome, milliseconds) {
      increment(inputs, target);
      increment(outcomes, `${target}: ${outcome}`);
      slowestMs.set(target, Math.max(slowestMs.get(target) ?? 0, milliseconds));
    },
    find(finding) {
      increment(inputs, finding.target);
      const key = `${finding.target}: ${finding.problem}`;
      if (findings.size < MOST_FINDINGS && !findings.has(key)) findings.set(key, finding);
    },
    report: () => ({
      seed,
      inputs: Object.fromEntries(inputs),
      outcomes: Object.fromEntries([...outcomes].sort()),
      slowestMs: Object.fromEntries(slowestMs),
      findings: [...findings.values()],
    }),
  };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
