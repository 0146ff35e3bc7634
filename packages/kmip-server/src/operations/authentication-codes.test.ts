import { createHash, createHmac } from 'node:crypto';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { attribute, type CryptographicParameters } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { bytes, hex, outcomeOf, registerKey } from './known-keys.fixtures.ts';
import { MAX_RANDOM_BYTES } from './rng-retrieve.ts';

type Mac = Extract<RequestedItem, { operation: 'MAC' }>['payload'];
type MacVerify = Extract<RequestedItem, { operation: 'MACVerify' }>['payload'];
type Hash = Extract<RequestedItem, { operation: 'Hash' }>['payload'];

// RFC 4231, test case 1.
const KEY = '0b'.repeat(20);
const DATA = new TextEncoder().encode('Hi There');
const CODE = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7';
const BOTH = { usage: ['MACGenerate', 'MACVerify'] } as const;

const making = (uniqueIdentifier: string, payload: Partial<Mac>): RequestedItem => ({
  operation: 'MAC',
  payload: { uniqueIdentifier, ...payload },
});
const checking = (uniqueIdentifier: string, payload: Partial<MacVerify>): RequestedItem => ({
  operation: 'MACVerify',
  payload: { uniqueIdentifier, ...payload },
});
const hashing = (payload: Partial<Hash>): RequestedItem => ({
  operation: 'Hash',
  payload: { cryptographicParameters: { hashingAlgorithm: 'SHA_256' }, ...payload },
});
const retrieving = (dataLength: number): RequestedItem => ({
  operation: 'RNGRetrieve',
  payload: { dataLength },
});
const seeding = (data: Uint8Array): RequestedItem => ({ operation: 'RNGSeed', payload: { data } });

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

describe('MAC and MAC Verify', () => {
  it.each(['1.2', '1.4', '2.1'] as const)(
    'compute with an HMAC key in KMIP %s',
    async (version) => {
      const id = await registerKey(rig, 'HMAC_SHA256', KEY, BOTH);
      const answers = await rig.send(version, [
        making(id, { data: DATA }),
        checking(id, { data: DATA, macData: bytes(CODE) }),
        checking(id, { data: bytes('00'), macData: bytes(CODE) }),
        checking(id, { data: DATA, macData: bytes(CODE).subarray(1) }),
      ]);
      expect(hex(successOf('MAC', answers[0]).macData)).toBe(CODE);
      const verdicts = answers
        .slice(1)
        .map((answer) => successOf('MACVerify', answer).validityIndicator);
      expect(verdicts).toEqual(['Valid', 'Invalid', 'Invalid']);
    },
  );

  it('take the algorithm of the request before that of the key', async () => {
    const id = await registerKey(rig, 'AES', '00'.repeat(16), BOTH);
    const parameters: CryptographicParameters = { cryptographicAlgorithm: 'HMAC_SHA512' };
    const [answer] = await rig.send('1.4', [
      making(id, { data: DATA, cryptographicParameters: parameters }),
    ]);
    const expected = createHmac('sha512', new Uint8Array(16)).update(DATA).digest('hex');
    expect(hex(successOf('MAC', answer).macData)).toBe(expected);
  });

  it('come in parts; the code with the first one or with the last', async () => {
    const id = await registerKey(rig, 'HMAC_SHA256', KEY, BOTH);
    const [begun] = await rig.send('1.4', [making(id, { data: DATA, initIndicator: true })]);
    const { correlationValue, macData } = successOf('MAC', begun);
    expect(macData).toBeUndefined();
    const [ended] = await rig.send('1.4', [making(id, { correlationValue, finalIndicator: true })]);
    expect(hex(successOf('MAC', ended).macData)).toBe(CODE);
    for (const [early, late] of [
      [{ macData: bytes(CODE) }, {}],
      [{}, { macData: bytes(CODE) }],
    ]) {
      const first = checking(id, { data: DATA, initIndicator: true, ...early });
      const [open] = await rig.send('1.4', [first]);
      const { correlationValue } = successOf('MACVerify', open);
      const last = checking(id, { correlationValue, finalIndicator: true, ...late });
      const [closed] = await rig.send('1.4', [last]);
      expect(successOf('MACVerify', closed).validityIndicator).toBe('Valid');
    }
  });

  it('need their bits of the Cryptographic Usage Mask, and MAC an Active key', async () => {
    const id = await registerKey(rig, 'HMAC_SHA256', KEY, { usage: ['MACGenerate'] });
    const check = checking(id, { data: DATA, macData: bytes(CODE) });
    expect(await outcomeOf(rig, '2.1', check)).toBe('IncompatibleCryptographicUsageMask');
    const young = await registerKey(rig, 'HMAC_SHA256', KEY, { ...BOTH, isPreActive: true });
    expect(await outcomeOf(rig, '2.1', making(young, { data: DATA }))).toBe(
      'WrongKeyLifecycleState',
    );
  });

  it('leave MAC no use beyond the Usage Limits', async () => {
    const limits = { usageLimitsTotal: 1n, usageLimitsUnit: 'Object' } as const;
    const attributes = [attribute('UsageLimits', { ...limits, usageLimitsCount: 1n })];
    const id = await registerKey(rig, 'HMAC_SHA256', KEY, { ...BOTH, attributes });
    expect(await outcomeOf(rig, '1.4', making(id, { data: DATA }))).toBe('Success');
    expect(await outcomeOf(rig, '1.4', making(id, { data: DATA }))).toBe('PermissionDenied');
  });
});

