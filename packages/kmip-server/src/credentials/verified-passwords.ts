/**
 * Passwords that were found right a short while ago, so that a client that shows its password with each
 * request pays for one hash in five minutes. What is remembered is an HMAC under a key that lives as long
 * as the process: no password, and nothing to guess it by elsewhere.
 */

import { createHmac } from 'node:crypto';
import type { Clock } from '../dependencies.ts';

export const REMEMBERED_MS = 5 * 60_000;
const MAX_REMEMBERED = 1_000;
const KEY_BYTES = 32;

export interface VerifiedPasswords {
  /**
   * Whether a password is right. Those that ask the same at once share one answer.
   * @param isRight - Computes it, when it is not remembered.
   */
  check(verifier: string, password: string, isRight: () => Promise<boolean>): Promise<boolean>;
}

export function createVerifiedPasswords(
  clock: Clock,
  randomBytes: (count: number) => Uint8Array,
): VerifiedPasswords {
  let key: Uint8Array | undefined;
  /** Ends by what was right; the oldest first. */
  const ends = new Map<string, number>();
  const running = new Map<string, Promise<boolean>>();

  /** Together with the verifier: another password of the same credential is another entry. */
  function entryOf(verifier: string, password: string): string {
    key ??= randomBytes(KEY_BYTES);
    const mac = createHmac('sha256', key).update(verifier, 'utf8').update('\0');
    return mac.update(password.normalize('NFC'), 'utf8').digest('base64');
  }

  function remember(entry: string): void {
    ends.delete(entry);
    const [oldest] = ends.keys();
    if (oldest !== undefined && ends.size >= MAX_REMEMBERED) ends.delete(oldest);
    ends.set(entry, clock.now() + REMEMBERED_MS);
  }

  async function compute(entry: string, isRight: () => Promise<boolean>): Promise<boolean> {
    try {
      const right = await isRight();
      if (right) remember(entry);
      return right;
    } finally {
      running.delete(entry);
    }
  }

  return {
    async check(verifier, password, isRight) {
      const entry = entryOf(verifier, password);
      const end = ends.get(entry);
      if (end !== undefined && end > clock.now()) return true;
      const same = running.get(entry);
      if (same !== undefined) return await same;
      const computed = compute(entry, isRight);
      running.set(entry, computed);
      return await computed;
    },
  };
}
