/** What events tell of where a request came from, over networks that a gateway can tell apart. */

import { describe, expect, it } from 'vitest';
import { type Comparison, compareNetworks } from './compare-networks.ts';
import { HOST_ADDRESSES } from './hosts.ts';
import { makeNamespaces } from './namespaces.ts';

const TIMEOUT_MS = 180_000;

/** Both hosts did the same, and only the public one is located. */
function check({ events }: Comparison): void {
  const actions = events.private.map(({ action }) => action);
  expect(actions).toEqual([
    'hs-crypto.kmip-key.create',
    'hs-crypto.kmip-key.activate',
    'hs-crypto.kmip-key.read',
    'claviger.apikey.login',
    'hs-crypto.kmip-management.list',
  ]);
  expect(events.public.map(({ action }) => action)).toEqual(actions);
  for (const { initiator } of events.private) {
    expect(initiator.host?.address).toBeUndefined();
    expect(JSON.stringify(initiator)).not.toContain(HOST_ADDRESSES.private);
  }
  for (const { initiator } of events.public) {
    expect(initiator.host).toMatchObject({ address: HOST_ADDRESSES.public, addressType: 'IPv4' });
  }
}

const probe = await makeNamespaces();
const canMakeNamespaces = typeof probe !== 'string';
if (canMakeNamespaces) await probe.remove();

describe('the address of a client', () => {
  it(
    'is what a trusted balancer says, and is not shown when that is private',
    async () => check(await compareNetworks('proxy')),
    TIMEOUT_MS,
  );

  it.skipIf(!canMakeNamespaces)(
    'is that of its host, and is not shown when that is private (where namespaces can be made)',
    async () => {
      const comparison = await compareNetworks('namespaces');
      expect(comparison.means).toBe('namespaces');
      check(comparison);
    },
    TIMEOUT_MS,
  );
});
