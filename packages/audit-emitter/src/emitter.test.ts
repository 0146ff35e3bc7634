import { describe, expect, it } from 'vitest';
import {
  A_FINGERPRINT,
  AN_EVENT_TIME,
  AN_INSTANCE_ID,
  AN_OBJECT_ID,
  anEmitter,
  anEvent,
  anEventInput,
} from './emitter.fixtures.ts';
import type { AuditEventInput } from './emitter.ts';

const INSTANCE_CRN = `crn:v1:bluemix:public:hs-crypto:eu-de:a/0123456789abcdef0123456789abcdef:${AN_INSTANCE_ID}::`;

describe('an event of the emitter', () => {
  it('tells of a key that a client made over a private network', () => {
    const expected = {
      eventTime: '2026-05-06T07:08:09.12+0000',
      action: 'hs-crypto.kmip-key.create',
      outcome: 'success',
      severity: 'normal',
      message: `Hyper Protect Crypto Services: create kmip-key ${AN_OBJECT_ID}`,
      id: '00000000-0000-4000-8000-000000000001',
      correlationId: '7f3e2d1c-0b9a-4877-9665-544332211000',
      dataEvent: false,
      logSourceCRN: INSTANCE_CRN,
      saveServiceCopy: true,
      initiator: {
        id: `CertificateID-${A_FINGERPRINT}`,
        name: 'vcenter-01',
        typeURI: 'service/security/client/certificateid',
        credential: { type: 'certificate' },
      },
      target: {
        id: INSTANCE_CRN.replace(/::$/, `:kmip_object:${AN_OBJECT_ID}`),
        name: AN_OBJECT_ID,
        typeURI: 'hs-crypto/kmip-key',
      },
      observer: { name: 'ActivityTracker' },
      reason: { reasonCode: 200, reasonType: 'OK' },
      requestData: {
        requestURI: 'kmip://kmip.example.com:5696',
        instanceID: AN_INSTANCE_ID,
        kmipOperation: 'Create',
        protocolVersion: '1.4',
        adapterId: 'adapter-1',
      },
      responseData: {
        kmipObjectId: AN_OBJECT_ID,
        kmipObjectType: 'SymmetricKey',
        keyState: 0,
      },
    };
    const event = anEvent({ adapterId: 'adapter-1' });
    // As text, so that the order of the fields counts.
    expect(JSON.stringify(event)).toBe(JSON.stringify(expected));
  });

  it('says what the interface answered where the error code has no such word', () => {
    const outcome = {
      kind: 'failure',
      errorCode: 'already-destroyed',
      reasonCode: 410,
      reasonText: 'Too late.',
    } as const;
    const event = anEvent({ outcome });
    expect(event.reason).toEqual({
      reasonCode: 410,
      reasonType: 'Gone',
      reasonForFailure: 'Too late.',
    });
    expect(event.severity).toBe('warning');
  });

  it('tells why an active key was not destroyed, and stays critical', () => {
    const event = anEvent({
      action: 'hs-crypto.kmip-key.destroy',
      outcome: {
        kind: 'failure',
        errorCode: 'wrong-state',
        reasonText: 'KMIP Permission Denied: the key is active',
      },
      requestData: { kmipOperation: 'Destroy', protocolVersion: '1.4' },
      responseData: { keyState: 1 },
    });
    expect(event).toMatchObject({
      outcome: 'failure',
      severity: 'critical',
      message: `Hyper Protect Crypto Services: destroy kmip-key ${AN_OBJECT_ID} -failure`,
      responseData: { keyState: 1 },
    });
    expect(JSON.stringify(event.reason)).toBe(
      '{"reasonCode":409,"reasonType":"Conflict","reasonForFailure":"KMIP Permission Denied: the key is active"}',
    );
  });

  it('names the instance where no single resource was acted on', () => {
    const event = anEvent({ action: 'claviger.kmip-key.locate', target: { kind: 'instance' } });
    expect(event.target).toEqual({ id: INSTANCE_CRN, name: '', typeURI: 'claviger/kmip-key' });
    expect(event.message).toBe('Hyper Protect Crypto Services: locate kmip-key');
  });

  it('gives requestURI, instanceID and adapterId once, whatever the data says', () => {
    const { requestData } = anEvent({
      adapterId: 'adapter-1',
      requestData: { instanceID: 'other', requestURI: 'other', adapterId: 'other', x: 1 },
    });
    expect(JSON.stringify(requestData)).toBe(
      JSON.stringify({
        requestURI: 'kmip://kmip.example.com:5696',
        instanceID: AN_INSTANCE_ID,
        adapterId: 'adapter-1',
        x: 1,
      }),
    );
  });

  it('takes display name, service copy and severity precedence from the options', () => {
    const emitter = anEmitter({
      displayName: 'Claviger',
      saveServiceCopy: false,
      severityPrecedence: 'status',
    });
    const event = emitter.build(
      anEventInput({
        action: 'hs-crypto.kmip-key.destroy',
        outcome: { kind: 'failure', errorCode: 'wrong-state', reasonText: 'active' },
      }),
    );
    expect(event).toMatchObject({ saveServiceCopy: false, severity: 'warning' });
    expect(event?.message).toMatch(/^Claviger: destroy kmip-key /);
  });

  it('is absent for extension actions when those are turned off', () => {
    const emitter = anEmitter({ extensionActions: false });
    expect(emitter.build(anEventInput({ action: 'claviger.kmip-key.locate' }))).toBeUndefined();
    expect(emitter.build(anEventInput())).toBeDefined();
  });

  it('is there when it tells of the log itself, whatever is turned off', () => {
    const emitter = anEmitter({ extensionActions: false });
    const target = { kind: 'instance' } as const;
    for (const action of [
      'claviger.audit-log-key.rotate',
      'claviger.audit-events.delete',
    ] as const) {
      expect(emitter.build(anEventInput({ action, target }))).toMatchObject({ action });
    }
  });

  it('uses up neither time nor id when it is absent', () => {
    const unexpected = () => {
      throw new Error('not to be called');
    };
    const emitter = anEmitter({ extensionActions: false, newId: unexpected, now: unexpected });
    expect(emitter.build(anEventInput({ action: 'claviger.kmip-server.query' }))).toBeUndefined();
  });

  it('cannot have an action outside of the catalogues', () => {
    // @ts-expect-error: invented names must not compile.
    const input: AuditEventInput = anEventInput({ action: 'hs-crypto.kmip-key.locate' });
    expect(() => anEmitter().build(input)).toThrow(TypeError);
  });

  it('is built at the time of the clock', () => {
    expect(anEmitter({ now: () => AN_EVENT_TIME + 10 }).build(anEventInput())?.eventTime).toBe(
      '2026-05-06T07:08:09.13+0000',
    );
  });
});

describe('the options of the emitter', () => {
  const valid = {
    cname: 'bluemix',
    ctype: 'local',
    service: 'hs-crypto',
    location: 'on-premises',
    accountId: 'f'.repeat(32),
    instanceId: AN_INSTANCE_ID,
  };

  it.each([
    ['cname', ''],
    ['ctype', 'a:b'],
    ['service', 'HS-Crypto'],
    ['location', ''],
    ['accountId', 'f'.repeat(31)],
    ['instanceId', AN_INSTANCE_ID.toUpperCase()],
  ])('cannot have "%s" = "%s" in the CRN', (name, value) => {
    const create = () => anEmitter({ crn: { ...valid, [name]: value } });
    expect(create).toThrow(RangeError);
    expect(create).toThrow(`the ${name} of a CRN`);
  });

  it('may name any cloud, type and location', () => {
    const event = anEmitter({ crn: valid }).build(anEventInput());
    expect(event?.logSourceCRN).toMatch(/^crn:v1:bluemix:local:hs-crypto:on-premises:a\/f+:/);
  });
});
