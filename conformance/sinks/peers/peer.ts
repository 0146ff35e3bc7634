/** A receiver that events are delivered to, and that suffers. */

import type { SinkConfig } from '../sink-config.ts';

export interface Peer {
  /** How the sink finds it. */
  readonly sink: SinkConfig;
  /** Kills it, or breaks its connections, and brings it back. */
  harm(): Promise<void>;
  /** The text of every event that it has kept, in its own order. Read when all has been delivered. */
  received(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A peer, or what this machine lacks for it. */
export type PeerStart =
  | { readonly kind: 'ready'; start(directory: string): Promise<Peer> }
  | { readonly kind: 'missing'; readonly why: string };
