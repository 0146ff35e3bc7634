/** What `target` says, which differs between the groups of the catalogue. */
import { type AuditAction, actionDefinition } from '../catalogue/actions.ts';
import type { HPCS_ACTIONS, HpcsAction } from '../catalogue/hpcs-actions.ts';
import type { TargetInput } from '../emitter.ts';
import type { JsonObject } from '../event-data.ts';

type GroupOf<A extends AuditAction> = A extends HpcsAction
  ? (typeof HPCS_ACTIONS)[A]['group']
  : 'extension';

/** A crypto unit, by the last part of its CRN. Its name is the location in `requestData`. */
export interface CryptoUnitTarget {
  readonly id: string;
}

/** A keystore or a key of one. Its name is its id. */
export interface KeystoreTarget {
  readonly id: string;
}

/** The target that a caller names; certificate manager events have none to be named. */
export type ActionTarget<A extends AuditAction> =
  GroupOf<A> extends 'tke'
    ? { readonly target: CryptoUnitTarget }
    : GroupOf<A> extends 'certificate-manager'
      ? { readonly target?: undefined }
      : GroupOf<A> extends 'ep11-keystore'
        ? { readonly target: KeystoreTarget }
        : { readonly target: TargetInput };

/**
 * The target of an event.
 *
 * @throws TypeError when what the group needs is missing.
 */
export function targetOf(
  action: AuditAction,
  target: TargetInput | { readonly id: string } | undefined,
  requestData: JsonObject,
): TargetInput {
  const { group } = actionDefinition(action);
  if (group === 'certificate-manager') {
    return { kind: 'instance', name: action.split('.')[1] };
  }
  if (target === undefined) throw new TypeError(`${action}: the event needs a target.`);
  if (group === 'tke') {
    const { location } = requestData;
    if (typeof location !== 'string' || location === '') {
      throw new TypeError(`${action}: requestData.location must name the crypto unit.`);
    }
    return {
      kind: 'resource',
      resourceType: 'cryptounit',
      id: idOf(action, target),
      name: location,
    };
  }
  if (group === 'ep11-keystore') {
    return { kind: 'resource', resourceType: 'keystore', id: idOf(action, target) };
  }
  if (!('kind' in target)) throw new TypeError(`${action}: the target must say its kind.`);
  return target;
}

function idOf(action: AuditAction, target: TargetInput | { readonly id: string }): string {
  if ('id' in target && target.id !== '') return target.id;
  throw new TypeError(`${action}: the target must have an id.`);
}
