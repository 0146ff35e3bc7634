/**
 * The gateway as operators run it: a process of its own, started by `node packages/gateway/dist/main.js`,
 * reached over its ports, its command line and its files alone.
 *
 * It has to be built first (`pnpm build`). Another build, e.g. one that was installed, is tried with its
 * `main.js` in CLAVIGER_MAIN.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, env as ownEnvironment } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Paths of PEM files. */
export interface PkiPaths {
  readonly ca: string;
  /** The certificate of the adapter `vcenter`. */
  readonly clientCertificate: string;
  readonly clientKey: string;
}

type Environment = Readonly<Record<string, string>>;

export interface GatewayOptions {
  /** A temporary one, removed by `stop`, unless told. */
  readonly dataDirectory?: string;
  /** Settings (`CLAVIGER_...`) and whatever else the process shall see. */
  readonly env?: Environment;
  /** Whether the settings in `env` say where it listens; free ports of the loopback unless told. */
  readonly listensAsSet?: boolean;
  /** A command before that of the gateway, e.g. one that enters a network namespace. */
  readonly via?: readonly string[];
  /** Starts `claviger serve` with this file, which names the same data directory, instead of `up`. */
  readonly configFile?: string;
}

export interface GatewayProcess {
  readonly pid: number;
  /** The first KMIP listener. */
  readonly kmip: Address;
  readonly listeners: readonly Address[];
  readonly api: Address;
  /** What clients of the API send as `Bluemix-Instance`. Only `up` says it. */
  readonly instanceId: string | undefined;
  readonly pki: PkiPaths;
  readonly dataDirectory: string;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** With which code it has ended; null while it runs, and when a signal ended it. */
  readonly exitCode: number | null;
  /** Which signal has ended it. */
  readonly signal: NodeJS.Signals | null;
  /** Sends a signal and waits until the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it in order, by SIGTERM. @throws Error when it does not end so, with code 0. */
  stop(): Promise<void>;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const START_TIMEOUT_MS = 45_000;
const STOP_TIMEOUT_MS = 20_000;

/** Processes that must not outlive this one. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a gateway on free ports and waits until it accepts connections. */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const given = options.dataDirectory;
  const dataDirectory = given ?? mkdtempSync(join(tmpdir(), 'claviger-'));
  const cleanUp = () => {
    if (given === undefined) rmSync(dataDirectory, { recursive: true, force: true });
  };
  const command =
    options.configFile === undefined
      ? upCommand(dataDirectory, options.listensAsSet)
      : ['serve', '--config', options.configFile, '--json'];
  const child = spawnClaviger(command, options.env, options.via);
  const output = collect(child);
  const ended = once(child, 'close').finally(() => running.delete(child));

