/** How each kind of failure is told: which statuses an action can have, and where the reason stands. */
import { type AuditAction, actionDefinition } from '../catalogue/actions.ts';
import type { HPCS_ACTIONS, HpcsAction } from '../catalogue/hpcs-actions.ts';
import { FAILURE_REASONS } from '../reason.ts';

/**
 * Actions on the life cycle of a key, which services that have registered the key must carry out too.
 * When one does not, the event names it.
 */
export type RegisteredAction = {
  [A in HpcsAction]: 'responseData.resourceCRN' extends keyof (typeof HPCS_ACTIONS)[A]['documentedFields']
    ? A
    : never;
}[HpcsAction];

/** Statuses of such an action that a service with a registration can be the cause of. */
const REGISTRATION_STATUSES: readonly (number | undefined)[] = [408, 409];

/** Statuses with which an operation on crypto units fails. */
const TKE_STATUSES: readonly (number | undefined)[] = [400, 401, 403, 500];

/** How long services have to carry out what was asked, until the action fails with 408. */
export const REGISTRATION_TIMEOUT_HOURS = 4;

/**
 * Checks a failure against what HPCS says of its status.
 *
 * @param resourceCRN - The resource whose service did not carry out the action.
 * @throws TypeError when the action cannot fail so.
 */
export function checkFailure(
  action: AuditAction,
  reasonCode: number | undefined,
  canNameResource: boolean,
  resourceCRN: string | undefined,
): void {
  const refuse = (expectation: string): never => {
    throw new TypeError(`${action}: ${expectation}`);
  };
  if (reasonCode === undefined || !Object.hasOwn(FAILURE_REASONS, reasonCode)) {
    refuse('a failure needs one of the statuses that events can have.');
  }
  if (actionDefinition(action).group === 'tke' && !TKE_STATUSES.includes(reasonCode)) {
    refuse(`an operation on crypto units fails with one of ${TKE_STATUSES.join(', ')}.`);
  }
  if (reasonCode === 408 && !canNameResource) {
    refuse('408 is for actions on keys with registrations only.');
  }
  if (reasonCode === 408 && resourceCRN === undefined) {
    refuse('408 needs the CRN of the resource whose service did not answer in time.');
  }
  if (resourceCRN === undefined) return;
  if (!canNameResource) refuse('only actions on keys with registrations name a resource.');
  if (!REGISTRATION_STATUSES.includes(reasonCode)) {
    refuse(`a resource is named with one of ${REGISTRATION_STATUSES.join(', ')}.`);
  }
}
