/** How a batch proves where it comes from. Secrets are read for each batch: a new one counts at once. */

import { createHmac } from 'node:crypto';
import { DeliveryError } from '../sink.ts';
import type { ReadSecret } from '../tls-options.ts';

export type Authorization =
  /** A token in a header: `Authorization: Bearer ...` unless told. */
  | {
      readonly kind: 'token';
      readonly readSecret: ReadSecret;
      /** Default `Authorization`. */
      readonly header?: string | undefined;
      /** What stands before the token; default `Bearer`, empty for the token alone. */
      readonly scheme?: string | undefined;
    }
  /**
   * `Claviger-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA-256, under the secret's bytes, over the seconds, a
   * full stop, and the body before compression.
   */
  | { readonly kind: 'hmac'; readonly readSecret: ReadSecret };

export const SIGNATURE_HEADER = 'Claviger-Signature';

/**
 * @param body - Before compression.
 * @param now - Milliseconds since the epoch.
 * @throws DeliveryError `misconfigured` when the secret cannot be read or is empty.
 */
export async function authorizationHeaders(
  authorization: Authorization | undefined,
  body: Uint8Array,
  now: number,
): Promise<Record<string, string>> {
  if (authorization === undefined) return {};
  const secret = await loadSecret(authorization.readSecret);
  if (authorization.kind === 'token') {
    const { header = 'Authorization', scheme = 'Bearer' } = authorization;
    return { [header]: scheme === '' ? secret : `${scheme} ${secret}` };
  }
  const seconds = Math.floor(now / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return { [SIGNATURE_HEADER]: `t=${seconds},v1=${mac}` };
}

/** Without white space at its ends, as files have it. The error never tells what was read. */
export async function loadSecret(readSecret: ReadSecret): Promise<string> {
  const secret = (await readSecret().catch(unreadable)).trim();
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(secret)) {
    throw new DeliveryError('misconfigured', 'the secret is empty or has characters beyond ASCII');
  }
  return secret;
}

function unreadable(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new DeliveryError('misconfigured', `a secret cannot be read: ${reason}`, { cause: error });
}
