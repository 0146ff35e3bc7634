/**
 * Tickets that Login and Delegated Login give out (2.1 §6.1.30, §6.1.12): in memory, for as long as the
 * process lives. A ticket is shown in the place of another credential and carries what that had said: who
 * the client is beside its certificate, and what it may do.
 *
 * A ticket of Login is good for the certificate that it was given to; one of Delegated Login is made to be
 * handed on, and is good for every certificate of the adapter. A ticket that was asked for with a ticket
 * hangs on it: it never may do more, ends when that ends, and uses its requests up, too.
 */

import { createHash } from 'node:crypto';
import { ClavigerError, type Rights } from '@claviger/kmip-protocol';
import type { Clock, Randomness } from '../dependencies.ts';
import type { Principal } from '../principal.ts';

/** Longest time that a ticket is good for, and what it is where the client says none. */
export const MAX_TICKET_SECONDS = 24 * 60 * 60;
/** Tickets of one adapter at a time. */
export const MAX_TICKETS_OF_ADAPTER = 1024;
/** How far tickets may hang on tickets. */
export const MAX_TICKET_DEPTH = 8;

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
  /** How many batch items it is good for; nothing for any number. */
  readonly operationCount?: bigint | undefined;
  /** For a ticket that is handed on: all that its holder may do. */
  readonly rights?: Rights | undefined;
}

/** What a ticket stands for. */
export interface TicketGrant {
  /** The credential with which the first ticket was asked for. */
  readonly credential: { readonly id: string; readonly name: string } | undefined;
  /** Each of them must allow what is done. */
  readonly rights: readonly Rights[];
  /** Names the ticket for `issue`. */
  readonly ticket: string;
}

/** With what a client asks for a ticket. */
export type TicketGiver = Omit<TicketGrant, 'ticket'> & { readonly ticket?: string | undefined };

/** The tickets as one message has them: what it wants of them comes with its commit, or not at all. */
export interface MessageTickets {
  /**
   * @param giver - Its rights are those of the new ticket, too.
   * @returns the Ticket Value.
   * @throws ClavigerError `overloaded`, `invalid-field`, `permission-denied`.
   */
  issue(owner: TicketOwner, bounds: TicketBounds, giver: TicketGiver): Uint8Array;
  /**
   * Makes a ticket invalid, and all that hang on it.
   * @throws ClavigerError `invalid-ticket` for one that is not good.
   */
  end(owner: TicketOwner, value: Uint8Array): void;
  /** The message is durable: from now on it is as it wants. */
  keep(): void;
  /** Forgets what the message wanted. */
  discard(): void;
}

export interface LoginTickets {
  forMessage(): MessageTickets;
  /**
   * Uses one request of a ticket up, and so many operations.
   * @throws ClavigerError `authentication-failed` for one that is not good.
   */
  use(owner: TicketOwner, value: Uint8Array, operations: number): TicketGrant;
}

interface Entry extends TicketOwner {
  readonly isDelegated: boolean;
  readonly endsAt: number;
  readonly depth: number;
  readonly grant: TicketGrant;
  readonly parent: string | undefined;
  requestsLeft: number;
  operationsLeft: bigint | undefined;
}

