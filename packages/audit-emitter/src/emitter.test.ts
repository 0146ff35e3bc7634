import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
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
import { type AuditEventInput, createAuditEmitter } from './emitter.ts';
import type { AuditEvent } from './event.ts';
import { parseAuditEvent } from './parse-audit-event.ts';
import { MAX_EVENT_BYTES } from './trim-event.ts';
import { assertValidEvent } from './valid-event.ts';

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
});

describe('what an event must not hold', () => {
  const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----';
  const refused: readonly [string, unknown, string][] = [
    ['bytes', new Uint8Array(4), 'requestData.value'],
    ['a Buffer', Buffer.from('secret'), 'requestData.value'],
    ['bytes in a list', [1, { deep: new Uint8Array(4) }], 'requestData.value[1].deep'],
    ['a private key', PEM, 'requestData.value'],
    [
      'an encrypted private key',
      PEM.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'),
      'requestData.value',
    ],
    ['a key as name', { [PEM]: 1 }, 'requestData.value'],
    ['undefined', undefined, 'requestData.value'],
    ['NaN', Number.NaN, 'requestData.value'],
    ['a bigint', 1n, 'requestData.value'],
    ['a date', new Date(0), 'requestData.value'],
    ['a map', new Map([['a', 1]]), 'requestData.value'],
    ['a hole', new Array(1), 'requestData.value[0]'],
    ['a function', () => 1, 'requestData.value'],
    ['nine levels', [[[[[[[[1]]]]]]]], 'requestData.value[0][0][0][0][0][0][0]'],
  ];

  it.each(refused)('refuses %s and says where', (_name, value, path) => {
    // What the types forbid may still come out of untyped code.
    const requestData = { value } as unknown as NonNullable<AuditEventInput['requestData']>;
    const build = () => anEmitter().build(anEventInput({ requestData }));
    expect(build).toThrow(TypeError);
    expect(build).toThrow(`${path} `);
    expect(build).not.toThrow('MC4CAQ');
  });

  it('refuses a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const responseData = cycle as NonNullable<AuditEventInput['responseData']>;
    expect(() => anEmitter().build(anEventInput({ responseData }))).toThrow(/nested deeper/);
  });

  it.each([
    ['the reason', { outcome: { kind: 'failure', errorCode: 'internal', reasonText: PEM } }],
    ['the name of the target', { target: { kind: 'instance', name: PEM } }],
    ['the name of the initiator', { initiator: { kind: 'local-user', account: PEM } }],
  ] as const)('refuses a private key in %s', (_name, overrides) => {
    expect(() => anEmitter().build(anEventInput(overrides))).toThrow(/holds a private key/);
  });

  it('lets certificates and control characters pass, escaped', () => {
    const event = anEvent({
      requestData: { certificate: '-----BEGIN CERTIFICATE-----', name: 'a\n\u001b[31m' },
    });
    expect(JSON.stringify(event)).toContain(String.raw`"name":"a\n\u001b[31m"`);
  });
});

