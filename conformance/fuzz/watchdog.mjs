/**
 * A thread that sees when an input holds up the one that tries it, tells of it as a finding, and ends the
 * process: nothing else could. JavaScript, since threads have no compiler. `memory` is that of `CurrentInput`.
 */

import { writeSync } from 'node:fs';
import { kill, pid } from 'node:process';
import { workerData } from 'node:worker_threads';

const { memory, mostMs } = workerData;
const header = new Int32Array(memory, 0, 2);
const LOOK_EVERY_MS = 1000;
const STANDARD_ERROR = 2;

let known = 0;
let since = Date.now();
setInterval(() => {
  const number = Atomics.load(header, 0);
  if (number === 0 || number !== known) {
    known = number;
    since = Date.now();
  } else if (Date.now() - since > mostMs) {
    const tried = Buffer.from(memory, header.byteLength, Atomics.load(header, 1)).toString();
    const problem = `It held up its thread for more than ${mostMs / 1000} seconds.`;
    // Neither a stream nor an orderly end: both are work of the thread that is held up.
    writeSync(STANDARD_ERROR, `${problem} ${tried}\n`);
    kill(pid, 'SIGKILL');
  }
}, LOOK_EVERY_MS);
