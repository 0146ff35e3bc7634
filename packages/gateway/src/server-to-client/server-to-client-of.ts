/** What the gateway sends to clients of its own accord, from its settings. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createServerRequests, serverRequestsOver } from '@claviger/kmip-client';
import {
  type ConfiguredEndpoint,
  createServerToClient,
  type ServerToClient,
} from '@claviger/kmip-server';
import type { Logger } from 'pino';
import type { ClientEndpointSettings } from '../config/client-endpoint-settings.ts';
import { Failure } from '../failure.ts';
import type { KeyedInstallation } from '../installation.ts';
import { readPemPair } from '../pem-pair.ts';
import { STEADY_CLOCK } from '../steady-clock.ts';
import { clientRequestsOf } from './client-requests-of.ts';

/** Of connections whose roles a client has turned: it waits at their end. */
const TURNED = { maxWaiting: 1_000, giveUpAfterMs: 60_000 };

/**
 * Connects to nobody yet.
 *
 * @throws Failure `data`, PkiError for a certificate or key that cannot be used; each names the file.
 */
export async function serverToClientOf(
  settings: readonly ClientEndpointSettings[],
  { store, keys, audit, ambient }: KeyedInstallation,
  log: Logger,
): Promise<ServerToClient> {
  const { clock, randomness } = ambient;
  return createServerToClient(
    { store, keys, audit, clock, steadyClock: STEADY_CLOCK, randomness, log },
    {
      endpoints: await Promise.all(settings.map(endpointOf)),
      requestsOver: (exchange) => clientRequestsOf(serverRequestsOver(exchange, async () => {})),
      wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
      ...TURNED,
    },
  );
}

async function endpointOf(settings: ClientEndpointSettings): Promise<ConfiguredEndpoint> {
  const { adapter, host, port, ca_file, certificate_file, key_file, server_name } = settings;
  const paths = { certificatePath: certificate_file, keyPath: key_file };
  const { cert, key } = await readPemPair(`client endpoint ${host}`, paths, 'owner-only');
  const tls = { ca: await readAuthorities(ca_file), cert, key, servername: server_name };
  return {
    adapter,
    requestURI: `kmip://${host.includes(':') ? `[${host}]` : host}:${port}`,
    version: settings.version,
    putsNewObjects: settings.put_new_objects,
    notifies: settings.notify,
    maxWaiting: settings.max_waiting,
    giveUpAfterMs: settings.give_up_seconds * 1_000,
    requests: clientRequestsOf(createServerRequests({ host, port, tls })),
  };
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure(
      'data',
      `The authorities of a client endpoint, ${path}, cannot be read (${code}).`,
      { cause },
    );
  }
}
