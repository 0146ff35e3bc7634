/**
 * Rounds of: load, SIGKILL, restart, comparison. Whatever the gateway acknowledged must be there, with its
 * event; of what was under way, both the change and its events, or neither.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type GatewayProcess, killWhileStarting, startGateway } from '../gateway-process.ts';
import { createRandom } from '../seeded-random.ts';
import { checkCopy, newLogCopy } from './check-log.ts';
import { compare } from './compare.ts';
import { type Load, startLoad } from './load.ts';
import type { TrackedKey } from './tracked-key.ts';

export interface KillRoundsOptions {
  readonly rounds: number;
  /** Decides the load and the moments of the kills. */
  readonly seed: number;
  /** Longest time from the first answer of a round to its kill. */
  readonly longestMs: number;
  /** Is told after each round. */
  readonly onRound?: (report: KillReport) => void;
}

export interface KillReport {
  readonly rounds: number;
  /** Messages that were acknowledged under load. */
  readonly acknowledged: number;
  /** Messages under way at a kill, and how many of them had been committed. */
  readonly underWay: number;
  readonly committedUnderWay: number;
  readonly keys: number;
  readonly events: number;
  /** What is missing or wrong, a sentence each; empty when nothing was lost. */
  readonly problems: readonly string[];
}

const NOTHING_YET: KillReport = {
  rounds: 0,
  acknowledged: 0,
  underWay: 0,
  committedUnderWay: 0,
  keys: 0,
  events: 0,
  problems: [],
};

const SHORTEST_MS = 50;
const LONGEST_START_MS = 800;

/**
 * Kills a gateway again and again, on one data directory. Ends early with a problem.
 *
 * @throws Error when the gateway does something unexpected while it runs.
 */
export async function killRounds(options: KillRoundsOptions): Promise<KillReport> {
  const { rounds, longestMs, onRound } = options;
  const random = createRandom(options.seed);
  const dataDirectory = mkdtempSync(join(tmpdir(), 'claviger-durability-'));
  let keys: TrackedKey[] = [];
  const copy = newLogCopy();
  let report = NOTHING_YET;
  let gateway = await startGateway({ dataDirectory });
  try {
    while (report.rounds < rounds && report.problems.length === 0) {
      const round = report.rounds + 1;
      const seed = random.integer(0, 2 ** 31);
      const load = startLoad(gateway, keys, { prefix: `key-${round}`, seed });
      await killAfter(gateway, load, random.integer(SHORTEST_MS, longestMs));
      keys = [...keys, ...load.newKeys];
      const underWay = keys.filter((key) => key.underWay !== undefined).length;

      // Recovery can be cut short as well as anything else.
      if (random.integer(1, 3) === 1) {
        await killWhileStarting(dataDirectory, random.integer(0, LONGEST_START_MS));
      }
      gateway = await startGateway({ dataDirectory });
      // What earlier rounds made is read back at the end; all of it is looked for each time.
      const compared = await compare(
        gateway,
        copy,
        keys,
        (key) => round === rounds || load.touched.has(key),
      );
      keys = compared.keys;
      report = {
        rounds: round,
        acknowledged: report.acknowledged + load.acknowledged,
        underWay: report.underWay + underWay,
        committedUnderWay: report.committedUnderWay + compared.committedUnderWay,
        keys: keys.length,
        events: copy.ids.length,
        problems: [
          ...compared.problems,
          ...(round === rounds ? await checkCopy(copy, dataDirectory) : []),
        ],
      };
      onRound?.(report);
    }
    await gateway.stop();
    return report;
  } finally {
    await gateway.kill('SIGKILL');
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** Lets the load run for a time after its first answer, then kills the gateway under it. */
async function killAfter(gateway: GatewayProcess, load: Load, milliseconds: number): Promise<void> {
  const endedFirst = load.ended.then(() => true);
  await Promise.race([load.firstAnswer, endedFirst]);
  if (await Promise.race([delay(milliseconds, false), endedFirst])) {
    throw new Error(`The gateway closed its connections by itself. Its log:\n${gateway.stderr}`);
  }
  await gateway.kill('SIGKILL');
  await load.ended;
}
