/** One run of the fuzzers: so many inputs, or so much time, from one seed. */

import { memoryUsage } from 'node:process';
import type { GatewayProcess } from '../gateway-process.ts';
import { startGateway } from '../gateway-process.ts';
import { createRandom } from '../seeded-random.ts';
import { createDecoderFuzzer } from './decoders.ts';
import { createTally, type FuzzReport } from './finding.ts';
import { createGatewayFuzzer } from './gateway-messages.ts';
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
}

interface Fuzzer {
  step(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

const PROGRESS_EVERY = 10_000;
/** Lets timers and sockets have their turn, between decoders that never wait. */
const TURN_EVERY = 1000;

/**
 * Runs each target, one after the other. Rejections that nobody handles count as findings.
 *
 * @throws Error when a gateway does not start, or is gone.
 */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { targets, seed, isEnough, onProgress } = options;
  const tally = createTally(seed);
  const unhandled = (reason: unknown) =>
    tally.find({ target: 'process', problem: `Nobody handled ${String(reason)}.`, input: '' });
  process.on('unhandledRejection', unhandled);
  const needsGateway = targets.includes('gateway') || targets.includes('rest');
  const gateway = needsGateway ? await startGateway() : undefined;
  try {
    for (const target of targets) {
      const fuzzer = await fuzzerOf(target, seed, tally, gateway);
      const startedMs = Date.now();
      for (let inputs = 0; !isEnough(inputs, startedMs); inputs++) {
        await fuzzer.step();
        if (inputs % TURN_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
        if (inputs % PROGRESS_EVERY === 0) onProgress?.(target, inputs);
      }
      await fuzzer.stop?.();
    }
    const problem = gateway === undefined ? undefined : problemOfLog(gateway.stderr);
    if (problem !== undefined) tally.find({ target: 'gateway', problem, input: '' });
  } finally {
    process.off('unhandledRejection', unhandled);
    // Throws when the gateway did not live to end in order.
    await gateway?.stop();
  }
  return tally.report();
}

async function fuzzerOf(
  target: FuzzTarget,
  seed: number,
  tally: ReturnType<typeof createTally>,
  gateway: GatewayProcess | undefined,
): Promise<Fuzzer> {
  const random = createRandom(seed);
  if (target === 'decoders') return createDecoderFuzzer(seedMessages(seed), random, tally);
  if (target === 'messages') return createMessageFuzzer(seedMessages(seed), random, tally);
  if (gateway === undefined) throw new Error('There is no gateway to try.');
  if (target === 'rest') return createRestFuzzer(gateway, random, tally);
  return createGatewayFuzzer(gateway, seedMessages(seed), random, tally);
}

/** The first line of a log that tells of what nobody thought of. */
function problemOfLog(log: string): string | undefined {
  return log.split('\n').find((line) => /"level":"(error|fatal)"|UnhandledPromise/.test(line));
}

/** Resident memory of this process in MiB. */
export function ownResidentMiB(): number {
  return memoryUsage.rss() / 2 ** 20;
}
