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
  /**
   * @returns the Correlation Value for what the client calls from now on.
   * @throws ClavigerError `overloaded`.
   */
  initialize(owner: TicketOwner): Uint8Array;
  isInitialized(owner: TicketOwner, correlationValue: Uint8Array | undefined): boolean;
  finalize(owner: TicketOwner, correlationValue: Uint8Array): void;
}

export function createCryptokiApplications(
  randomness: Pick<Randomness, 'bytes'>,
): CryptokiApplications {
  const applications = new Set<string>();
  return {
    initialize(owner) {
      if (applications.size >= MAX_APPLICATIONS) {
        throw new ClavigerError(
          'overloaded',
          `${MAX_APPLICATIONS} applications are initialized at present; end some by C_Finalize first`,
        );
      }
      const correlationValue = randomness.bytes(CORRELATION_BYTES);
      applications.add(keyOf(owner, correlationValue));
      return correlationValue;
    },
    isInitialized: (owner, correlationValue) =>
      correlationValue !== undefined && applications.has(keyOf(owner, correlationValue)),
    finalize(owner, correlationValue) {
      applications.delete(keyOf(owner, correlationValue));
    },
  };
}

function keyOf({ adapterId, fingerprint }: TicketOwner, correlationValue: Uint8Array): string {
  return `${adapterId} ${fingerprint} ${Buffer.from(correlationValue).toString('hex')}`;
}
