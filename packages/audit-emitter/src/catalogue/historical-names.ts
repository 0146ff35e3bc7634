/** Names that are no longer given, or never were right: met in old archives and in old queries. */
import { type AuditAction, isAuditAction } from './actions.ts';
import { HPCS_ACTIONS, type HpcsAction } from './hpcs-actions.ts';

/** Slips of the published severity table, which some tools have copied. */
const MISSPELLINGS = {
  'hs-crypto.hs-crypto.instance-policies.write': 'hs-crypto.instance-policies.write',
} as const satisfies Readonly<Record<string, HpcsAction>>;

const CURRENT_NAMES: ReadonlyMap<string, AuditAction> = new Map([
  ...Object.entries(HPCS_ACTIONS).flatMap(([name, { historicalNames }]) =>
    historicalNames.flatMap((old: string) => (isAuditAction(name) ? [[old, name] as const] : [])),
  ),
  ...Object.entries(MISSPELLINGS),
]);

/**
 * The action that a name stands for today.
 *
 * @param name - A current name, a historical one, or a known misspelling.
 * @returns undefined for a name that no action has or had.
 */
export function currentAction(name: string): AuditAction | undefined {
  return isAuditAction(name) ? name : CURRENT_NAMES.get(name);
}

/** Every name that an event of the action may carry in an archive, today's first. */
export function namesOfAction(action: AuditAction): readonly string[] {
  const former = [...CURRENT_NAMES].flatMap(([old, current]) => (current === action ? [old] : []));
  return [action, ...former];
}
