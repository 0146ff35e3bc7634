/**
 * What `pnpm start`, `pnpm demo` and `pnpm test` do on a fresh clone: install, build, run.
 *
 *     node scripts/run.mjs <up|demo|test> [arguments]
 *
 * Plain Node without dependencies, since it runs before anything is installed. What it does on the way
 * goes to standard error: standard output belongs to the command.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followLauncher } from './follow-launcher.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.claviger-installed');
const STANDARD_ERROR = 2;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const [command = 'up', ...args] = process.argv.slice(2);
followLauncher();
process.exitCode = await main();

async function main() {
  checkNode();
  const prepared = (await install()) && (await ensureSqlite()) && (await build());
  if (!prepared) return 1;
  if (command === 'test') return await test(args);
  // In this process: signals, terminal and exit code need no passing on, and nothing is left behind.
  process.argv.splice(2, Infinity, command, ...args);
  await import(new URL('../packages/gateway/dist/main.js', import.meta.url).href);
  return process.exitCode;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Claviger needs Node 20.19 or newer and runs best on 24; this is ${process.versions.node}.`);
  say('Try: npx -y -p node@24 -p pnpm@10 pnpm start');
  process.exit(1);
}

/** Installs unless the lock file is the one that was installed last. */
async function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return true;
  say('Installing dependencies ...');
  const isInstalled = await pnpm(['install', '--frozen-lockfile']);
  if (isInstalled) writeFileSync(STAMP, lock);
  else say('The installation failed; pnpm says why above.');
  return isInstalled;
}

async function build() {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(join(ROOT, 'packages', 'gateway', 'dist', 'main.js'))) say('Building ...');
  const isBuilt = await succeeds(process.execPath, [compiler, '-b', '.config/tsconfig.build.json']);
  if (!isBuilt) say('The build failed; the compiler says why above.');
  return isBuilt;
}

/** Node has SQLite since 22.13; before, the addon better-sqlite3 is compiled once. */
async function ensureSqlite() {
  if (process.getBuiltinModule?.('node:sqlite') !== undefined || canLoadAddon()) return true;
  say(
    `Node ${process.versions.node} has no SQLite of its own: compiling better-sqlite3 (a minute or two) ...`,
  );
  // Its install script is not allowed to run by itself (pnpm-workspace.yaml), so pnpm rebuilds nothing.
  const addon = join(ROOT, 'packages', 'key-store', 'node_modules', 'better-sqlite3');
  const isCompiled =
    (await succeeds('npm', ['--prefix', addon, 'run', 'install'])) && canLoadAddon();
  if (!isCompiled) {
    say('better-sqlite3 could not be compiled; that needs a C++ compiler, make and Python.');
    say('Node 24 needs none of this: npx -y -p node@24 -p pnpm@10 pnpm start');
  }
  return isCompiled;
}

function canLoadAddon() {
  try {
    const require = createRequire(join(ROOT, 'packages', 'key-store', 'package.json'));
    const Database = require('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

async function test(vitestArguments) {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-test-'));
  const resultFile = join(folder, 'result.json');
  try {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const isGreen = await succeeds(
      process.execPath,
      [
        vitest,
        'run',
        '--config',
        '.config/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${resultFile}`,
        ...vitestArguments,
      ],
      { stdout: 'inherit' },
    );
    const { passed, failed, failures } = readResult(resultFile);
    if (!isGreen && failures.length === 0) failures.push('the run itself; its output says why');
    for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return isGreen && passed > 0 && failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What ran, and a line for each failure. Files that could not even be loaded have no tests: each counts as one. */
function readResult(path) {
  if (!existsSync(path)) return { passed: 0, failed: 1, failures: ['no test ran'] };
  const result = JSON.parse(readFileSync(path, 'utf8'));
  const failures = result.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [`${file}: ${firstLine(message)}`];
    return failed.map(
      (test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`,
    );
  });
  return { passed: result.numPassedTests, failed: failures.length, failures };
}

function firstLine(message) {
  return String(message ?? '').split('\n', 1)[0];
}

/** The pnpm that runs this script, whichever way it was started; else the one that the project names. */
async function pnpm(pnpmArguments, options) {
  const runner = process.env.npm_execpath;
  if (
    runner !== undefined &&
    /^pnpm(?:\.c?js|\.mjs)?$/.test(basename(runner)) &&
    existsSync(runner)
  ) {
    return /js$/.test(runner)
      ? await succeeds(process.execPath, [runner, ...pnpmArguments], options)
      : await succeeds(runner, pnpmArguments, options);
  }
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return await succeeds('npx', ['-y', packageManager, ...pnpmArguments], options);
}

/**
 * Runs a program to its end. What it prints goes to standard error unless told otherwise; when it is to
 * be quiet, only if it failed.
 */
function succeeds(file, fileArguments, { stdout = STANDARD_ERROR, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, fileArguments, {
      cwd: ROOT,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', stdout, STANDARD_ERROR],
      // On Windows npx is a script for the shell.
      shell: process.platform === 'win32' && file === 'npx',
    });
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    // Whoever stops this script means all of it: no child may be left behind.
    const forward = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    const end = (isGood) => {
      for (const signal of SIGNALS) process.off(signal, forward);
      if (!isGood) process.stderr.write(Buffer.concat(printed));
      resolve(isGood);
    };
    child.on('error', (error) => {
      say(`${file} cannot be run: ${error.message}`);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
