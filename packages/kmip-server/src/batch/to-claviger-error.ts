import { StoreError } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';

/**
 * Whether the log has the cause and the client a text without it: faults of the server, or of what it
 * stands on.
 */
export function isFault({ code }: ClavigerError): boolean {
  return code === 'internal' || code === 'unavailable';
}

/**
 * Anything unexpected is `internal`: the client learns nothing of it, the log all. What the store says
 * of itself, a client may know in two words.
 */
export function toClavigerError(cause: unknown): ClavigerError {
  if (cause instanceof ClavigerError) return cause;
  if (cause instanceof StoreError && cause.code === 'overloaded') {
    return new ClavigerError('overloaded', 'the key store is busy; try again later', { cause });
  }
  if (cause instanceof StoreError && cause.code !== 'invalid') {
    return new ClavigerError('unavailable', 'the key store does not answer; try again later', {
      cause,
    });
  }
  return new ClavigerError('internal', 'the server could not do this; its log says why', { cause });
}
