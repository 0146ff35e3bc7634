/** How the listener speaks TLS. */

import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';

/** Forward secrecy and authenticated encryption only; TLS 1.3 has its own, all good. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];

/** For clients that have nothing better: no forward secrecy, and CBC (RFC 5246, mandatory in KMIP 1.x). */
const OLD_CIPHERS = ['AES256-SHA256', 'AES128-SHA256'];

/**
 * How strong everything must be at least, in bits, on a listener for Suite B (KMIP Suite B Profile 1.0, RFC 6460).
 */
export type SuiteB = 'minLOS_128' | 'minLOS_192';

/**
 * Modes of OpenSSL, written as cipher suites: they fix the suites, the curves and the signatures of both sides, and
 * their certificates with them.
 */
const SUITE_B_MODES = {
  minLOS_128: 'SUITEB128',
  minLOS_192: 'SUITEB192',
} as const satisfies Record<SuiteB, string>;

/** The server's certificate, with its chain, and its key, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface TlsSettings {
  readonly handshakeTimeoutMs: number;
  /** Opens the cipher suites of old clients, after all others. */
  readonly oldClients: boolean;
  /** TLS 1.2 with what this level of Suite B has, and nothing else. */
  readonly suiteB?: SuiteB | undefined;
}

export function tlsOptions(
  { cert, key }: TlsIdentity,
  { handshakeTimeoutMs, oldClients, suiteB }: TlsSettings,
): TlsOptions {
  const others = [...CIPHERS, ...(oldClients ? OLD_CIPHERS : [])].join(':');
  return {
    cert,
    key,
    requestCert: true,
    // A client that we do not know still gets to see our certificate; it is refused afterwards.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxVersion: suiteB === undefined ? 'TLSv1.3' : 'TLSv1.2',
    ciphers: suiteB === undefined ? others : SUITE_B_MODES[suiteB],
    honorCipherOrder: true,
    // The principal is the certificate of the first handshake: there is no second one.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: handshakeTimeoutMs,
    // Without it, clients with a certificate cannot resume a session in TLS 1.2.
    sessionIdContext: 'claviger-kmip',
  };
}
