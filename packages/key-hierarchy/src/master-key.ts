import { hkdfSync } from 'node:crypto';
import { openEnvelope, type RandomBytes, sealEnvelope, WRAPPING_KEY_BYTES } from './envelope.ts';
import type { WrapContext } from './envelope-context.ts';
import { KeyHierarchyError } from './error.ts';
import { PlaintextKey } from './plaintext-key.ts';

/** The key at the top. Its bytes never leave the provider; it wraps root keys and nothing else. */
export interface MasterKey {
  /**
   * Names the key, so that a wrong one can be told: the same key has the same id wherever it is
   * opened. 32 hexadecimal digits that say nothing about the key; safe to store and to show.
   */
  readonly id: string;
  /**
   * Wraps `plaintext` for one context. Reads the plaintext only; the caller wipes it.
   *
   * @throws KeyHierarchyError `closed`; `invalid-argument`.
   */
  wrap(plaintext: Uint8Array, context: WrapContext): Uint8Array;
  /**
   * Unwraps what `wrap` made for the same context, into a fresh array that the caller wipes.
   *
   * @throws KeyHierarchyError `integrity`, naming this master key; `closed`.
   */
  unwrap(blob: Uint8Array, context: WrapContext): Uint8Array;
  /** Wipes the key. Using it afterwards is an error; closing again is not. */
  close(): void;
}

const ID_BYTES = 16;
const ID_INFO = 'claviger master key id 1';

/**
 * A master key whose bytes are in this process: what the file and the passphrase provider open.
 *
 * @param bytes - 32 bytes, copied; the caller wipes its own.
 * @throws KeyHierarchyError `invalid-argument` for another length.
 */
export function createMasterKey(bytes: Uint8Array, randomBytes: RandomBytes): MasterKey {
  if (bytes.length !== WRAPPING_KEY_BYTES) {
    throw new KeyHierarchyError(
      'invalid-argument',
      `a master key has ${WRAPPING_KEY_BYTES} bytes, not ${bytes.length}`,
    );
  }
  const id = Buffer.from(hkdfSync('sha256', bytes, '', ID_INFO, ID_BYTES)).toString('hex');
  const key = new PlaintextKey(bytes);
  let closed = false;

  function useOpen<T>(fn: (key: Uint8Array) => T): T {
    if (closed) {
      throw new KeyHierarchyError('closed', `master key ${id} is closed`);
    }
    return key.use(fn);
  }

  return {
    id,
    wrap: (plaintext, context) =>
      useOpen((master) => sealEnvelope(master, plaintext, context, randomBytes)),
    unwrap(blob, context) {
      try {
        return useOpen((master) => openEnvelope(master, blob, context));
      } catch (error) {
        if (error instanceof KeyHierarchyError && error.code === 'integrity') {
          throw new KeyHierarchyError(
            'integrity',
            `${error.message} (the master key in use is ${id})`,
            { cause: error },
          );
        }
        throw error;
      }
    },
    close() {
      closed = true;
      key.wipe();
    },
  };
}
