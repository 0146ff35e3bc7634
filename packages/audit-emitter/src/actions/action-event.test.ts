import { describe, expect, it } from 'vitest';
import type { AuditAction } from '../catalogue/actions.ts';
import { anEmitter } from '../emitter.fixtures.ts';
import type { AuditEvent } from '../event.ts';
import { assertValidEvent } from '../valid-event.ts';
import { type ActionFacts, buildActionEvent } from './action-event.ts';

const COMMON = {
  initiator: { kind: 'user', id: 'IBMid-5500000ABC', name: 'officer', credential: 'token' },
  requestURI: '/api/v2/keys',
  correlationId: '7f3e2d1c-0b9a-4877-9665-544332211000',
  target: { kind: 'resource', resourceType: 'key', id: 'd2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d' },
} as const;
const RESOURCE = 'crn:v1:bluemix:public:databases:us-south:a/0:1::';

function built<A extends AuditAction>(action: A, facts: ActionFacts<A>): AuditEvent {
  const event = buildActionEvent(anEmitter(), action, facts);
  assertValidEvent(event);
  return event;
}

/** What a caller without types could hand over. */
function builtLoosely(action: AuditAction, facts: object): AuditEvent | undefined {
  return buildActionEvent(anEmitter(), action, { ...COMMON, ...facts } as never);
}

describe('the builder of an action', () => {
  it('takes exactly the fields of the action', () => {
    const event = built('hs-crypto.secrets.create', {
      ...COMMON,
      outcome: 'success',
      reasonCode: 201,
      requestData: { keyType: 'root_key' },
      responseData: {
        keyId: 'k',
        keyVersionId: 'v',
        keyVersionCreationDate: '2026-05-06T07:08:09Z',
        keyState: 1,
      },
    });
    expect(event.responseData).toEqual({
      keyId: 'k',
      keyVersionId: 'v',
      keyVersionCreationDate: '2026-05-06T07:08:09Z',
      keyState: 1,
    });
    expect(event.reason).toEqual({ reasonCode: 201, reasonType: 'Created' });
  });

  it('puts the values before and after where the action has them', () => {
    const expired = built('hs-crypto.secrets.expire', {
      ...COMMON,
      outcome: 'success',
      requestData: { keyType: 'root_key', expirationDate: '2026-05-06T00:00:00Z' },
      responseData: { keyId: 'k', initialValue: { keyState: 1 }, newValue: { keyState: 3 } },
    });
    expect(expired.responseData).toMatchObject({
      initialValue: { keyState: 1 },
      newValue: { keyState: 3 },
    });
    const patched = built('hs-crypto.secrets.patch', {
      ...COMMON,
      outcome: 'success',
      requestData: { initialValue: { keyRingId: 'a' }, newValue: { keyRingId: 'b' } },
    });
    expect(patched.requestData).toMatchObject({
      initialValue: { keyRingId: 'a' },
      newValue: { keyRingId: 'b' },
    });
  });

  it('does not compile, and refuses, what is missing, wrong or unknown', () => {
    const facts = { ...COMMON, outcome: 'success', requestData: { keyType: 'root_key' } } as const;
    const answer = {
      keyId: 'k',
      keyVersionId: 'v',
      keyVersionCreationDate: '2026-05-06T07:08:09Z',
    } as const;
    const emitter = anEmitter();
    const action = 'hs-crypto.secrets.create';
    expect(() =>
      // @ts-expect-error: no responseData at all.
      buildActionEvent(emitter, action, facts),
    ).toThrow('responseData.keyId is missing');
    expect(() =>
      // @ts-expect-error: no keyState.
      buildActionEvent(emitter, action, { ...facts, responseData: answer }),
    ).toThrow('responseData.keyState is missing');
    expect(() =>
      // @ts-expect-error: HPCS has no state 4.
      buildActionEvent(emitter, action, { ...facts, responseData: { ...answer, keyState: 4 } }),
    ).toThrow('responseData.keyState must be');
    expect(() =>
      buildActionEvent(emitter, 'hs-crypto.secrets.list', {
        ...COMMON,
        outcome: 'success',
        // @ts-expect-error: a number, as text.
        responseData: { totalResources: '3' },
      }),
    ).toThrow('responseData.totalResources must be of type integer');
    expect(() =>
      buildActionEvent(emitter, 'hs-crypto.secrets.list', {
        ...COMMON,
        outcome: 'success',
        // @ts-expect-error: no field of the action.
        responseData: { totalResources: 3, payload: 'AAAA' },
      }),
    ).toThrow('responseData.payload is no field');
  });

  it('wants the correlation id, except where it is not supported', () => {
    const tke = {
      initiator: COMMON.initiator,
      requestURI: '/v1/tke',
      target: { id: '03-22' },
      outcome: 'success',
      requestData: { location: '[us-east].[AZ2].[03].[22]' },
    } as const;
    const event = built('hs-crypto.tke-cryptounit.reset', tke);
    expect(event).not.toHaveProperty('correlationId');
    expect(event.severity).toBe('critical');
    expect(event.target.name).toBe('[us-east].[AZ2].[03].[22]');
    expect(() =>
      // @ts-expect-error: TKE does not support it.
      built('hs-crypto.tke-cryptounit.reset', { ...tke, correlationId: 'c' }),
    ).toThrow('correlationId is not supported');
    const { correlationId, ...without } = COMMON;
    expect(() =>
      // @ts-expect-error: everybody else needs it.
      built('hs-crypto.secrets.rotate', { ...without, outcome: 'success' }),
    ).toThrow('correlationId is missing');
    expect(correlationId).not.toBe('');
  });

  it('names the target as the group of the action does', () => {
    const { target, ...common } = COMMON;
    const certificate = built('hs-crypto.mtlscert-admin-key.create', {
      ...common,
      outcome: 'success',
      requestData: { accountId: 'IBMid-5500000ABC' },
      responseData: { action: 'created' },
    });
    expect(certificate.target.name).toBe('mtlscert-admin-key');
    const keystore = built('hs-crypto.keystore.storenewkey', {
      ...common,
      target: { id: 'ks-1' },
      outcome: 'success',
    });
    expect(keystore.target.name).toBe('ks-1');
    expect(target.resourceType).toBe('key');
  });

  it('takes the fields of one policy, whole', () => {
    const action = 'hs-crypto.instance-policies.write';
    const event = built(action, {
      ...COMMON,
      target: { kind: 'instance' },
      outcome: 'success',
      requestData: {
        initialValue: { policyDualAuthDeleteEnabled: false },
        newValue: { policyDualAuthDeleteEnabled: true },
      },
    });
    expect(event.requestData).toHaveProperty('newValue', { policyDualAuthDeleteEnabled: true });
    expect(() =>
      builtLoosely(action, {
        outcome: 'success',
        requestData: { newValue: { policyAllowedNetworkEnabled: true } },
      }),
    ).toThrow('policyAllowedNetworkEnabled is missing');
    expect(() => builtLoosely(action, { outcome: 'success' })).toThrow('exactly one policy');
  });

  it('does without the value before the first authorization to delete', () => {
    const event = built('hs-crypto.secrets.setkeyfordeletion', {
      ...COMMON,
      outcome: 'success',
      responseData: { newValue: { authID: 'IBMid-1', authExpiration: '2026-05-13T00:00:00Z' } },
    });
    expect(event.responseData).not.toHaveProperty('initialValue');
  });
});

