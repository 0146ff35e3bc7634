/**
 * A full collection of garbage each so many connections. What the runtime holds for a TLS connection outside of its
 * heap, some kilobytes with the client's certificate, outlives the small collections, and is no reason for a full
 * one: without this, a site of 2,000 machines costs the process hundreds of megabytes before the heap alone asks.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KmipServerObserver } from '@claviger/kmip-server';

/** About 30 MB, and 20 to 50 ms of the event loop for ten seconds or more of handshakes. */
const CONNECTIONS = 5000;

/**
 * The observer, which collects besides.
 *
 * @param collect - A full collection; called between other work, not within what is observed.
 */
export function collectAfterConnections<
  Observer extends Pick<KmipServerObserver, 'connectionClosed'>,
>(observer: Observer, collect: () => void, connections = CONNECTIONS): Observer {
  let closed = 0;
  return {
    ...observer,
    connectionClosed() {
      observer.connectionClosed();
      closed += 1;
      if (closed % connections === 0) setImmediate(collect);
    },
  };
}

/** The runtime's own collection. Node hands it only to who asks by a flag. */
export function findGarbageCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => {};
  return () => void collect();
}