export function createLoginTickets(clock: Clock, randomness: Randomness): LoginTickets {
  /** By the digest of the value: looking one up tells nothing about another by its time. */
  const entries = new Map<string, Entry>();

  function find(owner: TicketOwner, value: Uint8Array): readonly Entry[] | undefined {
    const entry = entries.get(keyOf(value));
    const isIts =
      entry !== undefined &&
      entry.adapterId === owner.adapterId &&
      (entry.isDelegated || entry.fingerprint === owner.fingerprint);
    return isIts ? goodChain(entry) : undefined;
  }

  /** A ticket and those that it hangs on; undefined when one of them is good no longer. */
  function goodChain(entry: Entry): readonly Entry[] | undefined {
    const chain: Entry[] = [];
    for (let next: Entry | undefined = entry; next !== undefined; ) {
      if (!isGood(next)) return undefined;
      chain.push(next);
      if (next.parent === undefined) return chain;
      next = entries.get(next.parent);
    }
    return undefined; // it hangs on one that was ended
  }

  function isGood({ endsAt, requestsLeft, operationsLeft }: Entry): boolean {
    return endsAt > clock.now() && requestsLeft > 0 && operationsLeft !== 0n;
  }

  function forgetEnded(): void {
    for (const [key, entry] of entries) {
      if (goodChain(entry) === undefined) entries.delete(key);
    }
  }

  return { forMessage, use };

  function forMessage(): MessageTickets {
    const issued = new Map<string, Entry>();
    const ended = new Set<string>();
    return {
      issue(owner, { leaseSeconds = 0, requestCount, operationCount, rights }, giver) {
        assertBounds(leaseSeconds, requestCount, operationCount);
        forgetEnded();
        const parent = giver.ticket === undefined ? undefined : entries.get(giver.ticket);
        const depth = (parent?.depth ?? 0) + 1;
        if (depth > MAX_TICKET_DEPTH) {
          throw new ClavigerError(
            'permission-denied',
            `a ticket cannot hang on more than ${MAX_TICKET_DEPTH - 1} others`,
          );
        }
        const ofAdapter = [...entries.values()].filter(
          (entry) => entry.adapterId === owner.adapterId,
        );
        if (ofAdapter.length + issued.size >= MAX_TICKETS_OF_ADAPTER) {
          throw new ClavigerError(
            'overloaded',
            `${MAX_TICKETS_OF_ADAPTER} tickets are good at present; end some by Logout first`,
          );
        }
        const value = randomness.bytes(TICKET_BYTES);
        const key = keyOf(value);
        const seconds = leaseSeconds === 0 ? MAX_TICKET_SECONDS : leaseSeconds;
        issued.set(key, {
          ...owner,
          isDelegated: rights !== undefined,
          endsAt: clock.now() + seconds * 1000,
          depth,
          grant: {
            credential: giver.credential,
            rights: rights === undefined ? giver.rights : [...giver.rights, rights],
            ticket: key,
          },
          parent: giver.ticket,
          requestsLeft: requestCount ?? Number.POSITIVE_INFINITY,
          operationsLeft: operationCount,
        });
        return value;
      },

      end(owner, value) {
        const chain = find(owner, value);
        if (chain === undefined || chain.some(({ grant }) => ended.has(grant.ticket))) {
          throw new ClavigerError(
            'invalid-ticket',
            'there is no such ticket, or it has ended already',
          );
        }
        ended.add(keyOf(value));
      },

      keep() {
        for (const [key, entry] of issued) entries.set(key, entry);
        for (const key of ended) entries.delete(key);
        issued.clear();
        ended.clear();
      },

      discard() {
        issued.clear();
        ended.clear();
      },
    };
  }

  function use(owner: TicketOwner, value: Uint8Array, operations: number): TicketGrant {
    const chain = find(owner, value);
    const used = BigInt(operations);
    const isEnough = chain?.every(
      ({ operationsLeft }) => operationsLeft === undefined || operationsLeft >= used,
    );
    const [entry] = chain ?? [];
    if (chain === undefined || entry === undefined || !isEnough) {
      throw new ClavigerError(
        'authentication-failed',
        'the ticket is not good, or no longer; leave it out, or get another by Login',
      );
    }
    for (const link of chain) {
      link.requestsLeft -= 1;
      if (link.operationsLeft !== undefined) link.operationsLeft -= used;
    }
    return entry.grant;
  }
}

function assertBounds(
  leaseSeconds: number,
  requestCount: number | undefined,
  operationCount: bigint | undefined,
): void {
  if (leaseSeconds < 0 || leaseSeconds > MAX_TICKET_SECONDS) {
    throw refuse(`the Lease Time of a ticket is 0 to ${MAX_TICKET_SECONDS} seconds`);
  }
  if (requestCount !== undefined && requestCount < 1) {
    throw refuse('the Request Count of a ticket is at least 1');
  }
  if (operationCount !== undefined && operationCount < 1n) {
    throw refuse('the Usage Limits Total of a ticket is at least 1');
  }
}

function keyOf(value: Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
