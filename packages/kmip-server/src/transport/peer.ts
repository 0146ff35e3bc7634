/** Who is on the other end of a connection, as far as TLS tells. */

import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type FingerprintAlgorithm, fingerprintOf } from '@claviger/pki';

export interface Peer {
  /** As the audit log shows it; undefined, as the others, when there was no certificate. */
  readonly fingerprint: string | undefined;
  readonly fingerprintSha256: string | undefined;
  readonly fingerprintSha1: string | undefined;
  readonly subject: string | undefined;
  /** Turned into PEM where it is needed: few peers are refused. */
  readonly certificate: Pick<X509Certificate, 'toString'> | undefined;
  /** Undefined when the connection has broken already. */
  readonly address: string | undefined;
}

/**
 * @param algorithm - Of the fingerprint that the audit log shows.
 * @param address - Of the client, which a balancer may have told.
 */
export function peerOf(
  socket: TLSSocket,
  algorithm: FingerprintAlgorithm,
  address: string | undefined,
): Peer {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return {
      fingerprint: undefined,
      fingerprintSha256: undefined,
      fingerprintSha1: undefined,
      subject: undefined,
      certificate: undefined,
      address,
    };
  }
  const fingerprintSha256 = fingerprintOf(certificate.raw, 'sha256');
  const sha1 = () => fingerprintOf(certificate.raw, 'sha1');
  return {
    fingerprint: algorithm === 'sha1' ? sha1() : fingerprintSha256,
    fingerprintSha256,
    // Read only where a peer is refused, as few are.
    get fingerprintSha1() {
      return sha1();
    },
    get subject() {
      return certificate.subject;
    },
    certificate,
    address,
  };
}
