import { expect, it, onTestFinished, vi } from 'vitest';
import { aMessage } from './messages.fixtures.ts';
import type { KmipServerObserver } from './observer.ts';
import { DISCOVER_VERSIONS, QUERY } from './requests.fixtures.ts';
import { startRig } from './server.fixtures.ts';
import { connectRawClient, startRawClient } from './transport/raw-client.fixtures.ts';

function collector(): { readonly seen: unknown[]; readonly observer: KmipServerObserver } {
  const seen: unknown[] = [];
  return {
    seen,
    observer: {
      connectionOpened: () => seen.push('opened'),
      connectionClosed: () => seen.push('closed'),
      connectionRefused: (reason) => seen.push(reason),
      handshakeFailed: (kind) => seen.push(kind),
      messageBegun: () => {
        seen.push('begun');
        return (message) => seen.push(message);
      },
    },
  };
}

it('is told of connections, of messages when they begin and end, and of refusals', async () => {
  const { seen, observer } = collector();
  const rig = await startRig({ observer });
  onTestFinished(() => rig.close());
  const client = await connectRawClient(rig);
  client.write(aMessage('1.4', [DISCOVER_VERSIONS, QUERY]));
  await client.next();
  client.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(await client.next()).toBeUndefined();
  client.socket.destroy();
  await vi.waitUntil(() => seen.at(-1) === 'closed');
  const items = [
    { operation: 'DiscoverVersions', outcome: 'success' },
    { operation: 'Query', outcome: 'success' },
  ];
  expect(seen.splice(0)).toEqual(['opened', 'begun', { items }, 'begun', { items: [] }, 'closed']);

  expect(await startRawClient(rig, rig.stranger).next()).toBeUndefined();
  await startRawClient(rig, rig.stranger, {
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  }).closed;
  await vi.waitUntil(() => seen.length === 2);
  expect(seen).toEqual(['unknown-certificate', 'old-protocol']);
});
