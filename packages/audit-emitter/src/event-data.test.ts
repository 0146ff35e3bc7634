import { describe, expect, it } from 'vitest';
import { anEmitter, anEvent, anEventInput } from './emitter.fixtures.ts';
import type { AuditEventInput } from './emitter.ts';

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
