import { inspect } from 'node:util';
import { KeyHierarchyError } from './error.ts';

const REDACTED = '[PlaintextKey redacted]';

/**
 * Key material in the clear, which cannot end up in a log by accident: printing, JSON and string
 * conversion show a fixed text, and the bytes are lent to a function rather than handed out.
 */
export class PlaintextKey {
  #bytes: Uint8Array | undefined;

  /** @param bytes - Copied; the caller still owns its own array and wipes it. */
  constructor(bytes: Uint8Array) {
    this.#bytes = new Uint8Array(bytes);
  }

  /**
   * Length in bytes.
   *
   * @throws KeyHierarchyError `wiped`.
   */
  get byteLength(): number {
    return this.#live().byteLength;
  }

  /**
   * Lends the bytes to `fn` and returns what it returns.
   *
   * @param fn - Synchronous. The bytes are a view that `wipe()` fills with zeros: what must live
   * longer is copied inside `fn`, and wiped by whoever copied it.
   * @throws KeyHierarchyError `wiped`.
   */
  use<T>(fn: (bytes: Uint8Array) => T): T {
    return fn(this.#live());
  }

  /** Overwrites the bytes with zeros. Using the key afterwards is an error; wiping again is not. */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }

  #live(): Uint8Array {
    if (this.#bytes === undefined) {
      throw new KeyHierarchyError('wiped', 'this key was wiped and cannot be used any more');
    }
    return this.#bytes;
  }
}
