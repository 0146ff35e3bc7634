/**
 * Which documented fields an event of success does without. The catalogue says what a field is called and
 * what it holds; when it stands there is told by HPCS in prose, which is put into tables here.
 */

import type { FieldType } from '../catalogue/action-definition.ts';
import { type AuditAction, isExtensionAction } from '../catalogue/actions.ts';
import { HPCS_ACTIONS, type HpcsAction } from '../catalogue/hpcs-actions.ts';

/** Only failures have them: why an action on a key with registrations was not completed, and where. */
export const FAILURE_FIELDS = [
  'responseData.reasonForFailure',
  'responseData.resourceCRN',
] as const;

/** Nobody had authorized before; nobody does any more. */
const ABSENT_VALUES = {
  'hs-crypto.secrets.setkeyfordeletion': [
    'responseData.initialValue.authID',
    'responseData.initialValue.authExpiration',
  ],
  'hs-crypto.secrets.unsetkeyfordeletion': [
    'responseData.newValue.authID',
    'responseData.newValue.authExpiration',
  ],
} as const satisfies Partial<Record<HpcsAction, readonly string[]>>;

/** An action that writes one of several policies: the fields of that one stand in the event. */
export const FIELD_GROUPS = {
  'hs-crypto.instance-policies.write': {
    allowedNetwork: [
      'requestData.initialValue.policyAllowedNetworkEnabled',
      'requestData.newValue.policyAllowedNetworkEnabled',
      'requestData.initialValue.policyAllowedNetworkAttribute',
      'requestData.newValue.policyAllowedNetworkAttribute',
    ],
    dualAuthDelete: [
      'requestData.initialValue.policyDualAuthDeleteEnabled',
      'requestData.newValue.policyDualAuthDeleteEnabled',
    ],
    keyCreateImportAccess: [
      'requestData.initialValue.PolicyKCIAEnabled',
      'requestData.newValue.PolicyKCIAEnabled',
      'requestData.initialValue.PolicyKCIAAttrCRK',
      'requestData.newValue.PolicyKCIAAttrCRK',
      'requestData.initialValue.PolicyKCIAAttrCSK',
      'requestData.newValue.PolicyKCIAAttrCSK',
      'requestData.initialValue.PolicyKCIAAttrIRK',
      'requestData.newValue.PolicyKCIAAttrIRK',
      'requestData.initialValue.PolicyKCIAAttrISK',
      'requestData.newValue.PolicyKCIAAttrISK',
      'requestData.initialValue.PolicyKCIAAttrET',
      'requestData.newValue.PolicyKCIAAttrET',
    ],
  },
} as const satisfies Partial<Record<HpcsAction, Readonly<Record<string, readonly string[]>>>>;

export type OptionalFields<A> =
  | (typeof FAILURE_FIELDS)[number]
  | (A extends keyof typeof ABSENT_VALUES ? (typeof ABSENT_VALUES)[A][number] : never);

export type FieldGroupOf<A> = A extends keyof typeof FIELD_GROUPS
  ? keyof (typeof FIELD_GROUPS)[A]
  : never;

export type FieldGroup<A, Group> = A extends keyof typeof FIELD_GROUPS
  ? Group extends keyof (typeof FIELD_GROUPS)[A]
    ? (typeof FIELD_GROUPS)[A][Group] extends readonly (infer Path)[]
      ? Path
      : never
    : never
  : never;

/** The same at run time. */
export interface FieldRules {
  /** Every field that an event of the action may have, by its path. */
  readonly allowed: ReadonlyMap<string, FieldType>;
  /** What a success must have; where there are several lists, exactly one of them. */
  readonly needed: readonly (readonly string[])[];
}

/** @returns undefined for an extension action, whose data is free. */
export function fieldRulesOf(action: AuditAction): FieldRules | undefined {
  if (isExtensionAction(action)) return undefined;
  const { documentedFields, suggestedFields } = HPCS_ACTIONS[action];
  const allowed = new Map<string, FieldType>(
    Object.entries({ ...documentedFields, ...suggestedFields }),
  );
  const groups: Partial<Record<AuditAction, Readonly<Record<string, readonly string[]>>>> =
    FIELD_GROUPS;
  const absent: Partial<Record<AuditAction, readonly string[]>> = ABSENT_VALUES;
  const optional = new Set<string>([...FAILURE_FIELDS, ...(absent[action] ?? [])]);
  const needed = Object.keys(documentedFields).filter((path) => !optional.has(path));
  return {
    allowed,
    needed: groups[action] === undefined ? [needed] : Object.values(groups[action]),
  };
}
