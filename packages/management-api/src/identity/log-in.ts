/** Checks who shows an API key. Whoever asks learns nothing but that it did not work; the log learns why. */

import type { AuditEventInput, TargetInput } from '@claviger/audit-emitter';
import type { ApiKeyRecord, KeyStore } from '@claviger/key-store';
import { z } from 'zod';
import { apiKeyId, isApiKeyOf } from './api-key.ts';
import { APIKEY_GRANT } from './token-issuer.ts';

/** The form of a log-in; IBM's clients send more fields, which count for nothing. */
export const TokenRequest = z
  .looseObject({
    grant_type: z.string().describe(`Must be ${APIKEY_GRANT}.`),
    apikey: z.string().describe('The API key.'),
  })
  .meta({ id: 'TokenRequest', examples: [{ grant_type: APIKEY_GRANT, apikey: 'clv-...' }] });

/** A log-in that failed: the answer in the words of IBM's IAM, and what the event tells. */
export interface LoginFailure {
  readonly status: 400 | 429;
  readonly errorCode: string;
  readonly message: string;
  readonly target: TargetInput;
  readonly outcome: AuditEventInput['outcome'] & { readonly kind: 'failure' };
}

export type LoginResult =
  | { readonly kind: 'known'; readonly apiKey: ApiKeyRecord }
  /** `isGuess`: it was an attempt with a key, of which nobody may make many. */
  | { readonly kind: 'refused'; readonly failure: LoginFailure; readonly isGuess: boolean };

export async function logIn(
  store: Pick<KeyStore, 'findApiKey'>,
  { grant_type: grantType, apikey }: z.output<typeof TokenRequest>,
): Promise<LoginResult> {
  if (grantType !== APIKEY_GRANT) {
    const message = `The grant_type must be ${APIKEY_GRANT}.`;
    return refused({ ...unreadableForm(message), errorCode: 'BXNIM0106E' });
  }
  const id = apiKeyId(apikey);
  const record = id === undefined ? undefined : await store.findApiKey(id);
  if (record === undefined) return guessed('There is no such API key.', { kind: 'instance' });
  if (!isApiKeyOf(apikey, record)) {
    return guessed('The secret part of the API key is wrong.', apiKeyTarget(record));
  }
  if (record.revokedAt !== null) return guessed('The API key is revoked.', apiKeyTarget(record));
  return { kind: 'known', apiKey: record };
}

export function apiKeyTarget({ id, name }: Pick<ApiKeyRecord, 'id' | 'name'>): TargetInput {
  return { kind: 'resource', resourceType: 'apikey', id, name };
}

/** @param message - A sentence that is safe to show. */
export function unreadableForm(message: string): LoginFailure {
  return {
    status: 400,
    errorCode: 'BXNIM0109E',
    message,
    target: { kind: 'instance' },
    outcome: { kind: 'failure', errorCode: 'invalid-field', reasonText: message },
  };
}

export const TOO_MANY_FAILURES: LoginFailure = {
  status: 429,
  errorCode: 'BXNIM0430E',
  message: 'Too many failed log-ins; wait.',
  target: { kind: 'instance' },
  outcome: {
    kind: 'failure',
    errorCode: 'authentication-failed',
    reasonCode: 429,
    reasonText: 'Too many log-ins from there have failed.',
  },
};

function refused(failure: LoginFailure): LoginResult {
  return { kind: 'refused', failure, isGuess: false };
}

/** Unknown, wrong and revoked keys have one answer: 400 in IBM's dialect, and 401 in the log. */
function guessed(reasonText: string, target: TargetInput): LoginResult {
  const failure: LoginFailure = {
    status: 400,
    errorCode: 'BXNIM0415E',
    message: 'Provided API key could not be found.',
    target,
    outcome: { kind: 'failure', errorCode: 'authentication-failed', reasonText },
  };
  return { kind: 'refused', failure, isGuess: true };
}
