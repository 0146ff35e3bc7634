/**
 * Delegated Login (2.1 §6.1.12): a ticket to hand on, whose holder may do what its Rights have, and never
 * more than who asked for it.
 */

import { ClavigerError, OPERATION_SCHEMAS, type Right, type Rights } from '@claviger/kmip-protocol';
import { operationCountOf } from '../tickets/operation-count.ts';
import { handler } from './operation-handler.ts';

/** Of one ticket. */
export const MAX_RIGHTS = 16;
/** Identifiers and groups that the Rights of one ticket may name in all: a Locate asks for each. */
export const MAX_NAMED_IN_RIGHTS = 64;

export const delegatedLogin = handler<'DelegatedLogin'>(
  OPERATION_SCHEMAS.DelegatedLogin,
  async (context, request) => {
    const { leaseTime, requestCount, rights } = request;
    assertRights(rights);
    const operationCount = operationCountOf(request.usageLimits);
    const bounds = { leaseSeconds: leaseTime, requestCount, operationCount, rights };
    const ticketValue = context.issueTicket(bounds);
    return { response: { ticket: { ticketType: 'Login', ticketValue } }, audit: {} };
  },
);

function assertRights({ right }: Rights): void {
  if (right.length === 0 || right.length > MAX_RIGHTS) {
    throw new ClavigerError('invalid-field', `a ticket is for 1 to ${MAX_RIGHTS} Rights`);
  }
  if (right.some(({ usageLimits }) => usageLimits !== undefined)) {
    throw new ClavigerError(
      'feature-not-supported',
      'a Right has no Usage Limits of its own here; give them to the ticket',
    );
  }
  const named = right.reduce((sum, it) => sum + namesIn(it), 0);
  if (named > MAX_NAMED_IN_RIGHTS) {
    throw new ClavigerError(
      'invalid-field',
      `Rights name at most ${MAX_NAMED_IN_RIGHTS} objects and groups in all`,
    );
  }
}

function namesIn({ objects, objectGroups }: Right): number {
  const identifiers = objects?.uniqueIdentifier ?? [];
  if (identifiers.some((identifier) => typeof identifier !== 'string')) {
    throw new ClavigerError('invalid-field', 'Rights name objects by their identifiers as text');
  }
  return identifiers.length + (objectGroups?.objectGroup.length ?? 0);
}
