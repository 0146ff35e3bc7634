import { storedObjects } from '@claviger/kmip-server';
import {
  createManagementApi,
  type HealthHandlers,
  type ManagementApi,
  type TlsMaterial,
  type TokenSigningKey,
} from '@claviger/management-api';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings-schema.ts';
import type { KeyedInstallation } from '../installation.ts';

/** What only an API that listens on a network needs. */
export interface NetworkParts {
  readonly tls?: TlsMaterial;
  readonly health?: HealthHandlers;
  /** Asked for at each use. */
  tokenSigningKey(): Promise<TokenSigningKey>;
}

/** The management API of an installation, put together in one way for servers and for commands. */
export function managementApiOf(
  settings: Settings,
  log: Logger,
  installation: KeyedInstallation,
  network: NetworkParts,
): ManagementApi {
  const { store, keys, audit, instanceId, accountId, ambient } = installation;
  const { clock, randomness } = ambient;
  return createManagementApi(
    { store, keys, audit, clock, randomness, log, objects: storedObjects },
    {
      instanceId,
      accountId,
      cname: settings.audit.cloud,
      ctype: settings.audit.cloud_type,
      service: settings.audit.service,
      region: settings.audit.region,
      tls: network.tls,
      network: settings.api.network,
      // A name that stays, however the API is reached.
      issuer: `urn:uuid:${instanceId}`,
      tokenSigningKey: () => network.tokenSigningKey(),
      health: network.health,
    },
  );
}
