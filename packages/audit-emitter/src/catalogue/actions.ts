/** Both catalogues together, for everything that does not care which one an action is from. */
import type { ActionDefinition } from './action-definition.ts';
import { EXTENSION_ACTIONS, type ExtensionAction } from './extension-actions.ts';
import { HPCS_ACTIONS, type HpcsAction } from './hpcs-actions.ts';

/** Every action that an event can have. */
export type AuditAction = HpcsAction | ExtensionAction;

const ACTIONS: Readonly<Record<AuditAction, ActionDefinition>> = {
  ...HPCS_ACTIONS,
  ...EXTENSION_ACTIONS,
};

export function actionDefinition(action: AuditAction): ActionDefinition {
  return ACTIONS[action];
}

/** Historical names are no actions. */
export function isAuditAction(name: string): name is AuditAction {
  return Object.hasOwn(ACTIONS, name);
}

export function isExtensionAction(action: AuditAction): action is ExtensionAction {
  return Object.hasOwn(EXTENSION_ACTIONS, action);
}
