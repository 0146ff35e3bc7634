/** Why a certificate, key, profile or folder of them cannot be used. */
export type PkiErrorCode =
  /** Neither PEM nor DER of a certificate. */
  | 'not-a-certificate'
  /** Neither PEM nor DER of a certificate signing request. */
  | 'not-a-request'
  /** A private key stands where a certificate or signing request belongs: it may have leaked. */
  | 'is-a-private-key'
  /** More than one certificate where one belongs. */
  | 'several-certificates'
  /** More than one signing request where one belongs. */
  | 'several-requests'
  /** A certificate, signing request or key that is damaged, or not encoded as the standard says. */
  | 'malformed'
  | 'too-large'
  /** The public key is of a kind that this program cannot use. */
  | 'unsupported-key'
  /** The public key can be broken: it proves nothing. */
  | 'weak-key'
  /** A signature made with a broken hash, or in a way that is not known. */
  | 'weak-signature'
  /** Who made the signing request does not have the private key to its public key. */
  | 'bad-signature'
  | 'not-a-fingerprint'
  /** The certificate profiles are missing or wrong. */
  | 'invalid-profile'
  /** A password that does not open what it should. */
  | 'wrong-password'
  /** Encrypted in a way that this program does not open. */
  | 'unsupported-encryption'
  /** A name, address, validity, password or authority from which nothing can be made. */
  | 'invalid-request'
  /** Not a rule that a subject can be compared with. */
  | 'invalid-subject-rule'
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
