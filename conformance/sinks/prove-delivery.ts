/**
 * Delivers a log to a peer while the delivering process and the peer are killed in turn, and compares what
 * the peer has kept with what was sent.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../seeded-random.ts';
import { sequenceOf } from './made-events.ts';
import type { Peer } from './peers/peer.ts';

export interface ProofOptions {
  readonly start: (directory: string) => Promise<Peer>;
  readonly events: number;
  /** Of one batch. */
  readonly maxEvents: number;
  /** How often the process and the peer are killed, taken together. */
  readonly kills: number;
  readonly seed: number;
}

export interface Proof {
  /** Texts that the peer has kept. */
  readonly received: number;
  /** Different events among them. */
  readonly distinct: number;
  readonly kills: { readonly process: number; readonly peer: number };
  /** What must not be: events that are missing, changed or out of order. */
  readonly problems: readonly string[];
}

const SCRIPT = fileURLToPath(new URL('deliver.ts', import.meta.url));
const MAX_PROBLEMS = 20;
/** A kill comes so long after the place in the log was reached, at most: somewhere within a batch. */
const LONGEST_DELAY_MS = 40;

/** No kill after this part of the log: it would find everything delivered. */
const LAST_KILL = 0.9;

/** Processes that must not outlive this one. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws Error when the delivering process ends by itself before all is delivered. */
export async function proveDelivery(options: ProofOptions): Promise<Proof> {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-sinks-'));
  const peer = await options.start(directory);
  try {
    const kills = await deliver(peer, options, directory);
    return { kills, ...compare(await peer.received(), options.events) };
  } finally {
    await peer.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function deliver(peer: Peer, options: ProofOptions, directory: string) {
  const { events: total, maxEvents, kills, seed } = options;
  const configPath = join(directory, 'deliver.json');
  writeFileSync(configPath, JSON.stringify({ sink: peer.sink, total, maxEvents, directory }));
  const random = createRandom(seed);
  const places = Array.from({ length: kills }, () =>
    random.integer(0, Math.floor(total * LAST_KILL)),
  );
  const counts = { process: 0, peer: 0 };
  let child = startProcess(configPath);

  for (const [index, place] of places.sort((a, b) => a - b).entries()) {
    await child.reached(place);
    await delay(random.integer(0, LONGEST_DELAY_MS));
    if (index % 2 === 0) {
      await child.kill();
      counts.process += 1;
      child = startProcess(configPath);
    } else {
      await peer.harm();
      counts.peer += 1;
    }
  }
  await child.finished();
  return counts;
}

interface DeliveringProcess {
  /** Resolves when the cursor has come so far, or all is delivered. */
  reached(sequence: number): Promise<void>;
  kill(): Promise<void>;
  /** @throws Error when it failed. */
  finished(): Promise<void>;
}

function startProcess(configPath: string): DeliveringProcess {
  const child = spawn(
    execPath,
    ['--import', 'tsx', '--conditions=@claviger/source', SCRIPT, configPath],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running.add(child);
  const ended = once(child, 'close').finally(() => running.delete(child));
  let place = -1;
  let log = '';
  let waiting: { readonly sequence: number; resolve(): void } | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4_000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    place = Number(line);
    if (waiting !== undefined && place >= waiting.sequence) waiting.resolve();
  });

  return {
    async reached(sequence) {
      if (place >= sequence) return;
      const reached = new Promise<void>((resolve) => {
        waiting = { sequence, resolve };
      });
      await Promise.race([reached, ended]);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async finished() {
      await ended;
      if (child.exitCode !== 0) throw new Error(`The delivering process failed. Its log:\n${log}`);
    },
  };
}

/** What was received against the log, events 1 to `total`. */
function compare(received: readonly string[], total: number): Omit<Proof, 'kills'> {
  const problems: string[] = [];
  const seen = new Set<number>();
  let newest = 0;
  for (const text of received) {
    const sequence = sequenceOf(text);
    if (sequence === undefined) problems.push(`no event of the log: ${text.slice(0, 80)}`);
    else if (!seen.has(sequence)) {
      // Duplicates come where a batch is sent again; what is new comes in the order of the log.
      if (sequence !== newest + 1) problems.push(`${sequence} came after ${newest}`);
      newest = sequence;
      seen.add(sequence);
    }
  }
  for (let sequence = 1; sequence <= total; sequence += 1) {
    if (!seen.has(sequence)) problems.push(`${sequence} is missing`);
  }
  return {
    received: received.length,
    distinct: seen.size,
    problems: problems.slice(0, MAX_PROBLEMS),
  };
}
