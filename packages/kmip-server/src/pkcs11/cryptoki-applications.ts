/**
 * Which clients have called C_Initialize and not yet C_Finalize (PKCS #11 3.0 §5.4): in memory, for as long as
 * the process lives. A client names itself by the Correlation Value that it got (2.1 §6.1.37), which is good
 * for its own certificate only.
 */

import { ClavigerError } from '@claviger/kmip-protocol';
import type { Randomness } from '../dependencies.ts';
import type { TicketOwner } from '../tickets/login-tickets.ts';

/** In all; whoever is too many is told to end others first. */
export const MAX_APPLICATIONS = 4096;

const CORRELATION_BYTES = 16;

export interface CryptokiApplications {
  forMessage(): MessageApplications;
}

/** The applications as one message has them: what it begins and ends counts for others with its commit. */
export interface MessageApplications {
  /**
   * @returns the Correlation Value for what the client calls from now on.
   * @throws ClavigerError `overloaded`.
   */
  initialize(owner: TicketOwner): Uint8Array;
  isInitialized(owner: TicketOwner, correlationValue: Uint8Array | undefined): boolean;
  finalize(owner: TicketOwner, correlationValue: Uint8Array): void;
  /** The message is durable: from now on it is as it wants. */
  keep(): void;
  /** Forgets what the message wanted. */
  discard(): void;
}

export function createCryptokiApplications(
  randomness: Pick<Randomness, 'bytes'>,
): CryptokiApplications {
  const applications = new Set<string>();
  return { forMessage };

  function forMessage(): MessageApplications {
    const begun = new Set<string>();
    const ended = new Set<string>();
    return {
      initialize(owner) {
        if (applications.size + begun.size >= MAX_APPLICATIONS) {
          throw new ClavigerError(
            'overloaded',
            `${MAX_APPLICATIONS} applications are initialized at present; end some by C_Finalize first`,
          );
        }
        const correlationValue = randomness.bytes(CORRELATION_BYTES);
        begun.add(keyOf(owner, correlationValue));
        return correlationValue;
      },
      isInitialized(owner, correlationValue) {
        if (correlationValue === undefined) return false;
        const key = keyOf(owner, correlationValue);
        return (applications.has(key) || begun.has(key)) && !ended.has(key);
      },
      finalize(owner, correlationValue) {
        ended.add(keyOf(owner, correlationValue));
      },
      keep() {
        for (const key of begun) applications.add(key);
        for (const key of ended) applications.delete(key);
        begun.clear();
        ended.clear();
      },
      discard() {
        begun.clear();
        ended.clear();
      },
    };
  }
}

function keyOf({ adapterId, fingerprint }: TicketOwner, correlationValue: Uint8Array): string {
  return `${adapterId} ${fingerprint} ${Buffer.from(correlationValue).toString('hex')}`;
}
