/** Why a certificate, key, profile or folder of them cannot be used. */
export type PkiErrorCode =
  /** Neither PEM nor DER of a certificate. */
  | 'not-a-certificate'
  /** A private key stands where a certificate belongs: it may have leaked. */
  | 'is-a-private-key'
  /** More than one certificate where one belongs. */
  | 'several-certificates'
  /** A certificate or key that is damaged, or not encoded as the standard says. */
  | 'malformed'
  | 'too-large'
  /** The public key is of a kind that this program cannot use. */
  | 'unsupported-key'
  | 'not-a-fingerprint'
  /** The certificate profiles are missing or wrong. */
  | 'invalid-profile'
  /** A name, address or authority from which no certificate can be made. */
  | 'invalid-request'
  /** A certificate is there without its key, a key without its certificate, or both without the CA. */
  | 'incomplete-pair'
  /** Key and certificate, or certificate and CA, do not belong together. */
  | 'mismatched-pair'
  /** The operating system refuses to read or write a file. */
  | 'inaccessible';

/** The one error of this package; `message` says what to do and never holds a byte of a key. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
