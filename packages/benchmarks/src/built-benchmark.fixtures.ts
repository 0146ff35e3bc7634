/** `pnpm bench` as it is built: its processes are programs of its own. Build first, as `pnpm test` does. */

import { existsSync, readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Report } from './report/report.ts';
import { runToEnd } from './subjects/server-process.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const SEED = new URL('../dist/seed/seed-store.js', import.meta.url).href;
const GATEWAY = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url));

/** Whether the benchmark and the gateway that it measures are there. */
export function isBuilt(): boolean {
  return existsSync(MAIN) && existsSync(GATEWAY);
}

/** @returns What it printed. @throws Error when it failed, with what it wrote to standard error. */
export async function runBuiltBenchmark(args: readonly string[]): Promise<string> {
  return await runToEnd(execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args]);
}

/** `seedStore` as it is built, in a process of its own. @returns What it told of its progress, in lines. */
export async function runBuiltSeed(dataDirectory: string, count: number): Promise<string> {
  const args = [execPath, dataDirectory, count].map((value) => JSON.stringify(value)).join();
  const script = `import(${JSON.stringify(SEED)}).then(({ seedStore }) => seedStore(${args}, console.log));`;
  return await runToEnd(execPath, ['--disable-warning=ExperimentalWarning', '-'], script);
}

/** What it wrote by `--json`. */
export function readReportFile(path: string): Report {
  return Report.parse(JSON.parse(readFileSync(path, 'utf8')));
}
