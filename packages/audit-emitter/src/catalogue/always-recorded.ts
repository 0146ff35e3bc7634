import type { AuditAction } from './actions.ts';

/**
 * What the log tells of itself. Turning extension actions off leaves these: without them a log could
 * lose events, or have another key, and not say so.
 */
const ABOUT_THE_LOG: readonly AuditAction[] = [
  'claviger.audit-log-key.rotate',
  'claviger.audit-log-key.replace',
  'claviger.audit-events.delete',
  'claviger.audit-log.verify',
];

export function isAlwaysRecorded(action: AuditAction): boolean {
  return ABOUT_THE_LOG.includes(action);
}
