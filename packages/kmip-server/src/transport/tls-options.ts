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
].join(':');

/** @param identity - The server's certificate and key in PEM. */
export function tlsOptions(
  identity: { readonly cert: string; readonly key: string },
  handshakeTimeoutMs: number,
): TlsOptions {
  return {
    cert: identity.cert,
    key: identity.key,
    requestCert: true,
    // A client that we do not know still gets to see our certificate; it is refused afterwards.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // The principal is the certificate of the first handshake: there is no second one.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: handshakeTimeoutMs,
    // Without it, clients with a certificate cannot resume a session in TLS 1.2.
    sessionIdContext: 'claviger-kmip',
    noDelay: true,
  };
}