  try {
    const { kmip, listeners, api, instanceId } = await readyLine(child, output);
    return {
      pid: child.pid ?? 0,
      kmip,
      listeners,
      api,
      instanceId,
      pki: {
        ca: join(dataDirectory, 'pki', 'ca.crt'),
        clientCertificate: join(dataDirectory, 'pki', 'client.crt'),
        clientKey: join(dataDirectory, 'pki', 'client.key'),
      },
      dataDirectory,
      get stdout() {
        return output.stdout;
      },
      get stderr() {
        return output.stderr;
      },
      get exitCode() {
        return child.exitCode;
      },
      get signal() {
        return child.signalCode;
      },
      async kill(signal) {
        child.kill(signal);
        await ended;
      },
      async stop() {
        const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
        child.kill('SIGTERM');
        await ended;
        clearTimeout(deadline);
        cleanUp();
        if (child.exitCode !== 0) throw new GatewayFailure('did not stop in order', child, output);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    cleanUp();
    throw error;
  }
}

/** Starts a gateway and kills it a moment later, wherever it has got to by then. */
export async function killWhileStarting(
  dataDirectory: string,
  milliseconds: number,
): Promise<void> {
  const child = spawnClaviger(upCommand(dataDirectory));
  const ended = once(child, 'close');
  await delay(milliseconds);
  child.kill('SIGKILL');
  await ended;
  running.delete(child);
}

/** Runs one command of the command line to its end. */
export async function runClaviger(
  args: readonly string[],
  env?: Environment,
): Promise<CommandResult> {
  const child = spawnClaviger(args, env);
  const output = collect(child);
  await once(child, 'close');
  running.delete(child);
  return { exitCode: child.exitCode, ...output };
}

/**
 * Runs a command that has to succeed and prints JSON with `--json`, one value a line.
 *
 * @throws Error with what the command wrote to standard error.
 */
export async function clavigerJson(args: readonly string[], env?: Environment): Promise<unknown[]> {
  const { exitCode, stdout, stderr } = await runClaviger([...args, '--json'], env);
  if (exitCode !== 0) throw new Error(`claviger ${args.join(' ')} failed (${exitCode}): ${stderr}`);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

function upCommand(dataDirectory: string, listensAsSet = false): readonly string[] {
  const freePort = '127.0.0.1:0';
  const listeners = listensAsSet ? [] : ['--kmip', freePort, '--api', freePort];
  return ['up', '--data-dir', dataDirectory, ...listeners, '--json'];
}

/** Of the start scripts and of the service, but for what bears on their output only. */
export const NODE_FLAGS = ['--disable-proto=delete', '--max-semi-space-size=16'] as const;

function spawnClaviger(
  args: readonly string[],
  env: Environment = {},
  via: readonly string[] = [],
): ChildProcess {
  const main =
    ownEnvironment['CLAVIGER_MAIN'] ??
    fileURLToPath(new URL('../packages/gateway/dist/main.js', import.meta.url));
  if (!existsSync(main)) {
    throw new Error(`${main} is not there: build the gateway first, with \`pnpm build\`.`);
  }
  // Settings of the person who runs the tests are none of the gateway's that is tested.
  const inherited = Object.entries(ownEnvironment).filter(([name]) => !/^CLAVIGER_/.test(name));
  const node = [execPath, ...NODE_FLAGS, main];
  const [program = execPath, ...rest] = [...via, ...node, ...args];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env },
  });
  running.add(child);
  return child;
}

interface Output {
  stdout: string;
  stderr: string;
}

function collect(child: ChildProcess): Output {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return output;
}

/** Waits for the line with `"ready":true`. */
function readyLine(
  child: ChildProcess,
  output: Output,
): Promise<Pick<GatewayProcess, 'kmip' | 'listeners' | 'api' | 'instanceId'>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => give(new GatewayFailure('was not ready in time', child, output)),
      START_TIMEOUT_MS,
    );
    const give = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', give);
    child.once('close', () => give(new GatewayFailure('ended before it was ready', child, output)));
    child.stdout?.on('data', () => {
      const line = output.stdout.split('\n').find((text) => text.includes('"ready":true'));
      if (line === undefined || !output.stdout.includes(`${line}\n`)) return;
      clearTimeout(timer);
      const { kmip, api, instance: instanceId } = JSON.parse(line);
      // `up` has one listener, `serve` a list of them.
      const listeners: readonly Address[] = Array.isArray(kmip) ? kmip : [kmip];
      const [first] = listeners;
      if (first === undefined)
        return reject(new GatewayFailure('listens for no KMIP', child, output));
      resolve({ kmip: first, listeners, api, instanceId });
    });
  });
}

/** The gateway did not do what a test began with. */
export class GatewayFailure extends Error {
  override readonly name = 'GatewayFailure';
  /** With what it has ended: a signal or an exit code; undefined when it has not. */
  readonly ending: NodeJS.Signals | number | undefined;

  constructor(what: string, child: ChildProcess, { stderr }: Output) {
    const ending = child.signalCode ?? child.exitCode ?? undefined;
    super(`The gateway ${what} (${ending ?? 'running'}). Its log:\n${stderr.slice(-4000)}`);
    this.ending = ending;
  }
}
