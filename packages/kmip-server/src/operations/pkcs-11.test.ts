import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { createCryptokiApplications, MAX_APPLICATIONS } from '../pkcs11/cryptoki-applications.ts';
import { encodeCryptokiInfo } from '../pkcs11/cryptoki-info.ts';
import { bytes, outcomeOf } from './known-keys.fixtures.ts';

type Call = Extract<RequestedItem, { operation: 'PKCS_11' }>['payload'];

const call = (pkcs11Function: Call['pkcs11Function'], more: Partial<Call> = {}): RequestedItem => ({
  operation: 'PKCS_11',
  payload: { pkcs11Function, ...more },
});

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function answerTo(item: RequestedItem) {
  const [answer] = await rig.send('2.1', [item]);
  return successOf('PKCS_11', answer);
}

describe('PKCS#11', () => {
  it('goes from C_Initialize by C_GetInfo to C_Finalize', async () => {
    const begun = await answerTo(call('C_Initialize', { pkcs11InputParameters: bytes('01') }));
    expect(begun).toMatchObject({ pkcs11Function: 'C_Initialize', pkcs11ReturnCode: 'OK' });
    const { correlationValue } = begun;
    const told = await answerTo(call('C_GetInfo', { correlationValue }));
    expect(told).toMatchObject({ pkcs11ReturnCode: 'OK' });
    expect(Buffer.from(told.pkcs11OutputParameters ?? []).toString('latin1')).toBe(
      `\x03\x00${'Claviger'.padEnd(32)}${'\0'.repeat(8)}${'Claviger'.padEnd(32)}\x00\x01`,
    );
    expect(await answerTo(call('C_Initialize', { correlationValue }))).toMatchObject({
      pkcs11ReturnCode: 'CRYPTOKI_ALREADY_INITIALIZED',
    });
    expect(await answerTo(call('C_Finalize', { correlationValue }))).toMatchObject({
      pkcs11ReturnCode: 'OK',
    });
    for (const after of ['C_GetInfo', 'C_Finalize'] as const) {
      expect(await answerTo(call(after, { correlationValue }))).toMatchObject({
        pkcs11ReturnCode: 'CRYPTOKI_NOT_INITIALIZED',
      });
    }
  });

  it('says of every other function that it is not supported', async () => {
    for (const other of ['C_GetSlotList', 'C_OpenSession', 'C_MessageVerifyFinal'] as const) {
      expect(await answerTo(call(other))).toEqual({
        pkcs11Function: other,
        pkcs11ReturnCode: 'FUNCTION_NOT_SUPPORTED',
      });
    }
  });

  it.each<[string, RequestedItem, string]>([
    [
      'another interface',
      call('C_Initialize', { pkcs11Interface: 'Vendor' }),
      'PKCS_11InvalidInterface',
    ],
    ['a function that is not there', call('0x0000005D'), 'PKCS_11InvalidFunction'],
    [
      'input that the function does not have',
      call('C_GetInfo', { pkcs11InputParameters: bytes('00') }),
      'PKCS_11CodecError',
    ],
    [
      'more input than a pointer',
      call('C_Initialize', { pkcs11InputParameters: bytes('0100') }),
      'PKCS_11CodecError',
    ],
  ])('refuses %s', async (_, item, reason) => {
    expect(await outcomeOf(rig, '2.1', item)).toBe(reason);
  });

  it('answers with the interface that it was asked for', async () => {
    const item = call('C_Initialize', { pkcs11Interface: 'PKCS 11' });
    expect(await answerTo(item)).toMatchObject({ pkcs11Interface: 'PKCS 11' });
  });

  it('is not there in a version without it', async () => {
    expect(await outcomeOf(rig, '1.4', call('C_Initialize'))).toBe('OperationNotSupported');
  });

  it('leaves its event', async () => {
    await rig.send('2.1', [call('C_Initialize')]);
    const [event] = await rig.events();
    assertValidEvent(event);
    expect(event?.action).toBe('claviger.kmip-server.call-cryptoki');
  });
});

describe('the applications', () => {
  const owner = { adapterId: 'a', fingerprint: 'f' };

  it('are known by their own certificate only', () => {
    const bytes = (count: number) => new Uint8Array(count);
    const applications = createCryptokiApplications({ bytes }).forMessage();
    const value = applications.initialize(owner);
    applications.keep();
    expect([
      applications.isInitialized(owner, value),
      applications.isInitialized({ ...owner, fingerprint: 'g' }, value),
      applications.isInitialized({ ...owner, adapterId: 'b' }, value),
    ]).toEqual([true, false, false]);
  });

  it('are bounded in number', () => {
    let last = 0;
    const applications = createCryptokiApplications({
      bytes: (count) => new Uint8Array(new Uint32Array(count / 4).fill(++last).buffer),
    }).forMessage();
    const first = applications.initialize(owner);
    for (let made = 1; made < MAX_APPLICATIONS; made++) applications.initialize(owner);
    expect(() => applications.initialize(owner)).toThrow('C_Finalize');
    applications.finalize(owner, first);
    expect(() => applications.initialize(owner)).toThrow('C_Finalize');
    applications.keep();
    expect(applications.isInitialized(owner, applications.initialize(owner))).toBe(true);
  });
});

it('the names of CK_INFO are cut between characters', () => {
  const info = encodeCryptokiInfo({
    vendorIdentification: `${'a'.repeat(31)}ü`,
    productName: 'b'.repeat(40),
    serverVersion: 'unknown',
  });
  const text = Buffer.from(info);
  expect(text.subarray(2, 34).toString()).toBe(`${'a'.repeat(31)} `);
  expect(text.subarray(42, 74).toString()).toBe('b'.repeat(32));
  expect([...text.subarray(74)]).toEqual([0, 0]);
});
