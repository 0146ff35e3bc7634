/**
 * The process that is killed: delivers the made log to one sink and tells how far it has come, a sequence a
 * line. It ends when all is delivered.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { argv, stderr, stdout } from 'node:process';
import { createDelivery, createTimerClock, type SinkCursors } from '@claviger/audit-sinks';
import { madeLog } from './made-events.ts';
import { type SinkConfig, sinkOf } from './sink-config.ts';

export interface DeliverConfig {
  readonly sink: SinkConfig;
  readonly total: number;
  readonly maxEvents: number;
  /** Keeps the cursor. */
  readonly directory: string;
}

/** As durable as the store's: in the file's place only when it is on the disk. */
function fileCursors(directory: string): SinkCursors {
  const path = (name: string) => `${directory}/${name}.cursor`;
  return {
    async read(name) {
      const kept = await readFile(path(name), 'utf8').catch(() => undefined);
      return kept === undefined ? undefined : Number(kept);
    },
    async write(name, sequence) {
      const draft = await open(`${path(name)}.new`, 'w');
      await draft.writeFile(String(sequence));
      await draft.datasync();
      await draft.close();
      await rename(`${path(name)}.new`, path(name));
    },
  };
}

async function main(configPath: string): Promise<void> {
  // Written by the test that starts this process.
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as DeliverConfig;
  mkdirSync(config.directory, { recursive: true });
  const tell = (level: string) => (fields: object, message: string) => {
    stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
  };
  const log = {
    debug: tell('debug'),
    info: tell('info'),
    warn: tell('warn'),
    error: tell('error'),
  };
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const delivery = createDelivery(
    {
      source: madeLog(config.total),
      cursors: fileCursors(config.directory),
      clock: createTimerClock(Date.now),
      random: Math.random,
      log,
      observer: {
        lag(_, { events }) {
          stdout.write(`${config.total - events}\n`);
          if (events === 0) finish();
        },
        delivered: () => {},
        failed: () => {},
        lagLevel: () => {},
      },
    },
    [
      {
        name: 'peer',
        sink: sinkOf(config.sink, log),
        batch: { maxEvents: config.maxEvents },
        retry: { baseMs: 50, capMs: 1_000, retryAfterCapMs: 1_000 },
        attemptTimeoutMs: 20_000,
      },
    ],
  );
  await finished;
  await delivery.close();
}

await main(argv[2] ?? '');
