import { collectorPeer } from './collector-peer.ts';
import { filePeer } from './file-peer.ts';
import { kafkaPeer } from './kafka-peer.ts';
import type { PeerStart } from './peer.ts';
import { rsyslogPeer } from './rsyslog-peer.ts';
import { s3Peer } from './s3-peer.ts';

/** Every kind of peer, by name; preparing one may fetch it. */
export const PEERS = {
  file: async () => filePeer,
  'HTTPS collector': async () => collectorPeer,
  rsyslogd: async () => rsyslogPeer(),
  'Kafka broker': kafkaPeer,
  'S3 store': s3Peer,
} satisfies Record<string, () => Promise<PeerStart>>;
