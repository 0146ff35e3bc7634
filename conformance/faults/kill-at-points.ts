/**
 * Starts a gateway, loads it, has it killed at a chosen point, and starts it again: many times on one data
 * directory. After several kills, everything that was acknowledged is compared with what is there.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkCopy, newLogCopy } from '../durability/check-log.ts';
import { compare } from '../durability/compare.ts';
import { startLoad } from '../durability/load.ts';
import type { TrackedKey } from '../durability/tracked-key.ts';
import {
  GatewayFailure,
  type GatewayProcess,
  killWhileStarting,
  startGateway,
} from '../gateway-process.ts';
import { createRandom, type Random } from '../seeded-random.ts';
import { environmentOf } from './injected-faults.ts';
import { KILL_POINTS, type KillPoint } from './kill-points.ts';

export interface KillOptions {
  readonly kills: number;
  /** Decides points, moments and load. */
  readonly seed: number;
  /** How many kills go between two comparisons. */
  readonly killsPerComparison: number;
  /** Asked before each kill: whether to stop here. */
  readonly isOver?: () => boolean;
  /** Is told after each comparison. */
  readonly onComparison?: (report: KillReport) => void;
}

export interface KillReport {
  readonly kills: number;
  /** Kills by point; those whose point was not reached in time stand under `at any moment`. */
  readonly byPoint: Readonly<Record<string, number>>;
  /** Messages that were acknowledged. */
  readonly acknowledged: number;
  /** Messages under way at a kill, and how many of them had been committed. */
  readonly underWay: number;
  readonly committedUnderWay: number;
  readonly comparisons: number;
  readonly keys: number;
  readonly events: number;
  /** What is missing or wrong, a sentence each; empty when nothing was lost. */
  readonly problems: readonly string[];
}

const ANY_MOMENT = 'at any moment';
const WHILE_STARTING = 'while it starts';
const TOO_SLOW = 'not ready in time';
/** What has not come to its point by then is killed where it is. */
const PATIENCE_MS = 2000;
const LONGEST_START_MS = 2000;
/** Of so many kills, one is of a gateway that only starts. */
const STARTS = 8;

/**
 * @throws Error when the gateway does something unexpected while it runs.
 */
export async function killAtPoints(options: KillOptions): Promise<KillReport> {
  const random = createRandom(options.seed);
  const dataDirectory = mkdtempSync(join(tmpdir(), 'claviger-faults-'));
  const byPoint = new Map<string, number>();
  const copy = newLogCopy();
  let keys: TrackedKey[] = [];
  let touched = new Set<TrackedKey>();
  let [kills, acknowledged, underWay, committedUnderWay, comparisons] = [0, 0, 0, 0, 0];
  let problems: readonly string[] = [];
  const isOver = () => kills >= options.kills || (options.isOver?.() ?? false);

  function count(point: string): void {
    kills += 1;
    byPoint.set(point, (byPoint.get(point) ?? 0) + 1);
  }

  /** @returns where it was killed, when it was not ready before. */
  async function startOrKill(point: KillPoint): Promise<GatewayProcess | string> {
    try {
      return await startGateway({ dataDirectory, env: environmentOf(point.choose(random)) });
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error;
      if (error.ending === 'SIGKILL') return point.name;
      // Killed by who waited for it. What is told apart here could be a hang, and must stay rare.
      if (error.ending === undefined) return TOO_SLOW;
      throw error;
    }
  }

  async function killOnce(point: KillPoint): Promise<void> {
    const gateway = await startOrKill(point);
    // The start itself commits, too.
    if (typeof gateway === 'string') return count(gateway);
    const idle = keys.filter((key) => key.underWay === undefined);
    const prefix = `key-${kills + 1}`;
    const load = startLoad(gateway, idle, { prefix, seed: random.integer(0, 2 ** 31) });
    const isReached = await Promise.race([
      load.ended.then(() => true),
      delay(point.name === ANY_MOMENT ? random.integer(20, PATIENCE_MS) : PATIENCE_MS, false),
    ]);
    await gateway.kill('SIGKILL');
    await load.ended;
    if (isReached && gateway.exitCode !== null) {
      throw new Error(`The gateway ended by itself (${gateway.exitCode}): ${gateway.stderr}`);
    }
    acknowledged += load.acknowledged;
    keys = [...keys, ...load.newKeys];
    for (const key of load.touched) touched.add(key);
    count(isReached ? point.name : ANY_MOMENT);
  }

  async function compareAll(): Promise<void> {
    underWay += keys.filter((key) => key.underWay !== undefined).length;
    const gateway = await startGateway({ dataDirectory });
    try {
      // What was touched long ago is read back at the end; all of it is looked for each time.
      const compared = await compare(gateway, copy, keys, (key) => isOver() || touched.has(key));
      keys = compared.keys;
      committedUnderWay += compared.committedUnderWay;
      problems = [...compared.problems, ...(isOver() ? await checkCopy(copy, dataDirectory) : [])];
      touched = new Set();
      comparisons += 1;
      await gateway.stop();
    } finally {
      await gateway.kill('SIGKILL');
    }
  }

  const report = (): KillReport => ({
    kills,
    byPoint: Object.fromEntries(byPoint),
    acknowledged,
    underWay,
    committedUnderWay,
    comparisons,
    keys: keys.length,
    events: copy.ids.length,
    problems,
  });

  try {
    const points = endlessly(KILL_POINTS, random);
    while (!isOver() && problems.length === 0) {
      for (let more = options.killsPerComparison; more > 0 && !isOver(); more--) {
        if (keys.length > 0 && random.integer(1, STARTS) === 1) {
          await killWhileStarting(dataDirectory, random.integer(0, LONGEST_START_MS));
          count(WHILE_STARTING);
        } else {
          await killOnce(points());
        }
      }
      await compareAll();
      options.onComparison?.(report());
    }
    return report();
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** Every one of them in turn, in another order each time. */
function endlessly<T>(items: readonly T[], random: Random): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...items];
    const chosen = random.pick(left);
    left = left.filter((item) => item !== chosen);
    return chosen;
  };
}
