/** Who is on the other end of a connection, as far as TLS tells. */

import { X509Certificate } from 'node:crypto';
import type { PeerCertificate, TLSSocket } from 'node:tls';
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
  const der = derOf(socket);
  if (der === undefined) {
    return {
      fingerprint: undefined,
      fingerprintSha256: undefined,
      fingerprintSha1: undefined,
      subject: undefined,
      certificate: undefined,
      address,
    };
  }
  const fingerprintSha256 = fingerprintOf(der, 'sha256');
  const sha1 = () => fingerprintOf(der, 'sha1');
  return {
    fingerprint: algorithm === 'sha1' ? sha1() : fingerprintSha256,
    fingerprintSha256,
    // What follows is read only where a peer is refused, as few are.
    get fingerprintSha1() {
      return sha1();
    },
    get subject() {
      return new X509Certificate(der).subject;
    },
    get certificate() {
      return new X509Certificate(der);
    },
    address,
  };
}

/**
 * Of the client's certificate; undefined when it has sent none. The runtime's `getPeerX509Certificate` would do, but
 * each call of it loses the certificates that the client has sent besides its own: some 5 KB a connection.
 */
function derOf(socket: TLSSocket): Uint8Array | undefined {
  // Null on a socket that has ended, an empty object without a certificate: the types say neither.
  const certificate: Partial<PeerCertificate> | null = socket.getPeerCertificate(false);
  return certificate?.raw;
}
