import { describe, expect, it } from 'vitest';
import { isAuditAction } from './catalogue/actions.ts';
import { EXTENSION_ACTIONS } from './catalogue/extension-actions.ts';
import { HPCS_ACTIONS } from './catalogue/hpcs-actions.ts';
import { AN_INSTANCE_ID, anEvent } from './emitter.fixtures.ts';
import { InvalidEventError, parseAuditEvent } from './parse-audit-event.ts';
import { assertValidEvent } from './valid-event.ts';

/** A valid failure over the public network, with one field set (or taken away by undefined). */
function eventWith(path: string, value: unknown): unknown {
  const event = anEvent({
    outcome: { kind: 'failure', errorCode: 'permission-denied', reasonText: 'not yours' },
    initiator: { kind: 'certificate', fingerprint: 'ab'.repeat(20), hostAddress: '192.0.2.1' },
  });
  const root: Record<string, unknown> = JSON.parse(JSON.stringify(event));
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = root;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return root;
}

function errorOf(check: () => unknown): InvalidEventError {
  try {
    check();
  } catch (error) {
    if (error instanceof InvalidEventError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('reading an event', () => {
  it('accepts what the emitter builds, for every action and both outcomes', () => {
    for (const action of [...Object.keys(HPCS_ACTIONS), ...Object.keys(EXTENSION_ACTIONS)]) {
      if (!isAuditAction(action)) throw new Error(`${action} is no action`);
      const success = anEvent({ action, responseData: {} });
      const outcome = { kind: 'failure', errorCode: 'internal', reasonText: 'broken' } as const;
      const failure = anEvent({ action, outcome, responseData: {} });
      for (const event of [success, failure]) {
        expect(parseAuditEvent(event)).toBe(event);
        expect(() => assertValidEvent(JSON.parse(JSON.stringify(event)))).not.toThrow();
      }
    }
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', '{}'],
    ['nothing', undefined],
    ['an empty object', {}],
  ])('refuses %s', (_name, json) => {
    expect(errorOf(() => parseAuditEvent(json)).path).toBe('event');
  });

  const broken: readonly (readonly [string, unknown, string?])[] = [
    ['eventTime', '2026-05-06T07:08:09Z'],
    ['eventTime', 5],
    ['action', 'hs-crypto.kmip-key.locate'],
    ['action', 'hs-crypto.importtoken.create'],
    ['outcome', 'SUCCESS'],
    ['outcome', 'success', 'reason.reasonCode'],
    ['severity', 'Critical'],
    ['message', ''],
    ['id', 'abc'],
    ['id', undefined, 'event'],
    ['correlationId', undefined],
    ['correlationId', ''],
    ['dataEvent', true],
    ['dataEvent', undefined, 'event'],
    ['logSourceCRN', 'crn:v1:bluemix:public:hs-crypto:eu-de:a/1:::'],
    ['logSourceCRN', `crn:v1:bluemix:public:hs-crypto:eu-de:a/1:${AN_INSTANCE_ID}:key:1`],
    ['logSourceCRN', 'crn:v1:bluemix:public:hs-crypto:eu-de:a/1:other::', 'target.id'],
    ['saveServiceCopy', 'true'],
    ['initiator', [], 'initiator'],
    ['initiator.id', ''],
    ['initiator.id', 'IBMid-1'],
    ['initiator.id', `CertificateID-${'AB'.repeat(20)}`],
    ['initiator.id', undefined, 'initiator'],
    ['initiator.name', ''],
    ['initiator.typeURI', 'service/security/account/user', 'initiator.credential.type'],
    ['initiator.typeURI', 'user'],
    ['initiator.credential.type', 'token'],
    ['initiator.credential.type', 'password'],
    ['initiator.credential.token', 'x', 'initiator.credential'],
    ['initiator.host', {}],
    ['initiator.host.address', 'localhost'],
    ['initiator.host.address', undefined, 'initiator.host'],
    ['initiator.host.addressType', 'IPv6'],
    ['initiator.host.addressType', undefined],
    ['initiator.host.agent', 1],
    ['target.id', 'key-1'],
    ['target.id', `crn:v1:bluemix:public:hs-crypto:us-south:a/1:${AN_INSTANCE_ID}::`],
    ['target.name', null],
    ['target.typeURI', 'hs-crypto/kmip-management'],
    ['observer.name', 'ActivityTracker2'],
    ['reason.reasonCode', '403'],
    ['reason.reasonCode', 200],
    ['reason.reasonCode', 403.5],
    ['reason.reasonCode', 600],
    ['reason.reasonType', ''],
    ['reason.reasonForFailure', undefined],
    ['requestData', 'x'],
    ['requestData.requestURI', undefined],
    ['requestData.instanceID', 'other'],
    ['requestData.key', '-----BEGIN RSA PRIVATE KEY-----', 'requestData'],
    ['responseData', undefined, 'event'],
    ['responseData.deep', [[[[[[[[[]]]]]]]]], 'responseData'],
    ['payload', {}, 'event'],
  ];

  for (const [path, value, where = path] of broken) {
    it(`refuses ${path} = ${JSON.stringify(value)}`, () => {
      expect(errorOf(() => parseAuditEvent(eventWith(path, value))).path).toBe(where);
    });
  }

  it('refuses a reason for a success', () => {
    const reason = { reasonCode: 200, reasonType: 'OK', reasonForFailure: 'x' };
    const event = { ...anEvent(), reason };
    expect(errorOf(() => parseAuditEvent(event)).path).toBe('reason.reasonForFailure');
  });

  it('refuses a correlation id where the action supports none', () => {
    const event = { ...anEvent({ action: 'hs-crypto.tke-cryptounit.reset' }), correlationId: 'x' };
    expect(errorOf(() => parseAuditEvent(event)).path).toBe('correlationId');
  });

  it('says where and what, and not the value', () => {
    const error = errorOf(() => parseAuditEvent(eventWith('initiator.host.address', 'hidden')));
    expect(error.message).toBe('initiator.host.address must be an IP address');
  });
});

describe('the strictest reading of an event', () => {
  it.each<readonly [string, unknown]>([
    ['severity', 'normal'],
    ['message', 'Hyper Protect Crypto Services: destroy kmip-key x -failure'],
    ['message', 'Hyper Protect Crypto Services: create kmip-key x'],
    ['responseData.keyState', '0'],
    ['responseData.initialValue', { keyState: 1.5 }],
    ['requestData.protocolVersion', 1.4],
  ])('refuses %s = %j', (path, value) => {
    const event = eventWith(path, value);
    expect(() => parseAuditEvent(event)).not.toThrow();
    expect(errorOf(() => assertValidEvent(event)).path).toMatch(path);
  });

  it('accepts the place in the log that the log adds at the end', () => {
    const log = { node: '0f'.repeat(16), sequence: 7, previousHash: 'a0'.repeat(32) };
    expect(() => assertValidEvent({ ...anEvent(), log })).not.toThrow();
    expect(() => assertValidEvent({ log, ...anEvent() })).toThrow(/order/);
  });

  it.each([
    ['log', 7],
    ['log', { node: '0f'.repeat(16), sequence: 7 }],
    ['log.node', { node: 'me', sequence: 7, previousHash: 'a0'.repeat(32) }],
    ['log.sequence', { node: '0f'.repeat(16), sequence: 0, previousHash: 'a0'.repeat(32) }],
    ['log.previousHash', { node: '0f'.repeat(16), sequence: 7, previousHash: 'A0'.repeat(32) }],
  ])('refuses a wrong place in the log by the path %s', (path, log) => {
    expect(errorOf(() => parseAuditEvent({ ...anEvent(), log })).path).toBe(path);
  });

  it('refuses fields in another order', () => {
    const { eventTime, ...rest } = anEvent();
    expect(() => assertValidEvent({ ...rest, eventTime })).toThrow(/order/);
  });

  it('refuses more than 16 KiB', () => {
    const event = { ...anEvent(), responseData: { text: 'x'.repeat(17_000) } };
    expect(() => assertValidEvent(event)).toThrow(/larger/);
  });

  it('takes the severity by the precedence that the log was written with', () => {
    const outcome = { kind: 'failure', errorCode: 'wrong-state', reasonText: 'active' } as const;
    const event = anEvent({ action: 'hs-crypto.kmip-key.destroy', outcome });
    expect(() => assertValidEvent(event, 'graver')).not.toThrow();
    expect(() => assertValidEvent(event, 'status')).toThrow(/severity/);
  });
});
