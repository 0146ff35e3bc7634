/** Locate (1.4 §4.9, 2.1 §6.1.28). */

import type { LocateResult, Predicate } from '@claviger/key-store';
import { ClavigerError, OPERATION_SCHEMAS, type RequestOf } from '@claviger/kmip-protocol';
import { locatePredicate } from '../locate/predicate.ts';
import { groupsOf } from '../objects/object-groups.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type LocateRequest = RequestOf<typeof OPERATION_SCHEMAS.Locate>;

/** The most identifiers in one answer; a client that wants more pages by Offset Items. */
export const MAX_LOCATED = 10_000;

/** Beyond the page that is asked for, and if that is small, matches are counted up to here. */
export const MAX_COUNTED = 1_000;

export const locate = handler<'Locate'>(OPERATION_SCHEMAS.Locate, async (context, request) => {
  const maximum = request.maximumItems ?? MAX_LOCATED;
  const offset = request.offsetItems ?? 0;
  if (maximum < 0 || offset < 0) {
    throw new ClavigerError('invalid-field', 'Maximum Items and Offset Items must not be negative');
  }
  const limit = Math.min(maximum, MAX_LOCATED);
  const where = locatePredicate(request, context.nowSeconds, context.version);
  const countUpTo = offset + Math.max(limit, MAX_COUNTED) + 1;
  const { ids, total } = await found(context, where, request, { offset, limit, countUpTo });
  // A client that wants one key of a million waits for no count; Located Items may be left out (1.4 §4.9).
  const isCounted = total < countUpTo;
  const [only] = ids;
  const isUnambiguous = only !== undefined && (total === 1 || request.maximumItems === 1);
  return {
    response: {
      // For the client that pages; others count the identifiers.
      ...(request.offsetItems !== undefined && isCounted && { locatedItems: total }),
      uniqueIdentifier: ids,
    },
    audit: isCounted ? { totalResources: total } : {},
    idPlaceholder: isUnambiguous ? only : null,
  };
});

interface Page {
  readonly offset: number;
  readonly limit: number;
  /** A total that reaches this means that many or more. */
  readonly countUpTo: number;
}

/** The members of a group that are asked for come in an order of their own. */
function found(
  context: OperationContext,
  where: Predicate,
  { attributes, objectGroupMember }: LocateRequest,
  page: Page,
): Promise<LocateResult> {
  const groups = [...groupsOf(attributes)];
  switch (groups.length === 0 ? undefined : objectGroupMember) {
    case 'GroupMemberFresh':
      return oldestFirst(context, where, page);
    case 'GroupMemberDefault':
      return oneInTurn(context, where, groups, page);
    default:
      return context.locate(where, page);
  }
}

/** The default member of a group is each one in its turn, the oldest first. */
async function oneInTurn(
  context: OperationContext,
  where: Predicate,
  groups: readonly string[],
  { offset, limit }: Page,
): Promise<LocateResult> {
  const { total } = await context.locate(where, { offset: 0, limit: 0 });
  if (total === 0) return { ids: [], total };
  if (offset > 0 || limit === 0) return { ids: [], total: 1 };
  const turn = context.takeTurn(groups) % total;
  const { ids } = await context.locate(where, { offset: total - 1 - turn, limit: 1 });
  return { ids, total: 1 };
}

/** Fresh objects are given out in the order in which they were made. */
async function oldestFirst(
  context: OperationContext,
  where: Predicate,
  { offset, limit }: Page,
): Promise<LocateResult> {
  const { total } = await context.locate(where, { offset: 0, limit: 0 });
  const end = Math.max(0, total - offset);
  const start = Math.max(0, end - limit);
  const { ids } = await context.locate(where, { offset: start, limit: end - start });
  return { ids: ids.toReversed(), total };
}
