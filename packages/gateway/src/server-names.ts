/** What the servers are called: for their certificate. */
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { ServerNames } from '@claviger/pki';
import { parseEndpoint } from './config/endpoint.ts';
import type { Settings } from './config/settings-schema.ts';

type NamingSettings = Pick<Settings, 'tls' | 'kmip' | 'api'>;

/**
 * The names and addresses that the configuration states: of the listeners, by which clients know them,
 * and those for the certificate. A certificate that lacks one of them is no good for somebody.
 */
export function statedNames({ tls, kmip, api }: NamingSettings): ServerNames {
  const hosts = [
    ...kmip.listeners.flatMap(({ host, public_name }) => [
      host,
      ...(public_name === undefined ? [] : [parseEndpoint(public_name)?.host ?? '']),
    ]),
    api.host,
  ];
  return {
    dns: unique([...(tls.dns_names ?? []), ...hosts.filter(isDnsName)]),
    ips: unique([...(tls.ip_addresses ?? []), ...hosts.filter(isReachableAddress)]),
  };
}

/** All that a new certificate is made for: the stated names, and this machine's unless others are given. */
export function namesForCertificate(settings: NamingSettings): ServerNames {
  const stated = statedNames(settings);
  const own = namesOfThisMachine();
  const { dns_names, ip_addresses } = settings.tls;
  return {
    dns: unique([...(dns_names ?? own.dns), ...stated.dns]),
    ips: unique([...(ip_addresses ?? own.ips), ...stated.ips]),
  };
}

function namesOfThisMachine(): ServerNames {
  const name = hostname();
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .map(({ address }) => address)
    // Link-local addresses mean something only together with an interface.
    .filter((address) => !/^(?:fe80:|169\.254\.)/i.test(address));
  return {
    dns: unique([...(isDnsName(name) ? [name] : []), 'localhost']),
    ips: unique(['127.0.0.1', '::1', ...addresses]),
  };
}

/** Whether a name, of the system for itself for example, can stand in a certificate. */
function isDnsName(name: string): boolean {
  return (
    isIP(name) === 0 &&
    name.length <= 253 &&
    /^(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/.test(name)
  );
}

/** `0.0.0.0` and `::` listen everywhere and are no address of anybody. */
function isReachableAddress(host: string): boolean {
  return isIP(host) !== 0 && !host.includes('%') && host !== '0.0.0.0' && !/^[0:]+$/.test(host);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
