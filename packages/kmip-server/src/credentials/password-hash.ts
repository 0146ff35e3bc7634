/**
 * Passwords as they are kept: scrypt (RFC 7914) with a salt of their own. Hashing runs beside the event
 * loop, few at a time: each takes 16 MiB, and a flood of wrong passwords must not take them all.
 */

import { scrypt, timingSafeEqual } from 'node:crypto';
import { ClavigerError } from '@claviger/kmip-protocol';

/** 16 MiB and some 50 ms of one core for each hash. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** How many hashes are computed at once, and how many may wait. */
const MAX_RUNNING = 2;
const MAX_WAITING = 64;

/** Parameters, salt and hash: `scrypt$16384$8$1$SALT$HASH`, both in base64url. */
const VERIFIER = /^scrypt\$16384\$8\$1\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

export interface PasswordHashes {
  /** @returns the verifier of a password. @throws ClavigerError `overloaded`. */
  make(password: string): Promise<string>;
  /**
   * Whether a password is the one of the verifier; in constant time.
   *
   * @param verifier - Nothing stands for a password that nobody has: it takes as long, and is wrong.
   * @throws ClavigerError `overloaded`; `internal` for a verifier that is damaged.
   */
  matches(password: string, verifier: string | undefined): Promise<boolean>;
}

export function createPasswordHashes(randomBytes: (count: number) => Uint8Array): PasswordHashes {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function hash(password: string, salt: Uint8Array): Promise<Uint8Array> {
    if (running < MAX_RUNNING) {
      running += 1;
    } else {
      if (waiting.length >= MAX_WAITING) {
        throw new ClavigerError(
          'overloaded',
          'too many passwords are being checked at once; try again later',
        );
      }
      await new Promise<void>((begin) => waiting.push(begin)); // whoever ends hands its place on
    }
    try {
      return await compute(password, salt);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    async make(password) {
      const salt = randomBytes(SALT_BYTES);
      const parts = [salt, await hash(password, salt)];
      const texts = parts.map((bytes) => Buffer.from(bytes).toString('base64url'));
      return ['scrypt', COST.N, COST.r, COST.p, ...texts].join('$');
    },

    async matches(password, verifier) {
      if (verifier === undefined) {
        await hash(password, new Uint8Array(SALT_BYTES));
        return false;
      }
      const [, salt = '', expected = ''] = VERIFIER.exec(verifier) ?? [];
      if (expected === '') {
        throw new ClavigerError('internal', 'the verifier of a credential is damaged');
      }
      const found = await hash(password, Buffer.from(salt, 'base64url'));
      return timingSafeEqual(found, Buffer.from(expected, 'base64url'));
    },
  };
}

/** NFC: the same password typed on two systems is the same bytes. */
function compute(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
