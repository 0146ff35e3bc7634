/**
 * A process of load. Its plan is its argument; it writes lines of `load-plan.ts`. A flood ends when its
 * standard input does.
 */

import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { argv, exit, stdin, stdout } from 'node:process';
import { batchItem, header, requestMessage, text } from '../ttlv-request.ts';
import { createOpener, type LoadConnection } from './load-connection.ts';
import { type LoadLine, LoadPlan } from './load-plan.ts';

const plan = LoadPlan.parse(JSON.parse(argv[2] ?? ''));
const open = createOpener(plan);
const id = text('UniqueIdentifier', plan.keyId);
const HEADER = header([1, 4]);
const GET = requestMessage(HEADER, batchItem('Get', [id]));
/** What vCenter asks for each machine that starts. */
const START = [
  requestMessage(HEADER, batchItem('DiscoverVersions')),
  GET,
  requestMessage(HEADER, batchItem('GetAttributes', [id, text('AttributeName', 'State')])),
];
/** Connections that a flood opens at a time. */
const OPENING = 64;

const seen = { answers: 0, failures: 0, lost: 0 };
let problem: string | undefined;
let isEnding = false;

function lose(error?: unknown): void {
  if (isEnding) return;
  seen.lost += 1;
  problem ??= error instanceof Error ? error.message : 'a connection was closed';
}

function take(isSuccess: boolean): void {
  seen.answers += 1;
  if (!isSuccess) seen.failures += 1;
}

/** A machine starts; resolves when it has its answers or has lost its connection. */
async function startMachine(): Promise<void> {
  try {
    const { socket, read } = await open();
    const closed = once(socket, 'close');
    let asked = 0;
    const ask = () => {
      const request = START[asked++];
      if (request === undefined) socket.end();
      else socket.write(request);
    };
    let answered = 0;
    read((isSuccess) => {
      take(isSuccess);
      answered += 1;
      ask();
    });
    ask();
    await closed;
    if (answered < START.length) lose();
  } catch (error) {
    lose(error);
  }
}

function flood({ socket, read }: LoadConnection, depth: number): void {
  socket.once('close', () => lose());
  read((isSuccess) => {
    take(isSuccess);
    socket.write(GET);
  });
  for (let n = 0; n < depth; n++) socket.write(GET);
}

async function openFlood(depth: number): Promise<void> {
  let left = plan.connections;
  await Promise.all(
    Array.from({ length: OPENING }, async () => {
      while (left-- > 0) {
        try {
          flood(await open(), depth);
        } catch (error) {
          lose(error);
        }
      }
    }),
  );
}

function tell(line: LoadLine): Promise<void> {
  return new Promise((resolve) => stdout.write(`${JSON.stringify(line)}\n`, () => resolve()));
}

let begun = performance.now();
if (plan.load.kind === 'restart') {
  await Promise.all(Array.from({ length: plan.connections }, startMachine));
} else {
  await openFlood(plan.load.depth);
  await tell({ kind: 'open', open: plan.connections - seen.lost, refused: seen.lost });
  begun = performance.now();
  seen.answers = 0;
  seen.failures = 0;
  stdin.resume();
  await once(stdin, 'end');
  isEnding = true;
}
const seconds = (performance.now() - begun) / 1000;
await tell({ kind: 'done', ...seen, seconds, ...(problem !== undefined && { problem }) });
exit(0);
