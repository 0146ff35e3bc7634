/** How the KMIP commands reach their server and prove who they are. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createKmipClient, type KmipClient } from '@claviger/kmip-client';
import { VERSIONS, type Version } from '@claviger/kmip-protocol';
import { type Command, Option } from 'commander';
import type { Endpoint } from '../../config/endpoint.ts';
import { dataDirectoryAt } from '../../data-directory.ts';
import { Failure } from '../../failure.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, endpointArgument, settingsOf, withDataOptions } from '../options.ts';

export interface ConnectionOptions extends DataOptions {
  readonly server: Endpoint;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly servername?: string;
  readonly kmipVersion: Version | 'negotiate';
}

export function withConnectionOptions(command: Command): Command {
  const local: Endpoint = { host: '127.0.0.1', port: 5696 };
  return withDataOptions(
    command
      .addOption(
        new Option('--server <host:port>', 'KMIP server')
          .argParser(endpointArgument)
          .default(local, '127.0.0.1:5696'),
      )
      .option('--cert <file>', 'client certificate, PEM (default: pki/client.crt)')
      .option('--key <file>', 'its private key, PEM (default: pki/client.key)')
      .option('--ca <file>', 'what the server certificate must lead to, PEM (default: pki/ca.crt)')
      .option('--servername <name>', 'name in the server certificate, when it is not the host')
      .addOption(
        new Option('--kmip-version <version>', 'version of the protocol')
          .choices([...VERSIONS, 'negotiate'])
          .default('1.4'),
      ),
  );
}

/** Connects for the time of one piece of work. */
export async function withClient<T>(
  context: CommandContext,
  options: ConnectionOptions,
  work: (client: KmipClient) => Promise<T>,
): Promise<T> {
  const settings = await settingsOf(context, options);
  const { pkiPath } = dataDirectoryAt(settings.data_dir);
  const load = (given: string | undefined, name: string): Promise<string> =>
    given === undefined
      ? readPem(
          join(pkiPath, name),
          'Start a gateway with `claviger up`, or name the files with --data-dir or with --cert, --key and --ca.',
        )
      : readPem(resolve(context.workingDirectory, given), 'Check its name.');
  const client = createKmipClient({
    host: options.server.host,
    port: options.server.port,
    protocolVersion: options.kmipVersion,
    tls: {
      cert: await load(options.cert, 'client.crt'),
      key: await load(options.key, 'client.key'),
      ca: await load(options.ca, 'ca.crt'),
      servername: options.servername,
    },
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function readPem(path: string, advice: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `${path} cannot be read (${code}). ${advice}`, { cause });
  }
}
