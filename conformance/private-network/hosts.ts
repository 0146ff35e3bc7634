/** The two hosts of the demonstration, and the gateway between them. */

import type { Address } from '../gateway-process.ts';

export type NetworkName = 'private' | 'public';

/** Addresses of private use, and of documentation (RFC 5737), which nobody routes. */
export const HOST_ADDRESSES = { private: '10.77.0.2', public: '203.0.113.2' } as const;
export const GATEWAY_ADDRESSES = { private: '10.77.0.1', public: '203.0.113.1' } as const;

/** Settings of the gateway: a public network, where addresses from 10.0.0.0/8 are private. */
export const NETWORK_SETTINGS = {
  CLAVIGER_KMIP__LISTENERS__0__NETWORK: 'public',
  CLAVIGER_KMIP__LISTENERS__0__PRIVATE_CIDRS: '10.0.0.0/8',
  CLAVIGER_API__NETWORK: 'public',
  CLAVIGER_API__PRIVATE_CIDRS: '10.0.0.0/8',
} as const;

/** Where a host finds the gateway, and how a program is run on that host. */
export interface Host {
  readonly network: NetworkName;
  readonly kmip: Address;
  readonly api: Address;
  /** Comes before the program. */
  readonly via: readonly string[];
}
