/**
 * Tickets that Login gives out (2.1 §6.1.30): in memory, for as long as the process lives. A ticket is shown in
 * the place of a password; the certificate of the connection says who it is all the same, so that a ticket
 * is good for that certificate only.
 */

import { createHash } from 'node:crypto';
import { ClavigerError } from '@claviger/kmip-protocol';
import type { Clock, Randomness } from '../dependencies.ts';
import type { Principal } from '../principal.ts';

/** Longest time that a ticket is good for, and what it is where the client says none. */
export const MAX_TICKET_SECONDS = 24 * 60 * 60;
/** Tickets of one adapter at a time. */
export const MAX_TICKETS_OF_ADAPTER = 1024;

const TICKET_BYTES = 32;

export interface TicketOwner {
  readonly adapterId: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
}

export function ticketOwnerOf({ record }: Principal): TicketOwner {
  return { adapterId: record.adapter.id, fingerprint: record.certificate.fingerprintSha256 };
}

export interface TicketBounds {
  /** Nothing and 0 stand for the longest time. */
  readonly leaseSeconds: number | undefined;
  /** How many messages it is good for; nothing for any number. */
  readonly requestCount: number | undefined;
}

export interface LoginTickets {
  /** @returns the Ticket Value. @throws ClavigerError `overloaded`, `invalid-field`. */
  issue(owner: TicketOwner, bounds: TicketBounds): Uint8Array;
  /** Uses one request of a ticket up. @throws ClavigerError `authentication-failed` for one that is not good. */
  use(owner: TicketOwner, value: Uint8Array): void;
  /** Makes a ticket invalid. @throws ClavigerError `invalid-ticket` for one that is not good. */
  end(owner: TicketOwner, value: Uint8Array): void;
}

interface Entry {
  readonly owner: TicketOwner;
  readonly endsAt: number;
  requestsLeft: number;
}

export function createLoginTickets(clock: Clock, randomness: Randomness): LoginTickets {
  /** By the digest of the value: looking one up tells nothing about another by its time. */
  const entries = new Map<string, Entry>();

  function find(owner: TicketOwner, value: Uint8Array): Entry | undefined {
    const entry = entries.get(keyOf(value));
    const isGood =
      entry !== undefined &&
      entry.endsAt > clock.now() &&
      entry.requestsLeft > 0 &&
      entry.owner.adapterId === owner.adapterId &&
      entry.owner.fingerprint === owner.fingerprint;
    return isGood ? entry : undefined;
  }

  function forgetEnded(): void {
    const now = clock.now();
    for (const [key, { endsAt, requestsLeft }] of entries) {
      if (endsAt <= now || requestsLeft === 0) entries.delete(key);
    }
  }

  return {
    issue(owner, { leaseSeconds = 0, requestCount = Number.POSITIVE_INFINITY }) {
      if (leaseSeconds < 0 || leaseSeconds > MAX_TICKET_SECONDS) {
        throw refuse(`the Lease Time of a ticket is 0 to ${MAX_TICKET_SECONDS} seconds`);
      }
      if (requestCount < 1) throw refuse('the Request Count of a ticket is at least 1');
      forgetEnded();
      const ofAdapter = [...entries.values()].filter(
        (entry) => entry.owner.adapterId === owner.adapterId,
      );
      if (ofAdapter.length >= MAX_TICKETS_OF_ADAPTER) {
        throw new ClavigerError(
          'overloaded',
          `${MAX_TICKETS_OF_ADAPTER} tickets are good at present; end some by Logout first`,
        );
      }
      const value = randomness.bytes(TICKET_BYTES);
      const seconds = leaseSeconds === 0 ? MAX_TICKET_SECONDS : leaseSeconds;
      const endsAt = clock.now() + seconds * 1000;
      entries.set(keyOf(value), { owner, endsAt, requestsLeft: requestCount });
      return value;
    },

    use(owner, value) {
      const entry = find(owner, value);
      if (entry === undefined) {
        throw new ClavigerError(
          'authentication-failed',
          'the ticket is not good, or no longer; leave it out, or get another by Login',
        );
      }
      entry.requestsLeft -= 1;
    },

    end(owner, value) {
      if (find(owner, value) === undefined) {
        throw new ClavigerError(
          'invalid-ticket',
          'there is no such ticket, or it has ended already',
        );
      }
      entries.delete(keyOf(value));
    },
  };
}

function keyOf(value: Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
