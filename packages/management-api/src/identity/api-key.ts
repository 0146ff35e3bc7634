/** API keys: what a person or program logs in with. Only a salted hash of a key is ever kept. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKeyRecord } from '@claviger/key-store';
import type { Clock, Randomness } from '../dependencies.ts';
import type { Role } from './roles.ts';

export interface NewApiKey {
  /** Handed out once: nobody can read it again. */
  readonly apiKey: string;
  readonly record: ApiKeyRecord;
}

const SECRET_BYTES = 32;
const SALT_BYTES = 16;
/** The id in front finds the record, so that one hash is compared instead of all. */
const FORM = /^clv-(?<id>[0-9a-f]{32})-(?<secret>[A-Za-z0-9_-]{43})$/;

/**
 * Makes an API key of 256 random bits. The caller commits the record (`insert-api-key`).
 *
 * @param createdBy - IAM id of whoever made it; null for the command line of the machine.
 */
export function newApiKey(
  { clock, randomness }: { readonly clock: Clock; readonly randomness: Randomness },
  request: { readonly name: string; readonly role: Role; readonly createdBy: string | null },
): NewApiKey {
  const id = randomness.uuid();
  const secretBytes = randomness.bytes(SECRET_BYTES);
  const secret = Buffer.from(secretBytes).toString('base64url');
  secretBytes.fill(0);
  const apiKey = `clv-${id.replaceAll('-', '')}-${secret}`;
  const salt = randomness.bytes(SALT_BYTES);
  return {
    apiKey,
    record: {
      id,
      name: request.name,
      role: request.role,
      salt,
      saltedHash: saltedHash(salt, apiKey),
      createdAt: clock.now(),
      createdBy: request.createdBy,
      revokedAt: null,
      revokedBy: null,
    },
  };
}

/** The id in an API key; undefined when the text has not the form of one. */
export function apiKeyId(apiKey: string): string | undefined {
  const digits = FORM.exec(apiKey)?.groups?.['id'];
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Whether the key is the one of the record, in a time that does not depend on how much is right. */
export function isApiKeyOf(apiKey: string, record: ApiKeyRecord): boolean {
  const hash = saltedHash(record.salt, apiKey);
  return hash.length === record.saltedHash.length && timingSafeEqual(hash, record.saltedHash);
}

/** One round of SHA-256 is enough: nobody guesses 256 random bits, however fast guessing is. */
function saltedHash(salt: Uint8Array, apiKey: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(salt).update(apiKey).digest());
}