describe('Hash', () => {
  it('digests data, at once or in parts', async () => {
    const expected = createHash('sha256').update(DATA).digest('hex');
    const [whole] = await rig.send('2.1', [hashing({ data: DATA })]);
    expect(hex(successOf('Hash', whole).data)).toBe(expected);
    const [begun] = await rig.send('1.4', [hashing({ data: DATA, initIndicator: true })]);
    const { correlationValue } = successOf('Hash', begun);
    const [ended] = await rig.send('1.4', [hashing({ correlationValue, finalIndicator: true })]);
    expect(hex(successOf('Hash', ended).data)).toBe(expected);
  });

  it.each<[string, Partial<Hash>]>([
    ['no data', {}],
    ['no algorithm', { data: DATA, cryptographicParameters: {} }],
    [
      'an algorithm that the runtime lacks',
      { data: DATA, cryptographicParameters: { hashingAlgorithm: 'Tiger' } },
    ],
  ])('is refused for %s', async (_, payload) => {
    expect(await outcomeOf(rig, '1.4', hashing(payload))).toBe('InvalidField');
  });
});

describe('RNG Retrieve and RNG Seed', () => {
  it('answer as many random bytes as were asked for', async () => {
    const [answer] = await rig.send('1.2', [retrieving(33)]);
    expect(successOf('RNGRetrieve', answer).data).toHaveLength(33);
  });

  it.each([0, -1, MAX_RANDOM_BYTES + 1])('refuse %i bytes', async (count) => {
    expect(await outcomeOf(rig, '2.1', retrieving(count))).toBe('InvalidField');
  });

  it('take none of the seed of a client, and say so', async () => {
    const [answer] = await rig.send('1.4', [seeding(bytes('0102'))]);
    expect(successOf('RNGSeed', answer)).toEqual({ dataLength: 0 });
    expect(await outcomeOf(rig, '1.4', seeding(new Uint8Array(0)))).toBe('InvalidField');
  });

  it('take what the settings say of a seed, or refuse it', async () => {
    const seed = new Uint8Array(32).fill(0x5e);
    for (const [rngSeed, dataLength] of [
      ['accept', 32],
      ['partial', 16],
    ] as const) {
      const seeded = await startMessageRig({ rngSeed });
      const [answer, random] = await seeded.send('1.4', [seeding(seed), retrieving(48)]);
      expect(successOf('RNGSeed', answer)).toEqual({ dataLength });
      expect(successOf('RNGRetrieve', random).data).toHaveLength(48);
    }
    const closed = await startMessageRig({ rngSeed: 'deny' });
    expect(await outcomeOf(closed, '1.4', seeding(seed))).toBe('PermissionDenied');
    expect(await closed.events()).toMatchObject([
      { action: 'claviger.kmip-server.seed-random', outcome: 'failure' },
    ]);
  });
});

it('each of them leaves its event, with no byte of code, random or seed', async () => {
  const id = await registerKey(rig, 'HMAC_SHA256', KEY, BOTH);
  const seed = bytes('5eed'.repeat(8));
  const [made, , , random] = await rig.send('1.4', [
    making(id, { data: DATA }),
    checking(id, { data: DATA, macData: bytes(CODE) }),
    hashing({ data: DATA }),
    retrieving(32),
    seeding(seed),
  ]);
  const events = (await rig.events()).slice(-5);
  for (const event of events) assertValidEvent(event);
  expect(events.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'claviger.kmip-key.mac success',
    'claviger.kmip-key.verify-mac success',
    'claviger.kmip-server.hash success',
    'claviger.kmip-server.retrieve-random success',
    'claviger.kmip-server.seed-random success',
  ]);
  const told = JSON.stringify([events, rig.log.lines]);
  const secrets = [successOf('MAC', made).macData, successOf('RNGRetrieve', random).data, seed];
  for (const secret of secrets) expect(told).not.toContain(hex(secret));
});
