/** How a command finds the API: on another machine, in a gateway that runs here, or in its own process. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ApiConnection } from '../api-client/api-connection.ts';
import type { HttpDestination } from '../api-client/http-exchange.ts';
import { connectInProcess } from '../api-client/in-process-connection.ts';
import { createManagementClient, type ManagementClient } from '../api-client/management-client.ts';
import { type Credential, connectRemotely } from '../api-client/remote-connection.ts';
import { connectToSocket } from '../api-client/socket-connection.ts';
import { dataDirectoryAt } from '../data-directory.ts';
import { Failure } from '../failure.ts';
import { readSecretFile } from '../secret-file.ts';
import type { CommandContext } from './command-context.ts';
import { type DataOptions, settingsOf, withDataOptions, withOutputOptions } from './options.ts';

/** Where an API on another machine is, and by what it is asked. */
export interface RemoteApiOptions {
  readonly url?: string;
  readonly instance?: string;
  readonly caFile?: string;
  readonly apiKeyFile?: string;
  readonly tokenFile?: string;
}

export interface ApiOptions extends DataOptions, RemoteApiOptions {}

const MAX_CREDENTIAL_BYTES = 16 * 1024;

const URL_OPTION = [
  '--url <url>',
  'API of a gateway elsewhere, e.g. https://kmip.example:8443 (CLAVIGER_URL)',
] as const;

/** For commands that call the API. */
export function withApiOptions(command: Command): Command {
  return withDataOptions(
    command
      .option(...URL_OPTION)
      .option('--api-key-file <file>', 'its API key, mode 0600 (or CLAVIGER_API_KEY)')
      .option('--token-file <file>', 'a bearer token instead, mode 0600 (or CLAVIGER_TOKEN)')
      .option('--ca-file <file>', 'authority of its certificate, PEM (CLAVIGER_CA_FILE)')
      .option('--instance <uuid>', 'its instance, if the token does not say (CLAVIGER_INSTANCE)'),
  );
}

/** For what is of use only with an API on another machine. */
export function withLogInOptions(command: Command): Command {
  return withOutputOptions(
    command
      .option(...URL_OPTION)
      .option('--api-key-file <file>', 'its API key, mode 0600 (or CLAVIGER_API_KEY)')
      .option('--ca-file <file>', 'authority of its certificate, PEM (CLAVIGER_CA_FILE)'),
  );
}

/**
 * Calls the API for the time of one piece of work. Without a URL it is that of the data directory: over
 * the socket of the gateway that runs on it, or in this process when none does.
 */
export async function withApi<T>(
  context: CommandContext,
  options: ApiOptions,
  work: (client: ManagementClient) => Promise<T>,
): Promise<T> {
  const connection = await connect(context, options);
  try {
    return await work(createManagementClient(connection));
  } finally {
    await connection.close();
  }
}

async function connect(context: CommandContext, options: ApiOptions): Promise<ApiConnection> {
  const isLocal = options.dataDir !== undefined || options.config !== undefined;
  if (options.url !== undefined && isLocal) {
    throw new Failure(
      'usage',
      '--url is for a gateway elsewhere, --data-dir and --config for one on this machine: give one of them.',
    );
  }
  if (!isLocal && urlOf(context, options) !== undefined) {
    return await connectRemotely({
      to: await destinationOf(context, options),
      credential: await credentialOf(context, options),
      instanceId: options.instance ?? variable(context, 'INSTANCE'),
    });
  }
  const settings = await settingsOf(context, options);
  const account = printableAccount(context.account());
  const { apiSocketPath } = dataDirectoryAt(settings.data_dir);
  const running = await connectToSocket(apiSocketPath, account);
  if (running !== undefined) return running;
  const { isTerminal, colors, stream } = context.terminal.err;
  return await connectInProcess(settings, context.ambient, account, {
    isTerminal,
    colors: colors.isColorSupported,
    stream: stream === process.stderr ? undefined : stream,
  });
}

/**
 * Where the API is that the options or the environment name.
 *
 * @throws Failure `usage` when they name none, or no HTTPS; `data` when the authority cannot be read.
 */
export async function destinationOf(
  context: CommandContext,
  options: RemoteApiOptions,
): Promise<HttpDestination> {
  const text = urlOf(context, options);
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') {
    throw new Failure(
      'usage',
      `--url must name the API, e.g. https://kmip.example:8443${text === undefined ? '' : '; an API key is sent over HTTPS only'}.`,
    );
  }
  const caFile = options.caFile ?? variable(context, 'CA_FILE');
  return {
    kind: 'https',
    url,
    ca: caFile === undefined ? undefined : await readCa(resolve(context.workingDirectory, caFile)),
  };
}

/** @throws Failure `usage` when there is none, `data` when its file cannot be used. */
export async function apiKeyOf(
  context: CommandContext,
  options: RemoteApiOptions,
): Promise<string | undefined> {
  const file = options.apiKeyFile ?? variable(context, 'API_KEY_FILE');
  return file === undefined
    ? variable(context, 'API_KEY')
    : await readCredential(context, 'API key file', file);
}

async function credentialOf(
  context: CommandContext,
  options: RemoteApiOptions,
): Promise<Credential> {
  // What stands on the command line counts more than the environment.
  if (options.tokenFile !== undefined) {
    return {
      kind: 'token',
      token: await readCredential(context, 'token file', options.tokenFile),
    };
  }
  const apiKey = await apiKeyOf(context, options);
  if (apiKey !== undefined) return { kind: 'api-key', apiKey };
  const tokenFile = variable(context, 'TOKEN_FILE');
  const token =
    tokenFile === undefined
      ? variable(context, 'TOKEN')
      : await readCredential(context, 'token file', tokenFile);
  if (token !== undefined) return { kind: 'token', token };
  throw new Failure(
    'usage',
    'The API needs an API key or a token: name a file with --api-key-file or --token-file, or set CLAVIGER_API_KEY or CLAVIGER_TOKEN. `claviger apikey create` makes a key.',
  );
}

async function readCredential(
  { workingDirectory }: CommandContext,
  what: string,
  file: string,
): Promise<string> {
  const path = resolve(workingDirectory, file);
  const bytes = await readSecretFile(what, path, MAX_CREDENTIAL_BYTES);
  const text = Buffer.from(bytes).toString('utf8').trim();
  bytes.fill(0);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Failure('data', `The ${what} ${path} must hold one line of visible characters.`);
}

async function readCa(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `The authority ${path} cannot be read (${code}).`, { cause });
  }
}

function urlOf(context: CommandContext, { url }: RemoteApiOptions): string | undefined {
  return url ?? variable(context, 'URL');
}

function variable({ environment }: CommandContext, name: string): string | undefined {
  const text = environment[`CLAVIGER_${name}`];
  return text === '' ? undefined : text;
}

/** Accounts of a directory service may have names that no header can hold. */
function printableAccount(account: string): string {
  return (
    account
      .replace(/[^\w.@+-]/g, '_')
      .replace(/^[.@+-]/, '_')
      .slice(0, 64) || 'unknown'
  );
}
