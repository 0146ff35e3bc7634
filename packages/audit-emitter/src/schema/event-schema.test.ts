import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anEvent } from '../emitter.fixtures.ts';
import { eventSchema } from './event-schema.ts';
import { schemaViolation } from './schema-violation.ts';

const SCHEMA = eventSchema();
const PUBLISHED = new URL('../../schema/audit-event.schema.json', import.meta.url);

describe('the schema of events', () => {
  it('is published as the catalogue gives it', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(SCHEMA)));
  });

  it('takes an event on its way to the log, and one in there', () => {
    const event = anEvent();
    expect(schemaViolation(SCHEMA, event)).toBeUndefined();
    const log = { node: 'ab'.repeat(16), sequence: 7, previousHash: '00'.repeat(32) };
    expect(schemaViolation(SCHEMA, { ...event, log })).toBeUndefined();
  });

  it.each([
    ['an unknown action', { action: 'hs-crypto.kmip-key.locate' }],
    ['a historical action', { action: 'hs-crypto.importtoken.create' }],
    [
      'a target of another action',
      { target: { ...anEvent().target, typeURI: 'hs-crypto/secrets' } },
    ],
    ['a status that does not fit', { reason: { reasonCode: 500, reasonType: 'Oops' } }],
    [
      'a success with a reason for failure',
      { reason: { ...anEvent().reason, reasonForFailure: 'x' } },
    ],
    [
      'a failure without a reason',
      { outcome: 'failure', reason: { reasonCode: 500, reasonType: 'x' } },
    ],
    ['a key state that HPCS does not have', { responseData: { keyState: 4 } }],
    ['a field of another type', { requestData: { ...anEvent().requestData, kmipOperation: 1 } }],
    ['a time of another form', { eventTime: '2026-05-06T07:08:09Z' }],
    ['a certificate that is no fingerprint', { initiator: { ...anEvent().initiator, id: 'me' } }],
    [
      'a certificate with a token',
      { initiator: { ...anEvent().initiator, credential: { type: 'token' } } },
    ],
    [
      'an address without its type',
      { initiator: { ...anEvent().initiator, host: { address: '::1' } } },
    ],
    ['a place in the log that is none', { log: { node: 'x', sequence: 1, previousHash: 'y' } }],
    ['a field that the format does not know', { payload: {} }],
  ])('refuses %s', (_what, change) => {
    expect(schemaViolation(SCHEMA, { ...anEvent(), ...change })).toMatch(/^event/);
  });

  it('refuses an event without its correlation id, and TKE with one', () => {
    const { correlationId, ...without } = anEvent();
    expect(schemaViolation(SCHEMA, without)).toBe('event: has no correlationId');
    const tke = anEvent({ action: 'hs-crypto.tke-cryptounit.reset' });
    expect(schemaViolation(SCHEMA, tke)).toBeUndefined();
    expect(schemaViolation(SCHEMA, { ...tke, correlationId })).toBe('event: what it must not be');
    expect(schemaViolation(SCHEMA, { ...tke, severity: 'normal' })).toContain('severity');
  });
});
