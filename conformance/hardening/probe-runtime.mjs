/**
 * Loaded into each thread of a gateway under test (NODE_OPTIONS=--import): adds a line to the file in PROBE_FILE that
 * says what the thread sees of the language.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const line = {
  pid: process.pid,
  isMainThread,
  hasProto: Object.hasOwn(Object.prototype, '__proto__'),
};
appendFileSync(process.env.PROBE_FILE, `${JSON.stringify(line)}\n`);
