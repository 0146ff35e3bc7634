/**
 * Ends this process when the package manager that started it was ended. pnpm and npx do not pass
 * SIGTERM on to what they run: without this a stopped `pnpm start` would leave a server behind.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const POLL_MS = 250;
const MOST_GENERATIONS = 12;
const PACKAGE_MANAGER = /^(?:npm|npx|pnpm|pnpx|yarn)(?:\.c?js|-cli\.js)?$/;
const SHELL = /^(?:ba|da|z|k|a)?sh$/;

/** Raises SIGTERM in this process once one of the programs above it is gone. */
export function followLauncher() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const launchers = launchersAbove(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && launchers.every(isAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, POLL_MS);
  timer.unref();
}

/**
 * The processes from `pid` up to the topmost package manager, with the shells between them. What is
 * above is whoever called it, which may well end first, as a script does that starts a server.
 */
function launchersAbove(pid) {
  const chain = [];
  let length = 0;
  for (let at = pid; chain.length < MOST_GENERATIONS; ) {
    const found = readProcess(at);
    if (found === undefined || found.kind === 'other') break;
    chain.push(at);
    if (found.kind === 'package-manager') length = chain.length;
    at = found.parent;
  }
  return chain.slice(0, length);
}

/** What Linux tells of a process; elsewhere only the direct parent is watched. */
function readProcess(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
    const names = words.slice(0, 2).map((word) => basename(word));
    if (names.some((name) => PACKAGE_MANAGER.test(name))) {
      return { kind: 'package-manager', parent };
    }
    return { kind: SHELL.test(names[0] ?? '') ? 'shell' : 'other', parent };
  } catch {
    return undefined; // no such file system, or the process is gone
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
