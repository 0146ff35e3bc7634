/**
 * One-time passwords (2.1 §9.11 leaves open which): those of RFC 6238, as authenticator programs and
 * tokens make them. Six digits for each half minute, by HMAC-SHA-1 over a secret of 20 bytes.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Of the secret. */
export const ONE_TIME_SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const DIGITS = 6;
/** Clocks differ: the password before and the one after are good, too (RFC 6238 §5.2). */
const STEPS_AROUND = [0, -1, 1] as const;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The password of a step: the number of half minutes since the epoch. */
export function oneTimePasswordAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  // RFC 4226 §5.3: the last four bits say where the number begins.
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / STEP_SECONDS);
}

/** The step that a password belongs to, around now; undefined when it is none of these. */
export function stepOfPassword(
  secret: Uint8Array,
  password: string,
  nowMs: number,
): number | undefined {
  const shown = Buffer.from(password, 'utf8');
  return STEPS_AROUND.map((around) => stepAt(nowMs) + around).find((step) => {
    const expected = Buffer.from(oneTimePasswordAt(secret, step), 'utf8');
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  });
}

/** The secret as authenticator programs take it: base32 (RFC 4648 §6), without padding. */
export function oneTimeSecretText(secret: Uint8Array): string {
  const bits = [...secret].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}
