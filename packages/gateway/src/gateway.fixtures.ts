/** Commands run inside the test: with streams that collect, a stop that the test gives, and quick keys. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import picocolors from 'picocolors';
import type { CommandContext } from './commands/command-context.ts';
import type { Ambient } from './installation.ts';
import type { ReadyReport } from './ready-report.ts';
import { runCommand } from './run-command.ts';
import type { OutputChannel } from './terminal.ts';

/** An RSA key takes seconds to find; what a key is does not matter here. */
const QUICK_PROFILES = {
  certificateAuthority: {
    subject: { commonName: 'Test CA' },
    key: { algorithm: 'EC', curve: 'P-256' },
    validityDays: 3650,
    keyUsage: ['keyCertSign'],
    extendedKeyUsage: [],
  },
  server: {
    subject: { commonName: 'Test server' },
    key: { algorithm: 'EC', curve: 'P-256' },
    validityDays: 365,
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
  },
  client: {
    subject: { commonName: 'Test client' },
    key: { algorithm: 'EC', curve: 'P-256' },
    validityDays: 365,
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
  },
};

export const AMBIENT: Ambient = {
  clock: { now: () => Date.now() },
  randomness: { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) },
};

/** A directory that is removed by `remove`. */
export async function aTemporaryDirectory(): Promise<{
  readonly path: string;
  /** Environment that makes new certificates quick. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'claviger-gateway-'));
  const profiles = join(path, 'profiles.json');
  await writeFile(profiles, JSON.stringify(QUICK_PROFILES));
  return {
    path,
    environment: { CLAVIGER_TLS__PROFILES_FILE: profiles },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly input?: string | Uint8Array;
  /** Whether the input is typed by a person. */
  readonly isTyped?: boolean;
}

export interface CommandRun {
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  out(): string;
  err(): string;
  /** What SIGTERM does to a process. */
  stop(): void;
  /** What SIGHUP does. */
  reload(): void;
  /** Resolves with a whole line of the output, as soon as there are so many. */
  outLine(number: number): Promise<string>;
}

/** Starts a command; the caller waits for its end. */
export function startCommand(args: readonly string[], options: RunOptions = {}): CommandRun {
  const out = collector();
  const err = collector();
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let onReload: () => void = () => {};
  const context: CommandContext = {
    terminal: {
      input: Object.assign(Readable.from(options.input === undefined ? [] : [options.input]), {
        isTTY: options.isTyped === true,
      }),
      out: out.channel,
      err: err.channel,
    },
    environment: options.environment ?? {},
    workingDirectory: options.workingDirectory ?? tmpdir(),
    ambient: AMBIENT,
    account: () => 'tester',
    listenForStop(onFirst) {
      let received = false;
      const noticed = stopped.then(() => {
        received = true;
        onFirst();
      });
      return { received: noticed, isReceived: () => received, release() {} };
    },
    listenForReload(onSignal) {
      onReload = onSignal;
      return () => {};
    },
  };
  const ended = runCommand(args, context);
  return {
    ended,
    out: out.text,
    err: err.text,
    stop,
    reload: () => onReload(),
    async outLine(number) {
      const end = ended.then((code) => {
        throw new Error(`The command ended with ${code}: ${err.text()}`);
      });
      return await Promise.race([out.line(number), end]);
    },
  };
}

export interface FinishedCommand {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function run(
  args: readonly string[],
  options: RunOptions = {},
): Promise<FinishedCommand> {
  const started = startCommand(args, options);
  const code = await started.ended;
  return { code, out: started.out(), err: started.err() };
}

export interface RunningGateway {
  readonly report: ReadyReport;
  readonly dataDir: string;
  /** Runs another command on the same data directory. */
  command(...args: readonly string[]): Promise<FinishedCommand>;
  /** Runs a KMIP command against the gateway. */
  kmip(...args: readonly string[]): Promise<FinishedCommand>;
  /** Asks the API, as whoever trusts the authority of the data directory does. */
  api(path: string, asked?: AskedApi): Promise<ApiAnswer>;
  /** Stops it; resolves with the exit code. */
  stop(): Promise<number>;
  err(): string;
}

export interface AskedApi {
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number | undefined;
  /** Parsed from JSON. */
  readonly body: unknown;
}

/** `claviger up` on free ports, ready. */
export async function aRunningGateway(
  directory: Awaited<ReturnType<typeof aTemporaryDirectory>>,
): Promise<RunningGateway> {
  const dataDir = join(directory.path, 'data');
  const { environment } = directory;
  const args = ['--data-dir', dataDir, '--kmip', '127.0.0.1:0', '--api', '127.0.0.1:0', '--json'];
  const started = startCommand(['up', ...args], { environment });
  // The line is this program's own report; its tests check the shape.
  const report = JSON.parse(await started.outLine(0)) as ReadyReport;
  const data = ['--data-dir', dataDir];
  return {
    report,
    dataDir,
    command: (...rest) => run([...rest, ...data], { environment }),
    kmip: (...rest) =>
      run(['kmip', ...rest, ...data, '--server', `127.0.0.1:${report.kmip.port}`], { environment }),
    api: async (path, asked) =>
      await askApi(report.api.port, await readFile(report.pki.caCertificate), path, asked),
    async stop() {
      started.stop();
      return await started.ended;
    },
    err: started.err,
  };
}

function askApi(
  port: number,
  ca: Uint8Array,
  path: string,
  { headers = {}, form }: AskedApi = {},
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const method = form === undefined ? 'GET' : 'POST';
    const to = { host: '127.0.0.1', port, path, ca: Buffer.from(ca), agent: false } as const;
    const sent = request({ ...to, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(form === undefined ? undefined : new URLSearchParams(form).toString());
  });
}

function collector(): {
  readonly channel: OutputChannel;
  text(): string;
  line(number: number): Promise<string>;
} {
  let collected = '';
  const waiting = new Set<() => void>();
  const stream = new Writable({
    write(chunk, _encoding, done) {
      collected += String(chunk);
      for (const notice of waiting) notice();
      done();
    },
  });
  return {
    channel: {
      stream,
      isTerminal: false,
      columns: undefined,
      colors: picocolors.createColors(false),
    },
    text: () => collected,
    line: (number) =>
      new Promise((resolve) => {
        const look = () => {
          const lines = collected.split('\n');
          const line = lines[number];
          if (line === undefined || number >= lines.length - 1) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
      }),
  };
}
