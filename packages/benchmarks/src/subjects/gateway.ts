/** The gateway as operators run it: the built program, on a data directory. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ownProgram } from '../own-program.ts';
import { runToEnd, startServer } from './server-process.ts';
import type { Subject } from './subject.ts';

export interface GatewaySubject extends Subject {
  readonly dataDirectory: string;
  readonly api: { readonly host: string; readonly port: number };
  readonly instanceId: string;
}

const Address = z.object({ host: z.string(), port: z.number() });
const ReadyLine = z.object({ kmip: Address, api: Address, instance: z.string() });

/**
 * What makes a server collect its garbage when it is told to, and write what memory is left.
 *
 * @param file - Where it writes that; beside it has to be room for a draft.
 */
export function collectorArguments(file: string): readonly string[] {
  const module = pathToFileURL(ownProgram('subjects/collector'));
  module.searchParams.set('file', file);
  return ['--expose-gc', '--import', module.href];
}

/** Of the start script, but for what bears on its output only. */
export const NODE_FLAGS = ['--disable-proto=delete', '--max-semi-space-size=16'] as const;

/**
 * @param node - The runtime that it is measured on.
 * @param nodeArguments - Of that runtime, beside the usual ones.
 */
export async function startGateway(
  node: string,
  dataDirectory: string,
  nodeArguments: readonly string[] = [],
): Promise<GatewaySubject> {
  const anyPort = '127.0.0.1:0';
  const server = await startServer({
    program: node,
    args: [
      ...[...NODE_FLAGS, '--disable-warning=ExperimentalWarning', ...nodeArguments],
      ...[mainProgram(), 'up', '--json'],
      ...['--data-dir', dataDirectory, '--kmip', anyPort, '--api', anyPort],
    ],
    readyLine: (line) => line.includes('"ready":true'),
  });
  const { kmip, api, instance } = ReadyLine.parse(JSON.parse(server.readyLine));
  const pki = join(dataDirectory, 'pki');
  return {
    ...server,
    ...kmip,
    api,
    instanceId: instance,
    dataDirectory,
    tls: {
      ca: join(pki, 'ca.crt'),
      cert: join(pki, 'client.crt'),
      key: join(pki, 'client.key'),
    },
  };
}

const MadeKey = z.object({ apikey: z.string() });

/** Makes an API key as an operator makes one. */
export async function makeApiKey(node: string, dataDirectory: string): Promise<string> {
  const command = ['apikey', 'create', '--data-dir', dataDirectory, '--role', 'Manager', '--json'];
  return MadeKey.parse(JSON.parse(await runToEnd(node, [mainProgram(), ...command]))).apikey;
}

/** CLAVIGER_MAIN names another build than that of this checkout. */
function mainProgram(): string {
  const main =
    env['CLAVIGER_MAIN'] ??
    fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));
  if (existsSync(main)) return main;
  throw new Error(`${main} is not there: build the gateway first, with \`pnpm build\`.`);
}
