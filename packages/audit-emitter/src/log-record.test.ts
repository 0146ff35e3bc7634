import { describe, expect, it } from 'vitest';
import { AN_EVENT_TIME, anEvent } from './emitter.fixtures.ts';
import { toLogRecord } from './log-record.ts';
import { parseAuditEvent } from './parse-audit-event.ts';

describe('the record of an event', () => {
  it('has what is searched for, and the event as text', () => {
    const event = anEvent();
    expect(toLogRecord(event)).toEqual({
      id: event.id,
      time: AN_EVENT_TIME,
      action: 'hs-crypto.kmip-key.create',
      outcome: 'success',
      severity: 'normal',
      initiatorId: event.initiator.id,
      targetId: event.target.id,
      correlationId: event.correlationId,
      body: JSON.stringify(event),
    });
  });

  it('has no correlation id when the action has none', () => {
    const event = anEvent({ action: 'hs-crypto.tke-cryptounit.reset' });
    expect(toLogRecord(event).correlationId).toBeNull();
    expect(event).not.toHaveProperty('correlationId');
  });

  it('gives the event back', () => {
    const event = anEvent({ requestData: { name: 'späte "Schlüssel"\n\u{1f511}\ud800' } });
    expect(parseAuditEvent(JSON.parse(toLogRecord(event).body))).toEqual(event);
  });

  it('refuses an event without a proper time', () => {
    expect(() => toLogRecord({ ...anEvent(), eventTime: '2026-05-06' })).toThrow(RangeError);
  });
});
