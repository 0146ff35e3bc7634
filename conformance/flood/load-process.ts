/** Starts processes of load, and hears what they have seen. */

import { spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type LoadDone, LoadLine, type LoadPlan } from './load-plan.ts';

export interface LoadProcess {
  /** Resolves when all connections of a flood are open. */
  readonly opened: Promise<Extract<LoadLine, { kind: 'open' }>>;
  readonly done: Promise<LoadDone>;
  /** Ends a flood. */
  stop(): Promise<LoadDone>;
  kill(): void;
}

const MAIN = fileURLToPath(new URL('./load-main.ts', import.meta.url));

/** @param via - A command before that of the process. */
export function startLoad(plan: LoadPlan, via: readonly string[] = []): LoadProcess {
  const node = ['--conditions=@claviger/source', '--import', 'tsx', MAIN, JSON.stringify(plan)];
  const [program = execPath, ...args] = [...via, execPath, ...node];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  child.stdin.on('error', () => {}); // it ended by itself
  const lines = createInterface({ input: child.stdout });
  const lineOf = <Kind extends LoadLine['kind']>(kind: Kind) =>
    new Promise<Extract<LoadLine, { kind: Kind }>>((resolve, reject) => {
      lines.on('line', (text) => {
        const line = LoadLine.parse(JSON.parse(text));
        // The compiler does not see that the kind decides which line it is.
        if (line.kind === kind) resolve(line as Extract<LoadLine, { kind: Kind }>);
      });
      child.once('error', reject);
      child.once('close', () => reject(new Error(`The process of load ended early: ${complaint}`)));
    });
  const [opened, done] = [lineOf('open'), lineOf('done')];
  for (const promise of [opened, done]) promise.catch(() => {}); // whoever awaits it is told
  return {
    opened,
    done,
    stop() {
      child.stdin.end();
      return done;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
