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
      connectionOpened: (handshake) => seen.push(handshake),
      connectionClosed: () => seen.push('closed'),
      connectionRefused: (reason) => seen.push(reason),
      handshakeFailed: (kind) => seen.push(kind),
      overloaded: (is) => seen.push(is),
      requestsWaiting: (change) => seen.push(change),
      messageBegun: () => {
        seen.push('begun');
        return { ended: ({ version, items }) => seen.push({ version, items }) };
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
    { operation: 'DiscoverVersions', outcome: 'success', reason: undefined },
    { operation: 'Query', outcome: 'success', reason: undefined },
  ];
  const opened = { protocol: 'TLSv1.3', isResumed: false };
  expect(seen.splice(0)).toEqual([
    opened,
    'begun',
    { version: '1.4', items },
    'begun',
    { version: undefined, items: [] },
    'closed',
  ]);

  expect(await startRawClient(rig, rig.stranger).next()).toBeUndefined();
  await startRawClient(rig, rig.stranger, {
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  }).closed;
  await vi.waitUntil(() => seen.length === 2);
  expect(seen).toEqual(['unknown-certificate', 'old-protocol']);
});

it('is told when a session was resumed', async () => {
  const { seen, observer } = collector();
  const rig = await startRig({ observer });
  onTestFinished(() => rig.close());
  const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const first = await connectRawClient(rig, undefined, tls12);
  first.write(aMessage('1.4', [QUERY]));
  await first.next();
  const session = first.socket.getSession();
  first.socket.destroy();
  const second = await connectRawClient(rig, undefined, { ...tls12, ...(session && { session }) });
  second.write(aMessage('1.4', [QUERY]));
  await second.next();
  second.socket.destroy();
  const handshakes = seen.filter((item) => Object.hasOwn(Object(item), 'isResumed'));
  expect(handshakes).toEqual([
    { protocol: 'TLSv1.2', isResumed: false },
    { protocol: 'TLSv1.2', isResumed: true },
  ]);
});
