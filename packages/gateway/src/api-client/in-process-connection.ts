/** The API in this process, over a data directory on which no gateway runs. */

import type { ServerToClient } from '@claviger/kmip-server';
import { managementApiOf } from '../api/management-api-of.ts';
import { openTokenSigningKey } from '../api/token-signing-key.ts';
import type { Settings } from '../config/settings-schema.ts';
import { type Ambient, openKeyedInstallation } from '../installation.ts';
import { createLogger, type LogTarget } from '../logger.ts';
import { serverToClientOf } from '../server-to-client/server-to-client-of.ts';
import type { ApiConnection } from './api-connection.ts';
import { refusalIn } from './api-refusal.ts';

/**
 * @param account - Name of the account that calls; stands in events.
 * @throws Failure `data` when there is no Claviger in the directory; what opening it throws.
 */
export async function connectInProcess(
  settings: Settings,
  ambient: Ambient,
  account: string,
  errors: LogTarget,
): Promise<ApiConnection> {
  const installation = await openKeyedInstallation(settings, ambient);
  const { tokenSigningKeyPath } = installation.directory;
  // A command says how it ended; of the log only what went wrong beside that is of interest.
  const level = settings.log.level === 'debug' ? 'debug' : 'error';
  const log = createLogger({ ...settings.log, level }, errors);
  const { uuid } = ambient.randomness;
  // Its certificates are read when a command is about clients, and not before.
  let clients: Promise<ServerToClient> | undefined;
  const api = await managementApiOf(settings, log, installation, {
    tokenSigningKey: () => openTokenSigningKey(tokenSigningKeyPath, uuid),
    async clientEndpoints() {
      clients ??= serverToClientOf(settings.kmip.client_endpoints, installation, log);
      return (await clients).operator;
    },
  }).catch(async (error: unknown) => {
    await installation.close();
    throw error;
  });
  return {
    async call(method, path, body) {
      const answer = await api.callLocally({ method, path, body, account });
      return { status: answer.status, body: answer.body };
    },
    async stream(path, { accept, lastEventId, signal }) {
      const call = { method: 'GET', path, account, accept, lastEventId } as const;
      const { status, body } = await api.streamLocally(call);
      if (status !== 200) throw refusalIn({ status, body: JSON.parse(await textOf(body)) });
      return piecesOf(body, signal);
    },
    async close() {
      await api.close();
      // What kept it from being opened was told to whoever asked for it.
      await (await clients?.catch(() => undefined))?.close();
      await installation.close();
    },
  };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* piecesOf(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunks = body[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    while (!signal.aborted) {
      const next = await Promise.race([chunks.next(), stopped]);
      if (next === undefined || next.done) return;
      yield decoder.decode(next.value, { stream: true });
    }
  } finally {
    // Not waited for: a stream that is silent would only end with its next heartbeat.
    chunks.return?.().catch(() => undefined);
  }
}
