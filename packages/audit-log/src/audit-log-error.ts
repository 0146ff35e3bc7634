export type AuditLogErrorCode =
  /** A key, a note or a proof is not of its form. */
  | 'malformed'
  /** A signature is missing or wrong, or a key is not one of the log's. */
  | 'untrusted'
  /** A file is missing or cannot be read or written. */
  | 'inaccessible'
  /** What the store answers contradicts what was signed: nothing more is signed over it. */
  | 'contradiction';

/** The one error of this package; `message` says what was wrong, never what it holds. */
export class AuditLogError extends Error {
  override readonly name = 'AuditLogError';
  readonly code: AuditLogErrorCode;

  constructor(code: AuditLogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
