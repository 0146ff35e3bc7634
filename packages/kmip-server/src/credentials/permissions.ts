/**
 * What a batch item may do with which objects: by the default operation policy (1.4 §3.18.2), under which
 * an object belongs to the credential that made it, and by the rights of tickets (2.1 §7.34).
 *
 * An object that was made without a credential belongs to the adapter: every client of it may use it.
 */

import type { Predicate } from '@claviger/key-store';
import {
  type Attribute,
  attribute,
  ClavigerError,
  type OperationName,
  type Right,
} from '@claviger/kmip-protocol';
import { conditionOn, identifierEntry, wholeEntry } from '../objects/index-entries.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import { isGuarded, ownedBy, ownedByAnybody } from '../objects/owner.ts';
import type { Access } from './access.ts';

/** What everybody may do with certificates and public keys (1.4 §3.18.1 and table 93). */
const ALLOWED_TO_ALL: ReadonlySet<string> = new Set<OperationName>([
  'Locate',
  'Check',
  'Get',
  'GetAttributes',
  'GetAttributeList',
  'ObtainLease',
  'Certify',
  'ReCertify',
  'Validate',
]);

/** Terms that a Locate may have: what the store allows, less what the workspace adds. */
const MAX_TERMS = 230;

export interface Permissions {
  /** @throws ClavigerError `permission-denied` when no Right has the operation. */
  assertOperation(): void;
  /** Whether the object may be seen by the operation. */
  allows(object: ManagedObject): boolean;
  /**
   * What a Locate asks, and that the client may see what it finds.
   *
   * @param hasOwners - Whether an object of the adapter belongs to a credential.
   * @throws ClavigerError `feature-not-supported` when that is too much at once.
   */
  narrowed(where: Predicate, hasOwners: boolean): Predicate;
  /** Rights that are for certain objects do not cover an operation that is about none of them. */
  readonly needsObject: boolean;
  /** Whether the operation is allowed with whatever object. */
  readonly hasEverywhere: boolean;
}

/** @param operation - As the request names it. */
export function permissionsOf({ credential, rights }: Access, operation: string): Permissions {
  /** Of each list of Rights, those that have the operation. */
  const covering = rights.map(({ right }) => right.filter((it) => hasOperation(it, operation)));
  const bound = covering.filter((alternatives) => alternatives.every(isBound));

  return {
    needsObject: bound.length > 0,
    hasEverywhere: bound.length === 0,

    assertOperation() {
      if (covering.some((alternatives) => alternatives.length === 0)) {
        throw new ClavigerError(
          'permission-denied',
          'the Rights of the ticket do not have this operation',
        );
      }
    },

    allows(object) {
      const { owner } = object;
      const isMine = owner === undefined || owner === credential?.name;
      const isOpen = !isGuarded(object.objectType) && ALLOWED_TO_ALL.has(operation);
      return (
        (isMine || isOpen) &&
        bound.every((alternatives) => alternatives.some((right) => covers(right, object)))
      );
    },

    narrowed(where, hasOwners) {
      const conditions = bound.map(
        (alternatives): Predicate => ({ kind: 'or', of: alternatives.flatMap(conditionsOf) }),
      );
      if (hasOwners) {
        const mine = credential === undefined ? [] : [ownedBy(credential.name)];
        const nobodys: Predicate = { kind: 'not', of: ownedByAnybody() };
        conditions.push({ kind: 'or', of: [nobodys, ...mine] });
      }
      if (conditions.length === 0) return where;
      const all: Predicate = { kind: 'and', of: [where, ...conditions] };
      if (termsIn(all) <= MAX_TERMS) return all;
      throw new ClavigerError(
        'feature-not-supported',
        'the Locate and the Rights of the ticket have too many conditions together; ask for less',
      );
    },
  };
}

/** A field that is absent limits nothing. */
function hasOperation({ operations }: Right, operation: string): boolean {
  return operations === undefined || operations.operation.some((name) => name === operation);
}

function isBound({ objects, objectGroups }: Right): boolean {
  return objects !== undefined || objectGroups !== undefined;
}

function covers({ objects, objectGroups }: Right, object: ManagedObject): boolean {
  const isNamed =
    objects === undefined ||
    objects.uniqueIdentifier.some((identifier) => identifier === object.id);
  const isInGroup =
    objectGroups === undefined ||
    object.attributes.some(
      (it) =>
        it.kind === 'standard' &&
        it.name === 'ObjectGroup' &&
        objectGroups.objectGroup.some((group) => group === it.value),
    );
  return isNamed && isInGroup;
}

function conditionsOf({ objects, objectGroups }: Right): readonly Predicate[] {
  const named = objects?.uniqueIdentifier.flatMap((identifier): readonly Predicate[] =>
    typeof identifier === 'string' ? [conditionOn(identifierEntry(identifier))] : [],
  );
  const grouped = objectGroups?.objectGroup.map((group): Predicate => {
    const asked: Attribute = attribute('ObjectGroup', group);
    return conditionOn(wholeEntry(asked));
  });
  const parts = [named, grouped].filter((of) => of !== undefined);
  return [{ kind: 'and', of: parts.map((of) => ({ kind: 'or', of })) }];
}

function termsIn(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.reduce((sum, part) => sum + termsIn(part), 1);
    case 'not':
      return 1 + termsIn(predicate.of);
    default:
      return 1;
  }
}
