/** KMIP clients of a gateway under test. */

import { readFileSync } from 'node:fs';
import { createKmipClient, type KmipClient, type KmipClientOptions } from '@claviger/kmip-client';
import type { GatewayProcess } from './gateway-process.ts';

/** Certificate and key, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

type Options = Partial<Omit<KmipClientOptions, 'host' | 'port' | 'tls'>>;

/** The identity of the adapter `vcenter`, which `claviger up` makes. */
export function ownIdentity({ pki }: GatewayProcess): Identity {
  return {
    cert: readFileSync(pki.clientCertificate, 'utf8'),
    key: readFileSync(pki.clientKey, 'utf8'),
  };
}

/** Makes a client that trusts the gateway's own authority. Close it. */
export function clientOf(
  gateway: GatewayProcess,
  { cert, key }: Identity = ownIdentity(gateway),
  options: Options = {},
): KmipClient {
  return createKmipClient({
    ...gateway.kmip,
    tls: { ca: readFileSync(gateway.pki.ca, 'utf8'), cert, key },
    ...options,
  });
}
