/**
 * Hashed passwords (2.1 §9.11): `Hash(S1 || Time Stamp) || S2`, where S1 is `Hash(Username || Password)`
 * and S2 `Hash(Password || Username)`. Checking one needs S1 and S2 themselves, which are as good as the
 * password here: no salted hash will do, and they are kept sealed.
 *
 * The Time Stamp is hashed as the eight bytes of its value in a message (2.1 §9.1.1.4).
 */

import { createHash, timingSafeEqual } from 'node:crypto';

/** Hashing Algorithms by what node:crypto calls them; SHA-256 unless the client says another. */
const ALGORITHMS = { SHA_256: 'sha256', SHA_384: 'sha384', SHA_512: 'sha512' } as const;
export type PasswordDigest = keyof typeof ALGORITHMS;

export const PASSWORD_DIGESTS = Object.keys(ALGORITHMS).filter(isPasswordDigest);

/** S1 and S2. */
export interface HashedHalves {
  readonly s1: Uint8Array;
  readonly s2: Uint8Array;
}

export function isPasswordDigest(name: string): name is PasswordDigest {
  return Object.hasOwn(ALGORITHMS, name);
}

export function hashedHalves(
  digest: PasswordDigest,
  username: string,
  password: string,
): HashedHalves {
  const name = Buffer.from(username, 'utf8');
  const secret = Buffer.from(password, 'utf8');
  return { s1: hash(digest, name, secret), s2: hash(digest, secret, name) };
}

/** @param timeStamp - POSIX microseconds. */
export function hashedPassword(
  digest: PasswordDigest,
  { s1, s2 }: HashedHalves,
  timeStamp: bigint,
): Uint8Array {
  return new Uint8Array(Buffer.concat([hash(digest, s1, bytesOf(timeStamp)), s2]));
}

export function isHashedPassword(
  digest: PasswordDigest,
  halves: HashedHalves,
  timeStamp: bigint,
  shown: Uint8Array,
): boolean {
  const expected = hashedPassword(digest, halves, timeStamp);
  return shown.byteLength === expected.byteLength && timingSafeEqual(shown, expected);
}

/** By which the server shows that it knows the password, too (2.1 §8.5): `Hash(Time Stamp || S1 || Hash(S2))`. */
export function serverHashedPassword(
  digest: PasswordDigest,
  { s1, s2 }: HashedHalves,
  timeStamp: bigint,
): Uint8Array {
  return hash(digest, bytesOf(timeStamp), s1, hash(digest, s2));
}

function hash(digest: PasswordDigest, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(ALGORITHMS[digest]);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

function bytesOf(timeStamp: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, timeStamp));
  return bytes;
}
