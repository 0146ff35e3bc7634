/** What can go wrong between a client and its server, and what to do about it. */

import type { EnumerationValue } from '@claviger/kmip-protocol';

export const KMIP_CLIENT_ERROR_CODES = [
  /** No TCP connection: name, address, port or network. */
  'connect-failed',
  /** TLS was not agreed on, or one side did not accept the other's certificate. */
  'tls-refused',
  /** Nothing came in time; whether a write was carried out is unknown. */
  'timeout',
  /** The connection or the client was closed before the answer; the same holds for a write. */
  'closed',
  /** What came is no KMIP, or no answer to what was asked. */
  'malformed-response',
  /** The server answered: no. */
  'operation-failed',
] as const;

export type KmipClientErrorCode = (typeof KMIP_CLIENT_ERROR_CODES)[number];

/** What a server says about an operation that it did not carry out (1.4 §6.9 to §6.11). */
export interface OperationFailure {
  readonly resultStatus: EnumerationValue<'ResultStatus'>;
  /** Undefined when the server gave none, against the specification. */
  readonly resultReason: EnumerationValue<'ResultReason'> | undefined;
  /** The server's own words, unchanged: not fit for a terminal as they are. */
  readonly resultMessage: string | undefined;
}

/**
 * The one error of this package.
 *
 * `message` says what was wrong and what to do next; it never holds a byte of a message or a key.
 * `operation`, `resultStatus`, `resultReason` and `resultMessage` are set for `operation-failed`.
 */
export class KmipClientError extends Error {
  override readonly name = 'KmipClientError';
  readonly code: KmipClientErrorCode;
  readonly operation: string | undefined;
  readonly resultStatus: OperationFailure['resultStatus'] | undefined;
  readonly resultReason: OperationFailure['resultReason'];
  readonly resultMessage: OperationFailure['resultMessage'];

  constructor(
    code: KmipClientErrorCode,
    message: string,
    details: ErrorOptions & { readonly operation?: string } & Partial<OperationFailure> = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.operation = details.operation;
    this.resultStatus = details.resultStatus;
    this.resultReason = details.resultReason;
    this.resultMessage = details.resultMessage;
  }
}

/** Longest part of a server's text that goes into a message, in UTF-16 code units. */
const MAX_QUOTED_LENGTH = 300;

/** The error for an operation that the server refused. */
export function operationFailed(operation: string, failure: OperationFailure): KmipClientError {
  const reason = failure.resultReason ?? failure.resultStatus;
  const words = failure.resultMessage;
  const quoted = words === undefined || words === '' ? '' : `: ${printable(words)}`;
  return new KmipClientError('operation-failed', `${operation} failed with ${reason}${quoted}`, {
    operation,
    ...failure,
  });
}

/** A server's text without what could steer a terminal. */
function printable(text: string): string {
  const cut = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}...` : text;
  return cut.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}
