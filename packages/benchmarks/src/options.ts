/** The command line of `pnpm bench`. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { parseArgs } from 'node:util';
import { PAGE } from './request-bytes.ts';
import { ROWS } from './rows/index.ts';
import { FULL, QUICK, type Settings, SMALLEST } from './settings.ts';

export interface Options {
  readonly settings: Settings;
  /** Names of rows; all when empty. */
  readonly only: readonly string[];
  /** Where to write what was measured. */
  readonly json: string | undefined;
  readonly svg: string | undefined;
  readonly cacheDirectory: string;
  /** A Python with PyKMIP; undefined where to look is up to us; false for none. */
  readonly pykmip: string | false | undefined;
}

export const HELP = `Measures the gateway beside the limit of node:tls and, where it is installed, PyKMIP.

Usage: pnpm bench [options]

  --quick           everything in about a minute, with small stores: whether it works, not how fast
  --smallest        everything as small as can be, for tests: its figures say nothing
  --only ROW        only this row; may be repeated or separated by commas
  --rounds N        how often rows with a target are measured, the others once; figures are medians (${FULL.rounds})
  --duration MS     how long each measurement takes, after a warm-up (${FULL.durationMs})
  --stores A,B,C    objects in the small, the middle and the large store (${Object.values(FULL.stores).join()})
  --node BIN        the Node that servers run on (this one)
  --pykmip PYTHON   a Python with PyKMIP, or "none" (that of the conformance tests, where it was made)
  --cache DIR       keeps seeded stores for the next time (a folder for temporary files)
  --json FILE       writes the figures
  --svg FILE        draws them
  --help

Rows:
${ROWS.map(({ name, about }) => `  ${name.padEnd(28)}${about}`).join('\n')}

Servers, echo and load are processes of their own on this machine. CPU time is that of the server alone, as
the operating system counts it, so the load generator costs no figure but those on the clock.`;

/** @returns 'help' when that was asked for. @throws Error that says what is wrong with the arguments. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      smallest: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      duration: { type: 'string' },
      stores: { type: 'string' },
      node: { type: 'string', default: execPath },
      pykmip: { type: 'string' },
      cache: { type: 'string', default: join(tmpdir(), 'claviger-benchmarks') },
      json: { type: 'string' },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const base = values.smallest ? SMALLEST : values.quick ? QUICK : FULL;
  return {
    settings: {
      ...base,
      node: values.node,
      ...(values.rounds !== undefined && { rounds: wholeNumber('--rounds', values.rounds) }),
      ...(values.duration !== undefined && {
        durationMs: wholeNumber('--duration', values.duration),
      }),
      ...(values.stores !== undefined && { stores: parseStores(values.stores) }),
    },
    only: values.only.flatMap((names) => names.split(',')).map(knownRow),
    json: values.json,
    svg: values.svg,
    cacheDirectory: values.cache,
    pykmip: values.pykmip === 'none' ? false : values.pykmip,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} takes a whole number from 1, not "${text}".`);
}

function parseStores(text: string): Settings['stores'] {
  const [small, middle, large, ...more] = text
    .split(',')
    .map((part) => wholeNumber('--stores', part));
  if (small === undefined || middle === undefined || large === undefined || more.length > 0) {
    throw new Error(`--stores takes three numbers, e.g. 100,10000,1000000, not "${text}".`);
  }
  if (small >= middle || middle >= large) {
    throw new Error('--stores: each has to be larger than the one before.');
  }
  if (middle <= PAGE.offset) {
    throw new Error(
      `--stores: the middle one needs more than ${PAGE.offset} objects, for a second page of them.`,
    );
  }
  return { small, middle, large };
}

function knownRow(name: string): string {
  if (ROWS.some((row) => row.name === name)) return name;
  throw new Error(`--only: there is no row "${name}"; see --help.`);
}