describe('an event that is too large', () => {
  const bytes = (event: AuditEvent) => Buffer.byteLength(JSON.stringify(event));

  it('loses the ends of its lists, and says so', () => {
    const kmipObjectIds = Array.from({ length: 1000 }, (_, index) => `${AN_OBJECT_ID}-${index}`);
    const event = anEvent({ responseData: { totalResources: 1000, kmipObjectIds } });
    expect(event.responseData).toEqual({
      totalResources: 1000,
      kmipObjectIds: kmipObjectIds.slice(0, 64),
      truncated: true,
    });
    expect(event.requestData).not.toHaveProperty('truncated');
    assertValidEvent(event);
  });

  it('keeps every CADF field whole', () => {
    const small = anEvent();
    const large = anEvent({ requestData: { text: 'x'.repeat(1_000_000) } });
    expect({ ...large, requestData: small.requestData }).toEqual(small);
    expect(large.requestData).toMatchObject({ text: `${'x'.repeat(1023)}…`, truncated: true });
  });

  it.each([
    ['many long texts', Object.fromEntries(range(300).map((i) => [`k${i}`, 'x'.repeat(900)]))],
    ['nested lists', range(100).map(() => range(100).map(() => range(100)))],
    ['control characters', Object.fromEntries(range(300).map((i) => [`k${i}`, '\0'.repeat(900)]))],
    [
      'control characters in names',
      Object.fromEntries(range(300).map((i) => [`${'\0'.repeat(900)}${i}`, '\0'.repeat(900)])),
    ],
    ['wide characters', range(5000).map(() => '\u{1f511}'.repeat(50))],
  ])('fits in the end: %s', (_name, value) => {
    const data = Array.isArray(value) ? { value } : value;
    const event = anEvent({
      requestData: data,
      responseData: data,
      requestURI: `/api/${'\0'.repeat(20_000)}`,
      outcome: { kind: 'failure', errorCode: 'internal', reasonText: '\0'.repeat(20_000) },
    });
    expect(bytes(event)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    assertValidEvent(event);
  });

  it('is still a valid event, whatever the data', () => {
    const data = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
    fc.assert(
      fc.property(data, data, fc.nat({ max: 400 }), (requestData, responseData, copies) => {
        const event = anEvent({
          // JSON values all, as fc.jsonValue makes them.
          requestData: requestData as NonNullable<AuditEventInput['requestData']>,
          responseData: { copies: Array(copies).fill(responseData) },
        });
        expect(bytes(event)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
        const body = JSON.stringify(event);
        const again: unknown = JSON.parse(body);
        // Any text may hide under the name of a suggested field, so only the format is checked.
        expect(JSON.stringify(parseAuditEvent(again))).toBe(body);
      }),
      { numRuns: 200 },
    );
  });

  it('never cuts a character in two', () => {
    const text = `${'x'.repeat(1022)}\u{1f511}`.repeat(20);
    const { requestData } = anEvent({ requestData: { text } });
    expect(requestData['text']).toBe(`${'x'.repeat(1022)}…`);
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

// The reference lies beside the checkout where this catalogue is maintained, and nowhere else.
const REFERENCE = new URL('../../../../shared/reference/cadf-event-shape.md', import.meta.url);

describe.skipIf(!existsSync(REFERENCE))(
  'the worked examples (where the reference is present)',
  () => {
    const examples = existsSync(REFERENCE)
      ? [...readFileSync(REFERENCE, 'utf8').matchAll(/```json\n(.*?)```/gs)].map(
          ([, json = '']) => JSON.parse(json) as AuditEvent,
        )
      : [];

    /** The input from which an example must have been built, read from its fields. */
    const inputs: readonly ((example: AuditEvent) => Partial<AuditEventInput>)[] = [
      (example) => ({ adapterId: String(example.requestData['adapterId']) }),
      (example) => ({ outcome: failure(example, 'wrong-state') }),
      (example) => ({
        outcome: { kind: 'success', reasonCode: 201 },
        adapterId: String(example.requestData['adapterId']),
        target: {
          ...targetOf(example),
          parent: { type: 'kmip_adapter', id: String(example.requestData['adapterId']) },
        },
      }),
      (example) => ({ outcome: failure(example, 'invalid-field') }),
    ];

    it('are four', () => expect(examples).toHaveLength(inputs.length));

    it.each(inputs.map((input, index) => [`5.${index + 1}`, input, examples[index]] as const))(
      '%s is built exactly so',
      (_name, input, example) => {
        if (example === undefined) throw new Error('missing example');
        const event = build(example, input(example));
        expect(JSON.stringify(event, null, 1)).toBe(JSON.stringify(example, null, 1));
        assertValidEvent(event);
      },
    );

    function build(example: AuditEvent, overrides: Partial<AuditEventInput>) {
      const [, , cname = '', ctype = '', service = '', location = '', scope = '', instanceId = ''] =
        example.logSourceCRN.split(':');
      const { requestURI, instanceID, adapterId, ...requestData } = example.requestData;
      expect(instanceID).toBe(instanceId);
      const { initiator } = example;
      const emitter = createAuditEmitter({
        displayName: 'Hyper Protect Crypto Services',
        crn: { cname, ctype, service, location, accountId: scope.slice(2), instanceId },
        extensionActions: false,
        severityPrecedence: 'graver',
        saveServiceCopy: true,
        newId: () => example.id,
        now: () => Date.parse(example.eventTime.replace('+0000', 'Z')),
      });
      return emitter.build({
        action: example.action,
        outcome: { kind: 'success' },
        initiator:
          initiator.credential.type === 'certificate'
            ? {
                kind: 'certificate',
                fingerprint: initiator.id.replace('CertificateID-', ''),
                name: initiator.name,
              }
            : {
                kind: 'user',
                id: initiator.id,
                name: initiator.name,
                credential: initiator.credential.type === 'token' ? 'token' : 'apikey',
                hostAddress: initiator.host?.address,
                agent: initiator.host?.agent,
              },
        target: targetOf(example),
        correlationId: example.correlationId ?? 'not supported, so not shown',
        requestURI: String(requestURI),
        requestData,
        responseData: example.responseData,
        ...overrides,
      });
    }

    function targetOf(example: AuditEvent) {
      const [resourceType, ...id] = example.target.id.split(':').slice(8);
      const types = ['kmip_object', 'certificate', 'cryptounit'] as const;
      const type = types.find((candidate) => candidate === resourceType) ?? 'key';
      return {
        kind: 'resource',
        resourceType: type,
        id: id.join(':'),
        name: example.target.name,
      } as const;
    }

    function failure(example: AuditEvent, errorCode: 'wrong-state' | 'invalid-field') {
      return {
        kind: 'failure',
        errorCode,
        reasonText: example.reason.reasonForFailure ?? '',
      } as const;
    }
  },
);

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

it('is built at the time of the clock', () => {
  expect(anEmitter({ now: () => AN_EVENT_TIME + 10 }).build(anEventInput())?.eventTime).toBe(
    '2026-05-06T07:08:09.13+0000',
  );
});
