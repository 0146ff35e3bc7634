import { createCredentialMaker, storedObjects } from '@claviger/kmip-server';
import {
  type AnsweredRequest,
  type ClientCertificateIssuer,
  type ClientEndpoints,
  createManagementApi,
  type ExternalIssuerOptions,
  type HealthHandlers,
  isRole,
  type ManagementApi,
  type ManagementApiOptions,
  type Role,
  type TlsMaterial,
  type TokenSigningKey,
} from '@claviger/management-api';
import type { Logger } from 'pino';
import { clientAuthorityOf } from '../client-authority.ts';
import { inRanges } from '../config/address-ranges.ts';
import type { ApiSettings } from '../config/api-settings.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { KeyedInstallation } from '../installation.ts';
import { createProxyReader } from './proxy-reader.ts';

/** What an API has from whoever runs it; only one that listens on a network needs all of it. */
export interface NetworkParts {
  readonly tls?: TlsMaterial;
  readonly health?: HealthHandlers;
  /** Asked for at each use. */
  tokenSigningKey(): Promise<TokenSigningKey>;
  /** Signs the certificates of clients; that of the settings unless told. */
  readonly clientCertificates?: ClientCertificateIssuer;
  /** Clients that the gateway connects to, by the settings. */
  clientEndpoints(): Promise<ClientEndpoints>;
  onAnswered?(request: AnsweredRequest): void;
  watchRequest?: ManagementApiOptions['watchRequest'];
}

const SECOND_MS = 1000;
/** Addresses that are remembered for their failed log-ins. */
const MAX_ADDRESSES = 10_000;

/**
 * The management API of an installation, put together in one way for servers and for commands.
 *
 * @throws PkiError when the profiles of certificates cannot be read.
 */
export async function managementApiOf(
  settings: Settings,
  log: Logger,
  installation: KeyedInstallation,
  network: NetworkParts,
): Promise<ManagementApi> {
  const { store, keys, audit, instanceId, accountId, ambient, directory } = installation;
  const { clock, randomness } = ambient;
  const { api } = settings;
  const { onAnswered, watchRequest } = network;
  return createManagementApi(
    {
      store,
      keys,
      audit,
      clock,
      randomness,
      log,
      objects: storedObjects,
      credentials: createCredentialMaker({ keys, randomness }),
      clientEndpoints: () => network.clientEndpoints(),
    },
    {
      instanceId,
      accountId,
      cname: settings.audit.cloud,
      ctype: settings.audit.cloud_type,
      service: settings.audit.service,
      region: settings.audit.region,
      tls: network.tls,
      network: api.network,
      isPrivateAddress: inRanges(api.private_cidrs),
      ...(api.trusted_proxies.length > 0 && {
        readClientAddress: createProxyReader(inRanges(api.trusted_proxies), log),
      }),
      // A name that stays, however the API is reached.
      issuer: `urn:uuid:${instanceId}`,
      tokenSigningKey: () => network.tokenSigningKey(),
      tokenLifetimeSeconds: api.token_lifetime_seconds,
      oidc: api.oidc.map(externalIssuerOf),
      allowWeakCertificates: api.allow_weak_certificates,
      clientCertificates:
        network.clientCertificates ?? (await clientAuthorityOf(settings, directory, clock.now)),
      keyActionDelays: {
        enableAfterMs: api.root_key_enable_seconds * SECOND_MS,
        rotateAfterMs: api.root_key_rotate_seconds * SECOND_MS,
      },
      loginLimits: {
        maxFailures: api.login_max_failures,
        windowMs: api.login_window_seconds * SECOND_MS,
        maxAddresses: MAX_ADDRESSES,
      },
      health: network.health,
      ...(onAnswered !== undefined && { onAnswered }),
      ...(watchRequest !== undefined && { watchRequest }),
    },
  );
}

function externalIssuerOf(settings: ApiSettings['oidc'][number]): ExternalIssuerOptions {
  const { issuer, jwks_url, audience, role_claim, roles } = settings;
  return {
    issuer,
    jwksUrl: jwks_url,
    audience,
    roleClaim: role_claim,
    roles: Object.fromEntries(roles.flatMap(roleEntry)),
  };
}

/** `TEXT=ROLE`, where the text may have equals signs, as names of groups do. */
function roleEntry(entry: string): readonly (readonly [string, Role])[] {
  const at = entry.lastIndexOf('=');
  const role = entry.slice(at + 1);
  return isRole(role) ? [[entry.slice(0, at), role]] : [];
}
