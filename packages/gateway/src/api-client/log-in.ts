import { z } from 'zod';
import { Failure } from '../failure.ts';
import { ApiRefusal } from './api-refusal.ts';
import { exchange, type HttpDestination } from './http-exchange.ts';

/** What an API key is worth for a while. */
export interface BearerToken {
  readonly accessToken: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const GRANT_TYPE = 'urn:ibm:params:oauth:grant-type:apikey';

const Token = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expiration: z.int(),
});
const Refusal = z.object({ errorCode: z.string(), errorMessage: z.string() });

/**
 * Gets a token for an API key.
 *
 * @throws ApiRefusal when the key is not known, or too many log-ins have failed; Failure `unreachable`.
 */
export async function logIn(to: HttpDestination, apiKey: string): Promise<BearerToken> {
  const { status, body } = await exchange(to, {
    method: 'POST',
    path: '/identity/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    content: new URLSearchParams({ grant_type: GRANT_TYPE, apikey: apiKey }).toString(),
  });
  const token = Token.safeParse(body);
  if (status === 200 && token.success) {
    return { accessToken: token.data.access_token, expiresAt: token.data.expiration };
  }
  const refusal = Refusal.safeParse(body);
  if (!refusal.success) {
    throw new Failure(
      'unreachable',
      `The log-in was answered with ${status} and no token: is this the API of a Claviger?`,
    );
  }
  const { errorCode, errorMessage } = refusal.data;
  throw new ApiRefusal(status, errorCode, `The log-in was refused: ${errorMessage}`);
}
