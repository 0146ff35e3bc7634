/**
 * How grave an event is: the kind of request first, then the status it ended with.
 *
 * The status codes are those of the HPCS severity table. Everything here is a function of facts that
 * stand in the event itself, so that a reader of the log can compute it again.
 */
import type { ConditionalSeverity, Severity } from './catalogue/action-definition.ts';
import { SEVERITIES } from './catalogue/action-definition.ts';
import { type AuditAction, actionDefinition } from './catalogue/actions.ts';
import type { JsonObject } from './event-data.ts';

/**
 * Who decides when a request failed with a status of the table: `graver` takes the graver of action
 * and status, so an attempted destruction never looks harmless; `status` lets the status replace the
 * action's severity in both directions.
 */
export type SeverityPrecedence = 'graver' | 'status';

const STATUS_SEVERITY: ReadonlyMap<number, Severity> = new Map([
  // 400 is critical for TKE only, which is always critical and never gets here.
  [400, 'warning'],
  [401, 'critical'],
  [403, 'critical'],
  [409, 'warning'],
  [424, 'warning'],
  [500, 'critical'],
  [502, 'warning'],
  [503, 'critical'],
  [504, 'warning'],
  [505, 'warning'],
  [507, 'critical'],
]);

/** A failure whose status the table does not have. */
const UNLISTED_FAILURE: Severity = 'warning';

const FIRST_FAILURE_CODE = 400;

/** Revocation Reason Codes by which a client declares key material exposed (KMIP 1.4 §9.1.3.2.19). */
const COMPROMISES: ReadonlySet<unknown> = new Set(['KeyCompromise', 'CACompromise']);

const CONDITIONS = {
  'critical-when-compromise': (requestData) => COMPROMISES.has(requestData['revocationReason']),
  'critical-when-certificate': (requestData) => requestData['resourceType'] === 'certificate',
} as const satisfies Record<ConditionalSeverity, (requestData: JsonObject) => boolean>;

function graver(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b) ? a : b;
}

/**
 * @param reasonCode - HTTP status of the event; 400 and above is a failure.
 * @param requestData - Where conditions of an action look: `revocationReason` (KMIP's XML name, e.g.
 * `KeyCompromise`) and `resourceType`.
 */
export function severityOf(
  action: AuditAction,
  reasonCode: number,
  requestData: JsonObject = {},
  precedence: SeverityPrecedence = 'graver',
): Severity {
  const { group, severity, conditionalSeverity } = actionDefinition(action);
  if (group === 'tke') return 'critical';

  const conditionHolds =
    conditionalSeverity !== null && CONDITIONS[conditionalSeverity](requestData);
  const base = conditionHolds ? 'critical' : severity;
  if (reasonCode < FIRST_FAILURE_CODE) return base;

  const listed = STATUS_SEVERITY.get(reasonCode);
  // Only a listed status may make an event look less grave than its action.
  if (listed === undefined) return graver(base, UNLISTED_FAILURE);
  return precedence === 'status' ? listed : graver(base, listed);
}
