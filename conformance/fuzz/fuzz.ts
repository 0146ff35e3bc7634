/** One run of the fuzzers: so many inputs, or so much time, from one seed. */

import { pid as ownPid } from 'node:process';
import { Worker } from 'node:worker_threads';
import type { GatewayProcess } from '../gateway-process.ts';
import { startGateway } from '../gateway-process.ts';
import { createRandom } from '../seeded-random.ts';
import { createCurrentInput } from './current-input.ts';
import { inTime } from './deadline.ts';
import { createDecoderFuzzer } from './decoders.ts';
import { createTally, type FuzzReport, type Tally } from './finding.ts';
import { createGatewayFuzzer } from './gateway-messages.ts';
import { createMemoryWatch } from './memory-watch.ts';
import { createMessageFuzzer } from './messages.ts';
import { createRestFuzzer } from './rest.ts';
import { seedMessages } from './seed-messages.ts';

export const FUZZ_TARGETS = ['decoders', 'messages', 'gateway', 'rest'] as const;
export type FuzzTarget = (typeof FUZZ_TARGETS)[number];

export interface FuzzOptions {
  readonly targets: readonly FuzzTarget[];
  readonly seed: number;
  /** Ends a target; asked before each input, with how many there have been. */
  readonly isEnough: (inputs: number, startedMs: number) => boolean;
  /** Is told now and then. */
  readonly onProgress?: (target: FuzzTarget, inputs: number) => void;
  /** Whether a thread ends the process, with a finding, when an input holds it up. */
  readonly isWatched?: boolean;
}

interface Fuzzer {
  step(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

const PROGRESS_EVERY = 10_000;
/** Lets timers and sockets have their turn, between decoders that never wait. */
const TURN_EVERY = 1000;
/** For all that one input has done for it, a new connection or a new dispatcher as well. */
const MOST_STEP_MS = 120_000;
/** Above every other deadline: those that can be told of without ending the process come first. */
const MOST_HELD_UP_MS = 180_000;
/** What is logged of what clients send is of no use here, and there is much of it. */
const QUIET = { CLAVIGER_LOG__LEVEL: 'error' };

/**
 * Runs each target, one after the other. What nobody handles or catches counts as a finding, as does what the
 * gateway logs as an error, and memory that grows.
 *
 * @throws Error when a gateway does not start.
 */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { targets, seed } = options;
  const current = createCurrentInput();
  const tally = createTally(seed, current);
  const surprise = (what: string) => (reason: unknown) => {
    const problem = `${what}: ${reason instanceof Error ? reason.stack : String(reason)}`;
    tally.find({ target: 'process', problem, input: tally.current() });
  };
  const unhandled = surprise('Nobody handled a rejection');
  const uncaught = surprise('Nobody caught');
  process.on('unhandledRejection', unhandled);
  process.on('uncaughtException', uncaught);
  const watchdog = options.isWatched ? startWatchdog(current.memory) : undefined;
  const needsGateway = targets.includes('gateway') || targets.includes('rest');
  const gateway = needsGateway ? await startGateway({ env: QUIET }) : undefined;
  try {
    for (const target of targets) {
      await runTarget(target, options, tally, gateway);
      current.end();
    }
  } finally {
    process.off('unhandledRejection', unhandled);
    process.off('uncaughtException', uncaught);
    await watchdog?.terminate();
    if (gateway !== undefined) await endGateway(gateway, tally);
  }
  return tally.report();
}

/** Ends early when an input leaves nothing to go on with. */
async function runTarget(
  target: FuzzTarget,
  { seed, isEnough, onProgress }: FuzzOptions,
  tally: Tally,
  gateway: GatewayProcess | undefined,
): Promise<void> {
  const fuzzer = await fuzzerOf(target, seed, tally, gateway);
  const isInGateway = target === 'gateway' || target === 'rest';
  const memory = createMemoryWatch(isInGateway && gateway !== undefined ? gateway.pid : ownPid);
  const startedMs = Date.now();
  try {
    for (let inputs = 0; !isEnough(inputs, startedMs); inputs++) {
      const step = fuzzer.step();
      if (step !== undefined) {
        const ended = await inTime(step.then(() => true), MOST_STEP_MS); // biome-ignore format: one line
        if (ended === undefined) throw new Error('It came to no end.');
      }
      if (inputs % TURN_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
      if (inputs % PROGRESS_EVERY === 0) onProgress?.(target, inputs);
      memory.look();
    }
  } catch (error) {
    const problem = `It could not go on: ${error instanceof Error ? error.message : String(error)}`;
    tally.find({ target, problem, input: tally.current() });
  } finally {
    await fuzzer.stop?.();
  }
  const facts = memory.facts();
  if (facts !== undefined) tally.remember(target, facts);
  const problem = memory.problem();
  if (problem !== undefined) tally.find({ target, problem, input: '' });
}

function startWatchdog(memory: SharedArrayBuffer): Worker {
  const workerData = { memory, mostMs: MOST_HELD_UP_MS };
  return new Worker(new URL('watchdog.mjs', import.meta.url), { workerData, execArgv: [] });
}

async function fuzzerOf(
  target: FuzzTarget,
  seed: number,
  tally: Tally,
  gateway: GatewayProcess | undefined,
): Promise<Fuzzer> {
  const random = createRandom(seed);
  if (target === 'decoders') return createDecoderFuzzer(seedMessages(seed), random, tally);
  if (target === 'messages') return createMessageFuzzer(seedMessages(seed), random, tally);
  if (gateway === undefined) throw new Error('There is no gateway to try.');
  if (target === 'rest') return await createRestFuzzer(gateway, seed, random, tally);
  return createGatewayFuzzer(gateway, seedMessages(seed), random, tally);
}

/** It has to live until it is told to end, and to have nothing to say that nobody thought of. */
async function endGateway(gateway: GatewayProcess, tally: Tally): Promise<void> {
  const problems = await gateway.stop().then(
    () => [],
    (error: Error) => [error.message],
  );
  for (const problem of [...problems, ...errorsOf(gateway.stderr)]) {
    tally.find({ target: 'gateway', problem, input: '' });
  }
}

/** Lines of a log that tell of an error; the level is set so that there are no others. */
function errorsOf(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => line !== '' && !/ExperimentalWarning|--trace-warnings/.test(line));
}
