/**
 * Facts of every action, made from its fields: a success with all that it needs, and a failure. What is
 * built from them is not typed by action, so it shows what the builder does at run time.
 */

import type { FieldType } from '../catalogue/action-definition.ts';
import { type AuditAction, actionDefinition, isAuditAction } from '../catalogue/actions.ts';
import { EXTENSION_ACTIONS } from '../catalogue/extension-actions.ts';
import { HPCS_ACTIONS } from '../catalogue/hpcs-actions.ts';
import { AN_OBJECT_ID, anEmitter } from '../emitter.fixtures.ts';
import type { AuditEvent } from '../event.ts';
import type { JsonObject, JsonValue } from '../event-data.ts';
import { isKeyStatePath } from '../field-check.ts';
import { buildActionEvent } from './action-event.ts';
import { fieldRulesOf } from './field-presence.ts';

/** Every action of both catalogues. */
export const ALL_ACTIONS: readonly AuditAction[] = [
  ...Object.keys(HPCS_ACTIONS),
  ...Object.keys(EXTENSION_ACTIONS),
].filter(isAuditAction);

const SAMPLES: Readonly<Record<FieldType, JsonValue>> = {
  string: 'a-text',
  boolean: true,
  integer: 3,
  'date-time': '2026-05-06T07:08:09Z',
  'string-list': ['a1'.repeat(32), 'b2'.repeat(32)],
};

/** The event of an action that went well. */
export function aSuccess(action: AuditAction): AuditEvent {
  const rules = fieldRulesOf(action);
  const data: Record<string, JsonObject> = {};
  for (const path of rules?.needed[0] ?? []) {
    const type = rules?.allowed.get(path) ?? 'string';
    const sample = isKeyStatePath(path) ? 1 : SAMPLES[type];
    const [part = '', ...names] = path.split('.');
    data[part] = withValue(data[part] ?? {}, names, sample);
  }
  return build(action, { outcome: 'success', ...data });
}

/** The event of an action that was refused. */
export function aFailure(action: AuditAction, reasonCode = 403): AuditEvent {
  const requestData =
    actionDefinition(action).group === 'tke'
      ? { requestData: { location: '[us-east].[AZ2-CSSTAG2].[03].[22]' } }
      : {};
  return build(action, {
    outcome: 'failure',
    reasonCode,
    reasonText: 'Not allowed',
    ...requestData,
  });
}

function build(action: AuditAction, facts: object): AuditEvent {
  const { correlationIdSupported, group } = actionDefinition(action);
  const all = {
    initiator: { kind: 'user', id: 'IBMid-5500000ABC', name: 'officer', credential: 'apikey' },
    requestURI: '/api/v2/keys',
    ...(correlationIdSupported && { correlationId: '7f3e2d1c-0b9a-4877-9665-544332211000' }),
    ...(group !== 'certificate-manager' && {
      target: { kind: 'resource', resourceType: 'key', id: AN_OBJECT_ID },
    }),
    ...facts,
  };
  // Which facts belong to the action is told by its row here, not by its type.
  const event = buildActionEvent(anEmitter(), action, all as never);
  if (event === undefined) throw new Error('The emitter of the fixtures emits every action.');
  return event;
}

function withValue(data: JsonObject, names: readonly string[], value: JsonValue): JsonObject {
  const [name = '', ...rest] = names;
  if (rest.length === 0) return { ...data, [name]: value };
  const inner = data[name];
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  // A list was ruled out; `isArray` does not narrow read-only ones.
  return { ...data, [name]: withValue(isObject ? (inner as JsonObject) : {}, rest, value) };
}
