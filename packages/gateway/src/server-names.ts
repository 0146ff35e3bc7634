import { hostname, networkInterfaces } from 'node:os';

/** Names and addresses of this machine, for the certificate of its server. */
export function namesOfThisMachine(): {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
} {
  const name = hostname();
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .map(({ address }) => address)
    // Link-local addresses mean something only together with an interface.
    .filter((address) => !/^(?:fe80:|169\.254\.)/i.test(address));
  return {
    dns: [...new Set([...(isDnsName(name) ? [name] : []), 'localhost'])],
    ips: [...new Set(['127.0.0.1', '::1', ...addresses])],
  };
}

/** Whether the system's name for itself can stand in a certificate. */
function isDnsName(name: string): boolean {
  return name.length <= 253 && /^(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/.test(name);
}