describe('a failure', () => {
  it('promises nothing but the common fields', () => {
    const event = built('hs-crypto.secrets.create', {
      ...COMMON,
      outcome: 'failure',
      reasonCode: 401,
      reasonText: 'The token is not valid',
    });
    expect(event.severity).toBe('critical');
    expect(event.responseData).toEqual({});
    expect(event.reason.reasonForFailure).toBe('The token is not valid');
  });

  it.each([
    [408, 'The service did not answer within 4 hours'],
    [409, 'The service holds the key in another state'],
  ] as const)('%i on a key with registrations has its reason in responseData', (code, reason) => {
    const event = built('hs-crypto.secrets.disable', {
      ...COMMON,
      outcome: 'failure',
      reasonCode: code,
      reasonText: reason,
      resourceCRN: RESOURCE,
    });
    expect(event.responseData).toEqual({ reasonForFailure: reason, resourceCRN: RESOURCE });
    expect(event.reason.reasonCode).toBe(code);
    expect(event.severity).toBe('warning');
  });

  it('409 of a delete that a policy forbids names no resource', () => {
    const event = built('hs-crypto.secrets.delete', {
      ...COMMON,
      outcome: 'failure',
      reasonCode: 409,
      reasonText: 'A second person must authorize it',
    });
    expect(event.severity).toBe('critical');
    expect(event.responseData).toEqual({});
  });

  it.each([400, 401, 403, 500] as const)('%i of TKE has its reason in reason', (reasonCode) => {
    const event = built('hs-crypto.tke-cryptounit.reset', {
      initiator: COMMON.initiator,
      requestURI: '/v1/tke',
      target: { id: '03-22' },
      requestData: { location: '[us-east].[AZ2].[03].[22]' },
      outcome: 'failure',
      reasonCode,
      reasonText: 'The unit refuses it',
    });
    expect(event.reason).toMatchObject({ reasonCode, reasonForFailure: 'The unit refuses it' });
    expect(event.severity).toBe('critical');
    expect(event.responseData).toEqual({});
  });

  it.each([
    ['a status that TKE does not have', 'hs-crypto.tke-cryptounit.reset', { reasonCode: 409 }],
    ['408 without the resource', 'hs-crypto.secrets.rotate', { reasonCode: 408 }],
    ['408 of an action without registrations', 'hs-crypto.secrets.create', { reasonCode: 408 }],
    [
      'a resource where none is asked',
      'hs-crypto.secrets.create',
      { reasonCode: 409, resourceCRN: RESOURCE },
    ],
    [
      'a resource with another status',
      'hs-crypto.secrets.rotate',
      { reasonCode: 403, resourceCRN: RESOURCE },
    ],
    ['no status that events have', 'hs-crypto.secrets.rotate', { reasonCode: 418 }],
  ] as const)('is refused with %s', (_what, action, facts) => {
    const loose = { outcome: 'failure', reasonText: 'because', ...facts };
    expect(() => builtLoosely(action, loose)).toThrow(TypeError);
  });

  it('has fields of failures that a success must not have', () => {
    expect(() =>
      builtLoosely('hs-crypto.secrets.rotate', {
        outcome: 'success',
        responseData: { reasonForFailure: 'none' },
      }),
    ).toThrow('is for failures only');
  });
});
