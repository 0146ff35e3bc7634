/**
 * Where the server does on purpose otherwise than a test case: named, with the section that it follows.
 * A case with an entry passes as a deviation when it differs there and nowhere else.
 */

export interface Deviation {
  /** Matched against `VERSION/NAME`. */
  readonly cases: RegExp;
  /** Matched against the path of a difference. */
  readonly at: RegExp;
  /** What the server does, and why. */
  readonly reason: string;
  readonly section: string;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    cases: /\/CS-RNG-O-[124]-/,
    at: /\/BatchItem\/(?:ResponsePayload(?:\/DataLength)?|ResultStatus|ResultReason|ResultMessage|Operation)$/,
    reason:
      'RNG Seed is answered and takes no byte, as CS-RNG-O-3 has it: the four cases are for four policies, and a server has one',
    section: '1.4 §4.36, 2.1 §6.1.50',
  },
];
