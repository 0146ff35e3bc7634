/** Names of actions as people search for them: whole, with a wildcard, or as the service once called them. */

import { EXTENSION_ACTIONS, HPCS_ACTIONS } from '@claviger/audit-emitter';

/** Names that actions had earlier, with the one of today. */
const HISTORICAL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(HPCS_ACTIONS).flatMap(([action, { historicalNames }]) =>
    historicalNames.map((name) => [name, action] as const),
  ),
);
const ACTIONS: readonly string[] = [
  ...Object.keys(HPCS_ACTIONS),
  ...Object.keys(EXTENSION_ACTIONS),
];

/**
 * The actions that a name stands for. A historical name stands for the action of today, and for itself
 * in records of that time.
 *
 * @param name - An action, a historical name, or an action in which one `*` stands for any text.
 * @returns none when nothing has such a name.
 */
export function actionsNamed(name: string): readonly string[] {
  const today = HISTORICAL_NAMES.get(name);
  if (today !== undefined) return [today, name];
  const [begin = '', end, ...more] = name.split('*');
  if (end === undefined) return ACTIONS.filter((action) => action === name);
  if (more.length > 0) return [];
  const shortest = begin.length + end.length;
  return ACTIONS.filter(
    (action) => action.length >= shortest && action.startsWith(begin) && action.endsWith(end),
  );
}
