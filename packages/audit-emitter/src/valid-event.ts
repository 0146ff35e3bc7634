/**
 * The strictest reading of an event: beyond its format (`parseAuditEvent`), what the emitter derives
 * must agree with what it was derived from. For tests that look at whole logs.
 */
import { Buffer } from 'node:buffer';
import type { FieldType } from './catalogue/action-definition.ts';
import { type AuditAction, isExtensionAction } from './catalogue/actions.ts';
import { HPCS_ACTIONS } from './catalogue/hpcs-actions.ts';
import type { AuditEvent } from './event.ts';
import { isPlainObject } from './event-data.ts';
import { fitsField } from './field-check.ts';
import { InvalidEventError, parseAuditEvent } from './parse-audit-event.ts';
import { eventSchema } from './schema/event-schema.ts';
import { schemaViolation } from './schema/schema-violation.ts';
import { type SeverityPrecedence, severityOf } from './severity.ts';
import { MAX_EVENT_BYTES } from './trim-event.ts';

const FIELD_ORDER = [
  'eventTime',
  'action',
  'outcome',
  'severity',
  'message',
  'id',
  'correlationId',
  'dataEvent',
  'logSourceCRN',
  'saveServiceCopy',
  'initiator',
  'target',
  'observer',
  'reason',
  'requestData',
  'responseData',
  'log',
] as const;

const SCHEMA = eventSchema();

/**
 * Checks format, published schema, field order, size, severity, message and the types of the catalogue's
 * data fields.
 *
 * @param event - A parsed JSON value, e.g. of a record's body.
 * @throws InvalidEventError on the first rule that is broken.
 */
export function assertValidEvent(
  event: unknown,
  precedence: SeverityPrecedence = 'graver',
): asserts event is AuditEvent {
  const parsed = parseAuditEvent(event);
  const { action, outcome, reason, requestData } = parsed;

  const order = FIELD_ORDER.filter((name) => Object.hasOwn(parsed, name));
  expect(Object.keys(parsed).join() === order.join(), 'event', 'has its fields in another order');
  const bytes = Buffer.byteLength(JSON.stringify(parsed));
  expect(bytes <= MAX_EVENT_BYTES, 'event', `is larger than ${MAX_EVENT_BYTES} bytes`);

  const severity = severityOf(action, reason.reasonCode, requestData, precedence);
  expect(parsed.severity === severity, 'severity', `must be ${severity} here`);

  const [, objectType, verb] = action.split('.');
  const words = `: ${verb} ${objectType}`;
  expect(parsed.message.includes(words), 'message', `must say "${words}"`);
  const saysFailure = parsed.message.endsWith(' -failure');
  expect(saysFailure === (outcome === 'failure'), 'message', 'must end with the failure, if any');

  for (const [path, type] of Object.entries(fieldTypes(action))) {
    const value = valueAt(parsed, path.split('.'));
    expect(value === undefined || fitsField(path, type, value), path, `must be of type ${type}`);
  }

  const violation = schemaViolation(SCHEMA, event);
  expect(violation === undefined, 'event', `breaks the published schema: ${violation}`);
}

function fieldTypes(action: AuditAction): Readonly<Record<string, FieldType>> {
  if (isExtensionAction(action)) return {};
  const { documentedFields, suggestedFields } = HPCS_ACTIONS[action];
  return { ...documentedFields, ...suggestedFields };
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  return names.reduce((at: unknown, name) => (isPlainObject(at) ? at[name] : undefined), value);
}

function expect(condition: boolean, path: string, expectation: string): void {
  if (!condition) throw new InvalidEventError(path, expectation);
}
