/** Locate (1.4 §4.9, 2.1 §6.1.28). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { locatePredicate } from '../locate/predicate.ts';
import { handler } from './operation-handler.ts';

/** The most identifiers in one answer; a client that wants more pages by Offset Items. */
export const MAX_LOCATED = 10_000;

export const locate = handler<'Locate'>(OPERATION_SCHEMAS.Locate, async (context, request) => {
  const maximum = request.maximumItems ?? MAX_LOCATED;
  const offset = request.offsetItems ?? 0;
  if (maximum < 0 || offset < 0) {
    throw new ClavigerError('invalid-field', 'Maximum Items and Offset Items must not be negative');
  }
  if (request.objectGroupMember !== undefined) {
    throw new ClavigerError(
      'feature-not-supported',
      'Object Group Member is not supported; locate by Object Group alone',
    );
  }
  const limit = Math.min(maximum, MAX_LOCATED);
  const where = locatePredicate(request, context.nowSeconds, context.version);
  const { ids, total } = await context.locate(where, { offset, limit });
  const [only] = ids;
  const isUnambiguous = only !== undefined && (total === 1 || request.maximumItems === 1);
  return {
    response: {
      // For the client that pages; others count the identifiers.
      ...((request.offsetItems !== undefined || ids.length < total) && { locatedItems: total }),
      uniqueIdentifier: ids,
    },
    audit: { totalResources: total },
    idPlaceholder: isUnambiguous ? only : null,
  };
});
