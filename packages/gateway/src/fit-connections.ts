/** Keeps the connections of all listeners within what the process may have open. */
import { MAX_API_CONNECTIONS } from '@claviger/management-api';
import type { ListenerSettings } from './config/settings-schema.ts';

/** For the gateway itself: threads, database, listeners, sinks, and files that are read now and then. */
const OWN_DESCRIPTORS = 128;

/**
 * Without a descriptor nothing works as it should: the system drops connections and tells nobody, and
 * neither keys nor certificates can be read. So there are never as many connections.
 *
 * @param limit - Descriptors that the process may have open.
 * @returns the listeners with bounds that fit, each with its share; the same ones where all fit.
 */
export function fitConnections(
  listeners: readonly ListenerSettings[],
  limit: number,
): readonly ListenerSettings[] {
  const room = limit - OWN_DESCRIPTORS - MAX_API_CONNECTIONS;
  const wanted = listeners.reduce((sum, { max_connections }) => sum + max_connections, 0);
  if (wanted <= room) return listeners;
  const shareOf = (count: number) => Math.max(1, Math.floor((count * room) / wanted));
  return listeners.map((listener) => ({
    ...listener,
    max_connections: shareOf(listener.max_connections),
    max_connections_per_certificate: shareOf(listener.max_connections_per_certificate),
    max_handshakes_per_address: shareOf(listener.max_handshakes_per_address),
  }));
}
