/**
 * Renews the keys of session tickets. Whoever learns one can read the TLS 1.2 sessions that were resumed by it, so
 * it lives in memory alone, and for hours; Node keeps one at a time and never changes it by itself.
 */

import type { Server } from 'node:tls';

const TICKET_KEYS_BYTES = 48;

/** @param randomBytes - Called for each renewal; what it gives is wiped once the server has it. */
export function renewTicketKeys(
  server: Pick<Server, 'setTicketKeys'>,
  lifetimeMs: number,
  randomBytes: (count: number) => Uint8Array,
): { stop(): void } {
  const timer = setInterval(() => {
    const keys = randomBytes(TICKET_KEYS_BYTES);
    server.setTicketKeys(Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength));
    keys.fill(0);
  }, lifetimeMs).unref();
  return { stop: () => clearInterval(timer) };
}
