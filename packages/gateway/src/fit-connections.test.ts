import { MAX_API_CONNECTIONS } from '@claviger/management-api';
import { describe, expect, it } from 'vitest';
import { type ListenerSettings, settingsSchema } from './config/settings-schema.ts';
import { MIN_DESCRIPTORS } from './descriptor-limit.ts';
import { fitConnections } from './fit-connections.ts';

function listeners(...maxConnections: readonly number[]): readonly ListenerSettings[] {
  const given = maxConnections.map((count) => ({ max_connections: count }));
  return settingsSchema.parse({ kmip: { listeners: given } }).kmip.listeners;
}

const bounds = (fitted: readonly ListenerSettings[]) =>
  fitted.map(({ max_connections }) => max_connections);

describe('connections', () => {
  it('stay as they are set while the process may open enough', () => {
    const set = listeners(8192, 1000);
    expect(fitConnections(set, 10_000)).toBe(set);
    expect(fitConnections(set, Number.POSITIVE_INFINITY)).toBe(set);
  });

  it('are lowered to what is left beside the API and the gateway itself', () => {
    const [fitted] = fitConnections(listeners(8192), 4096);
    const { max_connections = 0 } = fitted ?? {};
    expect(max_connections).toBeLessThan(4096 - MAX_API_CONNECTIONS - 50);
    expect(max_connections).toBeGreaterThan(3000);
    // One certificate, or one address, leaves as much to others as before.
    expect(fitted?.max_connections_per_certificate).toBe(max_connections / 2);
    expect(fitted?.max_handshakes_per_address).toBe(max_connections / 2);
  });

  it('are shared among listeners as they were set, and each has one', () => {
    const [large = 0, small = 0, single] = bounds(fitConnections(listeners(6000, 3000, 1), 2048));
    expect(large / small).toBeCloseTo(2, 1);
    expect(single).toBe(1);
  });

  it('are possible with the fewest descriptors that a start takes', () => {
    expect(bounds(fitConnections(listeners(8192), MIN_DESCRIPTORS))[0]).toBeGreaterThan(100);
  });
});
