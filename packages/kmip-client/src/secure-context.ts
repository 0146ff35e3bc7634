/** The client's certificate, key and trust anchors, ready for connections. */

import { createSecureContext, type SecureContext } from 'node:tls';
import { KmipClientError } from './error.ts';
import type { KmipTlsOptions, Pem } from './options.ts';

/**
 * Loads the PEM once for all connections, so that a wrong file is reported at once.
 * @throws KmipClientError `tls-refused` when certificate and key cannot be used.
 */
export function loadSecureContext(options: KmipTlsOptions): SecureContext {
  const { ca, cert, key, passphrase, minVersion, maxVersion } = options;
  try {
    return createSecureContext({
      ca: isList(ca) ? ca.map(asNodePem) : asNodePem(ca),
      cert: asNodePem(cert),
      key: asNodePem(key),
      minVersion: minVersion ?? 'TLSv1.2',
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    throw new KmipClientError(
      'tls-refused',
      'tls.ca, tls.cert or tls.key cannot be used: each must be PEM, the key must belong to the certificate, and tls.passphrase must open it if it is encrypted',
      { cause },
    );
  }
}

function isList(ca: Pem | readonly Pem[]): ca is readonly Pem[] {
  return Array.isArray(ca);
}

/** Node's declarations know no bytes but Buffer; this one shares the caller's memory. */
function asNodePem(pem: Pem): string | Buffer {
  if (typeof pem === 'string') return pem;
  return Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength);
}
