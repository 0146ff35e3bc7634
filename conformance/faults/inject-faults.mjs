/**
 * Faults at exact places, for tests alone: no product file knows of them. A gateway gets this module by
 * `NODE_OPTIONS=--import=...`, which its threads get, too, and what to do in INJECTED_FAULTS
 * (`injected-faults.ts`). It wraps SQLite's driver, the sockets of the server, and the clock.
 *
 * JavaScript, since Node 20 loads no other.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TLSSocket } from 'node:tls';
import { Worker, workerData } from 'node:worker_threads';

const {
  faults = [],
  answers,
  checkpointsEachCommit = false,
  clock,
} = JSON.parse(process.env['INJECTED_FAULTS'] ?? '{}');

/** As both drivers report them: node:sqlite by number, better-sqlite3 by name. */
const SQLITE_ERRORS = {
  full: [13, 'SQLITE_FULL', 'database or disk is full'],
  'io-error': [10, 'SQLITE_IOERR', 'disk I/O error'],
  'read-only': [8, 'SQLITE_READONLY', 'attempt to write a readonly database'],
  corrupt: [11, 'SQLITE_CORRUPT', 'database disk image is malformed'],
};

const endNow = () => process.kill(process.pid, 'SIGKILL');

/** A thread that kills the process some microseconds after it was told to, whatever the others do. */
function createKiller() {
  const signal = new Int32Array(new SharedArrayBuffer(8));
  const program = `
    const { signal } = require('node:worker_threads').workerData;
    Atomics.wait(signal, 0, 0);
    const at = performance.now() + signal[1] / 1000;
    while (performance.now() < at);
    process.kill(process.pid, 'SIGKILL');`;
  // Without the environment, or it would have a killer of its own.
  new Worker(program, { eval: true, env: {}, execArgv: [], workerData: { signal } }).unref();
  return (microseconds) => {
    Atomics.store(signal, 1, microseconds);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
}

function createFault({ sql, when, skip = 0, effect, microseconds = 0, whileExists }) {
  const pattern = new RegExp(sql, 'i');
  let passed = 0;
  /** @type {((microseconds: number) => void) | undefined} */
  let killSoon;
  return {
    pattern,
    when,
    prepare() {
      if (when === 'during') killSoon ??= createKiller();
    },
    happen() {
      if (whileExists !== undefined && !existsSync(whileExists)) return;
      if (passed++ < skip) return;
      if (when === 'during') return killSoon?.(microseconds);
      if (effect === 'kill') return endNow();
      if (effect === 'throw') throw new Error('injected: the thread fails');
      if (effect === 'end-thread') return process.exit(1);
      // Small objects: Node 24 does not end a thread that asks for nothing but arrays of one size.
      if (effect === 'exhaust-memory')
        for (const hoard = []; ; ) hoard.push({ at: hoard.length, of: [hoard.length] });
      const [errcode, code, message] = SQLITE_ERRORS[effect];
      throw Object.assign(new Error(message), { errcode, code });
    },
  };
}

const armed = faults
  .filter(({ thread }) => thread === undefined || thread === workerData?.role)
  .map(createFault);

/** Runs `action` with the faults around it. */
function withFaults(hit, action) {
  for (const { when, happen } of hit) if (when !== 'after') happen();
  const result = action();
  for (const { when, happen } of hit) if (when === 'after') happen();
  return result;
}

function wrapDriver(prototype) {
  const { prepare, exec } = prototype;
  prototype.prepare = function (sql) {
    const hit = armed.filter(({ pattern }) => pattern.test(sql));
    for (const fault of hit) fault.prepare();
    if (checkpointsEachCommit && sql === 'BEGIN IMMEDIATE') {
      exec.call(this, 'PRAGMA wal_autocheckpoint = 1');
    }
    const statement = prepare.call(this, sql);
    for (const method of hit.length > 0 ? ['run', 'get', 'all'] : []) {
      const original = statement[method];
      statement[method] = (...parameters) =>
        withFaults(hit, () => original.apply(statement, parameters));
    }
    return statement;
  };
  prototype.exec = function (sql) {
    const hit = armed.filter(({ pattern }) => pattern.test(sql));
    return withFaults(hit, () => exec.call(this, sql));
  };
}

if (armed.length > 0 || checkpointsEachCommit) {
  const builtin = process.getBuiltinModule('node:sqlite');
  const requireOfStore = createRequire(
    process.env['INJECTED_FAULTS_DRIVER_FROM'] ?? import.meta.url,
  );
  wrapDriver((builtin?.DatabaseSync ?? requireOfStore('better-sqlite3')).prototype);
}

if (answers !== undefined) {
  const { write } = TLSSocket.prototype;
  let passed = 0;
  TLSSocket.prototype.write = function (chunk, ...rest) {
    // 42 007B: a Response Message.
    const isAnswer = chunk?.[0] === 0x42 && chunk[1] === 0 && chunk[2] === 0x7b;
    const isDue = isAnswer && passed++ === answers.skip;
    if (isDue && answers.when === 'before') endNow();
    const result = write.call(this, chunk, ...rest);
    if (isDue) endNow();
    return result;
  };
}

if (clock !== undefined) {
  const now = Date.now.bind(Date);
  let offset = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  Date.now = () => {
    if (performance.now() - readAt > 20) {
      readAt = performance.now();
      offset = existsSync(clock) ? Number(readFileSync(clock, 'utf8')) : 0;
    }
    return now() + offset;
  };
}
