/** What `inject-faults.mjs` is told to do in a gateway that is started for it. */

import { fileURLToPath } from 'node:url';

export interface InjectedFaults {
  readonly faults?: readonly StatementFault[];
  /** SIGKILL around the answer to a KMIP request, after `skip` of them. */
  readonly answers?: { readonly when: 'before' | 'after'; readonly skip: number };
  /** Whether each commit is written back into the database, instead of one in thousands. */
  readonly checkpointsEachCommit?: boolean;
  /** A file that holds the milliseconds by which clocks are wrong; none: they are right. */
  readonly clock?: string;
}

export interface StatementFault {
  /** Which statements: a regular expression, case ignored. */
  readonly sql: string;
  /** `during`: a thread ends the process while the statement runs; its effect is `kill`. */
  readonly when: 'before' | 'during' | 'after';
  /** How many such statements go well first; 0 unless told. */
  readonly skip?: number;
  readonly effect:
    | 'kill'
    | 'throw'
    | 'end-thread'
    /** The thread takes memory until it gets no more. */
    | 'exhaust-memory'
    | 'full'
    | 'io-error'
    | 'read-only'
    | 'corrupt';
  /** In which thread of the store; in all of them unless told. */
  readonly thread?: 'writer' | 'reader';
  /** With `during`: how long after the statement began. */
  readonly microseconds?: number;
  /** Only while this file exists. */
  readonly whileExists?: string;
}

/** The environment of a gateway in which they happen. */
export function environmentOf(faults: InjectedFaults): Readonly<Record<string, string>> {
  const module = new URL('inject-faults.mjs', import.meta.url);
  return {
    NODE_OPTIONS: `--import=${module.href}`,
    INJECTED_FAULTS: JSON.stringify(faults),
    // better-sqlite3, which Node 20 needs, is a dependency of the store.
    INJECTED_FAULTS_DRIVER_FROM: fileURLToPath(
      new URL('../../packages/key-store/package.json', import.meta.url),
    ),
  };
}
