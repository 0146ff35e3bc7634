import { describe, expect, it } from 'vitest';
import { actionDefinition, isExtensionAction } from '../catalogue/actions.ts';
import { HPCS_ACTIONS } from '../catalogue/hpcs-actions.ts';
import { anEmitter } from '../emitter.fixtures.ts';
import type { AuditEvent } from '../event.ts';
import { isPlainObject } from '../event-data.ts';
import { parseAuditEvent } from '../parse-audit-event.ts';
import { assertValidEvent } from '../valid-event.ts';
import { buildActionEvent } from './action-event.ts';
import { ALL_ACTIONS, aFailure, aSuccess } from './action-samples.fixtures.ts';
import { FAILURE_FIELDS, fieldRulesOf } from './field-presence.ts';

function valueAt(event: AuditEvent, path: string): unknown {
  return path
    .split('.')
    .reduce((at: unknown, name) => (isPlainObject(at) ? at[name] : undefined), event);
}

describe.each(ALL_ACTIONS)('%s', (action) => {
  it('is an event when it went well, with what the catalogue says of it', () => {
    const event = aSuccess(action);
    assertValidEvent(event);
    const { severity, targetTypeURI, correlationIdSupported } = actionDefinition(action);
    expect(event.severity).toBe(severity);
    expect(event.target.typeURI).toBe(targetTypeURI);
    expect(event.correlationId !== undefined).toBe(correlationIdSupported);
    for (const path of fieldRulesOf(action)?.needed[0] ?? []) {
      expect(valueAt(event, path)).toBeDefined();
    }
    expect(parseAuditEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('is a critical event when it was refused', () => {
    const event = aFailure(action);
    assertValidEvent(event);
    expect(event).toMatchObject({ outcome: 'failure', severity: 'critical' });
    expect(event.message).toMatch(/ -failure$/);
    expect(event.reason).toEqual({
      reasonCode: 403,
      reasonType: 'Forbidden',
      reasonForFailure: 'Not allowed',
    });
  });
});

describe.each(Object.keys(HPCS_ACTIONS).filter((name) => ALL_ACTIONS.some((a) => a === name)))(
  'the fields of %s',
  (name) => {
    const action = ALL_ACTIONS.find((candidate) => candidate === name);
    if (action === undefined || isExtensionAction(action)) throw new Error('no action of HPCS');
    const { documentedFields } = HPCS_ACTIONS[action];

    it('are needed by a success, or by a failure, or in the one or the other form', () => {
      const rules = fieldRulesOf(action);
      const needed = new Set(rules?.needed.flat());
      const others = Object.keys(documentedFields).filter((path) => !needed.has(path));
      for (const path of others) {
        const isOfFailure = FAILURE_FIELDS.some((field) => field === path);
        expect(isOfFailure || /(?:un)?setkeyfordeletion$/.test(action)).toBe(true);
      }
    });

    it('are missed when one is not given', () => {
      const event = aSuccess(action);
      for (const path of fieldRulesOf(action)?.needed[0] ?? []) {
        const facts = factsWithout(event, path);
        expect(() => buildActionEvent(anEmitter(), action, facts as never)).toThrow(
          /is missing|must name the crypto unit/,
        );
      }
    });
  },
);

/** What the event was built from, less one field. */
function factsWithout(event: AuditEvent, path: string): object {
  const { requestURI, instanceID, ...requestData } = event.requestData;
  const data = structuredClone({ requestData, responseData: event.responseData });
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((at: unknown, name) => (isPlainObject(at) ? at[name] : at), data);
  if (isPlainObject(parent)) delete parent[last];
  return {
    outcome: 'success',
    initiator: { kind: 'system' },
    requestURI,
    target: { kind: 'resource', resourceType: 'key', id: String(instanceID) },
    ...(event.correlationId !== undefined && { correlationId: event.correlationId }),
    ...data,
  };
}
