/** How a sink trusts its receiver, and shows itself to it. */

import { DeliveryError } from './sink.ts';

/** Read anew for each connection, so that a renewed certificate needs no restart. */
export interface TlsMaterial {
  /** PEM: authorities that the receiver's certificate must come from, instead of the system's. */
  readonly ca?: string | undefined;
  /** PEM: the certificate that is shown to the receiver, with `key`. */
  readonly certificate?: string | undefined;
  /** PEM: the private key of `certificate`. */
  readonly key?: string | undefined;
}

/** Reads certificates and keys from where they are kept. */
export type ReadTls = () => Promise<TlsMaterial>;

/** Reads a secret, e.g. a token, from where it is kept. What it rejects with must not hold the secret. */
export type ReadSecret = () => Promise<string>;

/** @throws DeliveryError `misconfigured` when something cannot be read. */
export function loadTls(readTls: ReadTls): Promise<TlsMaterial> {
  return readTls().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `a certificate or key cannot be read: ${reason}`;
    throw new DeliveryError('misconfigured', message, { cause: error });
  });
}

/** In the words of `node:tls`; TLS 1.2 is the least. */
export function toTlsConnectOptions({ ca, certificate, key }: TlsMaterial) {
  return {
    minVersion: 'TLSv1.2' as const,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Codes of `node:tls` and OpenSSL that say that the two sides do not trust each other. */
export function isTrustFailure(code: string): boolean {
  return (
    /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code) ||
    code === 'ERR_OSSL_PEM_NO_START_LINE'
  );
}
