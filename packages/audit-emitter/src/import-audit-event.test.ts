import { describe, expect, it } from 'vitest';
import { aSuccess } from './actions/action-samples.fixtures.ts';
import { currentAction } from './catalogue/historical-names.ts';
import { HPCS_ACTIONS } from './catalogue/hpcs-actions.ts';
import { anEvent } from './emitter.fixtures.ts';
import { importAuditEvent } from './import-audit-event.ts';

const HISTORICAL = Object.values(HPCS_ACTIONS).flatMap(
  (row): readonly string[] => row.historicalNames,
);

describe('importing an event', () => {
  it('takes one of today as it is', () => {
    const event = anEvent();
    expect(importAuditEvent(event)).toEqual({ event, formerAction: undefined });
  });

  it.each(HISTORICAL)('gives %s its name of today, and says what it was', (name) => {
    const action = currentAction(name);
    if (action === undefined) throw new Error(`${name} is no action`);
    const today = aSuccess(action);
    const archived = {
      ...today,
      action: name,
      target: { ...today.target, typeURI: 'kms/secrets' },
    };
    expect(importAuditEvent(archived)).toEqual({ event: today, formerAction: name });
  });

  it('unwraps the form of earlier archives', () => {
    const event = anEvent();
    const { requestData, responseData, ...rest } = event;
    const payload = {
      ...rest,
      requestPath: '/api/v2/keys',
      latencies: {},
      requestData: JSON.stringify(requestData),
      responseData: JSON.stringify(responseData),
    };
    expect(importAuditEvent({ payload, meta: { serviceProviderName: 'hs-crypto' } }).event).toEqual(
      event,
    );
  });

  it('gives an id to an event without one, when it may', () => {
    const { id, ...without } = anEvent();
    expect(importAuditEvent(without, () => id).event.id).toBe(id);
    expect(() => importAuditEvent(without)).toThrow('must have id');
  });

  it.each([
    ['no object', 'text', 'event'],
    ['no action of the catalogue', { ...anEvent(), action: 'kms.secrets.create' }, 'action'],
    ['data that is no JSON', { ...anEvent(), requestData: '{' }, 'requestData'],
    ['an outcome that events do not have', { ...anEvent(), outcome: 'pending' }, 'outcome'],
  ])('refuses %s', (_what, json, path) => {
    expect(() => importAuditEvent(json)).toThrow(expect.objectContaining({ path }));
  });
});
