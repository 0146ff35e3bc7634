/** Node's and OpenSSL's errors in words that say what to do. One row for each kind of failure. */

import { KmipClientError, type KmipClientErrorCode } from './error.ts';

/** How far a connection got: nothing yet, TCP, TLS. */
export type ConnectionPhase = 'connecting' | 'handshaking' | 'open';

interface FailureRow {
  readonly pattern: RegExp;
  readonly code: KmipClientErrorCode;
  readonly advice: string;
}

/** The first row whose pattern fits Node's error code. */
const ROWS: readonly FailureRow[] = [
  {
    pattern: /^ECONNREFUSED$/,
    code: 'connect-failed',
    advice: 'nothing listens there: check host, port and that the server runs',
  },
  {
    pattern: /^(ENOTFOUND|EAI_)/,
    code: 'connect-failed',
    advice: 'the host name cannot be resolved: check its spelling and the name service',
  },
  {
    pattern: /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    code: 'connect-failed',
    advice: 'the host cannot be reached: check the address, routes and firewalls',
  },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'tls-refused',
    advice:
      "the server's certificate does not hold this name: connect by a name that it holds, or set tls.servername",
  },
  {
    pattern: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    code: 'tls-refused',
    advice: "the server's certificate is not valid at this time: renew it, or correct the clock",
  },
  {
    pattern: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|INVALID_PURPOSE)/,
    code: 'tls-refused',
    advice:
      "the server's certificate does not lead to a trusted one: give tls.ca the certificate of the CA that signed it",
  },
  {
    pattern: /^ERR_SSL_(WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG)/,
    code: 'tls-refused',
    advice: 'what answers there does not speak TLS: check the port',
  },
  {
    pattern: /^ERR_SSL_.*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|NO_PROTOCOLS)/,
    code: 'tls-refused',
    advice:
      'the two sides have no TLS version or cipher in common: compare tls.minVersion and tls.maxVersion with the server',
  },
  {
    pattern: /^ERR_SSL_.*ALERT/,
    code: 'tls-refused',
    advice:
      "the server refused the client's certificate: check that it is registered with an adapter, not revoked and not expired",
  },
  { pattern: /^ERR_(SSL|TLS)_/, code: 'tls-refused', advice: 'TLS could not be agreed on' },
];

/** What the caller of a request without an answer has to know. */
const AFTERMATH =
  'Whether a request that changes something was carried out is unknown: look with Locate or Get Attributes before it is repeated';

/** Where and when a connection failed. */
export interface FailurePlace {
  /** `host:port`. */
  readonly address: string;
  readonly phase: ConnectionPhase;
  /** Whether the server answered a request on this connection before. */
  readonly hasAnswered: boolean;
}

/**
 * The error for a connection that failed or was closed by the server.
 * @param cause - Undefined when the server closed it without an error.
 */
export function connectionFailure(
  place: FailurePlace,
  cause: NodeJS.ErrnoException | undefined,
): KmipClientError {
  const { address, phase, hasAnswered } = place;
  const nodeCode = cause?.code ?? '';
  const row = hasAnswered ? undefined : ROWS.find(({ pattern }) => pattern.test(nodeCode));
  if (row !== undefined && (row.code === 'tls-refused' || phase === 'connecting')) {
    const message = `No connection to ${address} (${nodeCode}): ${row.advice}`;
    return new KmipClientError(row.code, message, { cause });
  }
  if (phase === 'connecting') {
    const message = `No connection to ${address} (${nodeCode}): check host, port and network`;
    return new KmipClientError('connect-failed', message, { cause });
  }
  if (phase === 'handshaking') {
    const message = `${address} closed the connection during the TLS handshake: check that it is a KMIP port, and that the client certificate is registered with an adapter`;
    return new KmipClientError('tls-refused', message, { cause });
  }
  const message = hasAnswered
    ? `${address} closed the connection before it answered. ${AFTERMATH}`
    : `${address} closed the connection without an answer right after the TLS handshake: the client certificate is probably not registered with an adapter, or its adapter is disabled`;
  return new KmipClientError('closed', message, { cause });
}

/** The error for a request whose answer did not come in time. */
export function answerTimeout(address: string, requestTimeoutMs: number): KmipClientError {
  return new KmipClientError(
    'timeout',
    `No answer from ${address} within ${requestTimeoutMs} ms. ${AFTERMATH}`,
  );
}
