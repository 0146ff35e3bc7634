import type { AuditAction } from './catalogue/actions.ts';
import type { Outcome } from './event.ts';

/** What the target belongs to, e.g. the adapter of a certificate. */
export interface TargetParent {
  readonly type: string;
  readonly id: string;
}

/**
 * The line that people read: `<display name>: <verb> <object type> [<name>] [for <type> <id>]`, and
 * ` -failure` at its end. Programs read the fields, never this.
 */
export function eventMessage(
  displayName: string,
  action: AuditAction,
  targetName: string,
  parent: TargetParent | undefined,
  outcome: Outcome,
): string {
  const [, objectType, verb] = action.split('.');
  const words = [
    `${displayName}:`,
    verb,
    objectType,
    ...(targetName === '' ? [] : [targetName]),
    ...(parent === undefined ? [] : ['for', parent.type, parent.id]),
    ...(outcome === 'success' ? [] : [`-${outcome}`]),
  ];
  return words.join(' ');
}
