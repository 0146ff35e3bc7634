/** Why a key cannot be opened, made or used. */
export type KeyHierarchyErrorCode =
  /** There is no key or parameter file, and none may be made. */
  | 'key-file-missing'
  /** Others than the owner may read or write the file. */
  | 'key-file-permissions'
  /** The file is there but does not hold what it should. */
  | 'key-file-malformed'
  /** The operating system refuses to read or write the file. */
  | 'key-file-inaccessible'
  | 'wrong-passphrase'
  /** The passphrase for a new master key is too short. */
  | 'weak-passphrase'
  /** Wrapped bytes were altered, belong elsewhere, or were wrapped by another key. */
  | 'integrity'
  /** An argument that no caller should pass: an empty id, a version below zero, ... */
  | 'invalid-argument'
  /** The key was wiped before. */
  | 'wiped'
  /** The hierarchy or the master key is closed. */
  | 'closed';

/** The one error of this package; `message` says what to do and never holds a byte of a key. */
export class KeyHierarchyError extends Error {
  override readonly name = 'KeyHierarchyError';
  readonly code: KeyHierarchyErrorCode;

  constructor(code: KeyHierarchyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
