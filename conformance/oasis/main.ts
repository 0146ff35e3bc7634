/**
 * `pnpm conformance --cases DIR`: plays the OASIS test cases against a gateway of its own, or against any
 * server. Exits with 0 only when no case failed.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { createKmipNames } from '@claviger/kmip-protocol';
import { Command } from 'commander';
import { SET_UP_CASES } from './case-needs.ts';
import { connectTls, type Identity } from './connection.ts';
import { connectHttps } from './https-connection.ts';
import { startOwnGateway } from './own-gateway.ts';
import { SYSTEM_CLOCK } from './play-case.ts';
import { findTestCases, readTestCase, TestCaseError } from './read-test-case.ts';
import { countResults, toJson, toJunit, toPassList, toTable } from './report.ts';
import { type CaseResult, runSuite, type Server } from './run-suite.ts';
import { caseLabel, type TestCase } from './test-case.ts';

interface Options {
  readonly cases: readonly string[];
  readonly filter?: RegExp;
  readonly server?: { readonly host: string; readonly port: number };
  readonly https?: { readonly host: string; readonly port: number };
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly certB?: string;
  readonly keyB?: string;
  readonly certC?: string;
  readonly keyC?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly listPassed?: string;
  readonly verbose?: boolean;
}

const ANSWER_TIMEOUT_MS = 30_000;
const REPEAT_TIMEOUT_MS = 30_000;

const program = new Command('conformance')
  .description(
    'Plays the OASIS KMIP test cases against a KMIP server, by default against a gateway of its own (build it first).',
  )
  .requiredOption(
    '--cases <directory>',
    'where the XML files are, also in folders below; may be given several times',
    (directory: string, before: readonly string[] = []) => [...before, directory],
  )
  .option(
    '--filter <pattern>',
    'only the cases VERSION/NAME that match',
    (text) => new RegExp(text),
  )
  .option('--server <host:port>', 'the server to test', parseAddress)
  .option(
    '--https <host:port>',
    'where it takes messages by POST /kmip; without, the cases for that go as TTLV',
    parseAddress,
  )
  .option('--cert <file>', 'certificate of the client (PEM)')
  .option('--key <file>', 'its private key (PEM)')
  .option('--ca <file>', "what the server's certificate is checked against (PEM)")
  .option('--cert-b <file>', 'certificate of a second client that shares the objects of the first')
  .option('--key-b <file>', 'its private key')
  .option('--cert-c <file>', 'certificate of a third client')
  .option('--key-c <file>', 'its private key')
  .option('--json <file>', 'write the results as JSON')
  .option('--junit <file>', 'write the results as JUnit XML')
  .option('--list-passed <file>', 'write the names of the cases that passed, for must-pass.json')
  .option('--verbose', 'print request, expected and actual message of each failure')
  .parse(argv);

try {
  exit(await main(program.opts<Options>()));
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(2);
}

async function main(options: Options): Promise<number> {
  const { found, unreadable } = readAll(options.cases);
  const isSelected = (each: { name: string; version: string }) =>
    options.filter?.test(caseLabel(each)) !== false;
  const selected = found.filter(isSelected);
  const broken = unreadable.filter(isSelected);
  if (selected.length + broken.length === 0) {
    stderr.write('There are no cases to play: look at --cases and --filter.\n');
    return 2;
  }
  for (const result of broken) print(result, options);
  const { server, stop } = await openServer(options);
  try {
    const setUps = readAll([SET_UP_CASES]).found;
    const played = await runSuite(selected, [...found, ...setUps], {
      server,
      clock: SYSTEM_CLOCK,
      answerTimeoutMs: ANSWER_TIMEOUT_MS,
      repeatTimeoutMs: REPEAT_TIMEOUT_MS,
      onResult: (result) => print(result, options),
    });
    return finish([...played, ...broken], options);
  } finally {
    await stop();
  }
}

/** A file that cannot be read is a case that fails: none may be lost without a word. */
function readAll(directories: readonly string[]): {
  readonly found: readonly TestCase[];
  readonly unreadable: readonly CaseResult[];
} {
  const names = createKmipNames();
  const found: TestCase[] = [];
  const unreadable: CaseResult[] = [];
  for (const path of directories.flatMap(findTestCases)) {
    try {
      found.push(readTestCase(path, names));
    } catch (error) {
      if (!(error instanceof TestCaseError)) throw error;
      const { message: reason } = error;
      const { name, version } = error.testCase;
      const report = `${reason}\n`;
      unreadable.push({ name, version, result: 'fail', reason, report, seconds: 0 });
    }
  }
  return { found, unreadable };
}

async function openServer(
  options: Options,
): Promise<{ readonly server: Server; readonly stop: () => Promise<void> }> {
  if (options.server === undefined) {
    const gateway = await startOwnGateway();
    return { server: gateway, stop: () => gateway.stop() };
  }
  const address = { ...options.server, ca: read(options.ca, '--ca') };
  const https = options.https && { ...options.https, ca: address.ca };
  const first = identity(options.cert, options.key, '--cert and --key');
  const others: Readonly<Record<string, Identity>> = {
    ...(options.certB !== undefined && {
      B: identity(options.certB, options.keyB, '--cert-b and --key-b'),
    }),
    ...(options.certC !== undefined && {
      C: identity(options.certC, options.keyC, '--cert-c and --key-c'),
    }),
  };
  const server: Server = {
    parallel: 1,
    isolatesCases: false,
    async peersFor(_label, _clients, contentType) {
      return {
        async connect(client) {
          const identity = others[client] ?? first;
          return https === undefined || contentType === undefined
            ? await connectTls(address, identity)
            : connectHttps(https, identity, contentType);
        },
      };
    },
  };
  return { server, stop: async () => {} };
}

function identity(cert: string | undefined, key: string | undefined, names: string): Identity {
  return { cert: read(cert, names), key: read(key, names) };
}

function read(path: string | undefined, name: string): string {
  if (path === undefined) return refuse(`--server needs ${name}.`);
  return readFileSync(path, 'utf8');
}

function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const found = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[^:]+)):(?<port>\d{1,5})$/i.exec(text)?.groups;
  const host = found?.['v6'] ?? found?.['name'];
  if (host === undefined) return refuse('--server and --https take HOST:PORT.');
  return { host, port: Number(found?.['port']) };
}

function refuse(message: string): never {
  stderr.write(`${message}\n`);
  exit(2);
}

function print({ result, reason, report, ...testCase }: CaseResult, { verbose }: Options): void {
  stdout.write(
    `${result.padEnd(9)}  ${caseLabel(testCase)}${reason === undefined ? '' : `: ${reason}`}\n`,
  );
  if (verbose === true && report !== undefined)
    stdout.write(`${report.replaceAll(/^/gm, '    ').trimEnd()}\n`);
}

function finish(results: readonly CaseResult[], options: Options): number {
  const { passed, failed, deviations } = countResults(results);
  stdout.write(`\n${toTable(results)}\n`);
  stdout.write(`${passed} passed, ${failed} failed, ${deviations} deviations\n`);
  if (options.json !== undefined) writeFileSync(options.json, toJson(results));
  if (options.junit !== undefined) writeFileSync(options.junit, toJunit(results));
  if (options.listPassed !== undefined) writeFileSync(options.listPassed, toPassList(results));
  return failed === 0 ? 0 : 1;
}
