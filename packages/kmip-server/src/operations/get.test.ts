import { attribute, type OPERATION_SCHEMAS, type RequestOf } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { activate, create, destroy, get } from '../requests.fixtures.ts';

type GetRequest = RequestOf<typeof OPERATION_SCHEMAS.Get>;

let rig: MessageRig;
let id: string;
beforeEach(async () => {
  rig = await startMessageRig();
  const [created] = await rig.send('1.4', [create()]);
  id = String(successOf('Create', created).uniqueIdentifier);
});

const ask = (request: Partial<GetRequest>): RequestedItem => ({
  operation: 'Get',
  payload: { uniqueIdentifier: id, ...request },
});

describe('Get', () => {
  it.each(['1.0', '1.4', '2.1'] as const)(
    'answers the key in the clear in KMIP %s',
    async (version) => {
      const [answer] = await rig.send(version, [get(id)]);
      expect(successOf('Get', answer)).toEqual({
        objectType: 'SymmetricKey',
        uniqueIdentifier: id,
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            keyValue: { keyMaterial: new Uint8Array(32).fill(1), attributes: [] },
            cryptographicAlgorithm: 'AES',
            cryptographicLength: 256,
          },
        },
      });
    },
  );

  it('answers it in every State but the destroyed ones', async () => {
    const revoke = (code: 'Superseded' | 'KeyCompromise'): RequestedItem => ({
      operation: 'Revoke',
      payload: { uniqueIdentifier: id, revocationReason: { revocationReasonCode: code } },
    });
    for (const step of [activate(id), revoke('Superseded'), revoke('KeyCompromise')]) {
      expect(await rig.send('1.4', [step, get(id)])).toMatchObject([
        { resultStatus: 'Success' },
        { resultStatus: 'Success' },
      ]);
    }
    await rig.send('1.4', [destroy(id)]);
    const answers = [...(await rig.send('1.4', [get(id)])), ...(await rig.send('2.1', [get(id)]))];
    expect(answers.map(({ resultReason }) => resultReason)).toEqual([
      'ItemNotFound',
      'ObjectDestroyed',
    ]);
  });

  const rows: readonly (readonly [string, Partial<GetRequest>, string, string])[] = [
    ['the format that it has', { keyFormatType: 'Raw' }, 'Success', 'Success'],
    ['its transparent format', { keyFormatType: 'TransparentSymmetricKey' }, 'Success', 'Success'],
    [
      'a format of other keys',
      { keyFormatType: 'PKCS_8' },
      'KeyFormatTypeNotSupported',
      'KeyFormatTypeNotSupported',
    ],
    ['no wrapping', { keyWrapType: 'NotWrapped' }, 'Success', 'Success'],
    ['the wrapping it came with, none', { keyWrapType: 'AsRegistered' }, 'Success', 'Success'],
    [
      'compression',
      { keyCompressionType: 'ECPublicKeyTypeUncompressed' },
      'KeyCompressionTypeNotSupported',
      'KeyCompressionTypeNotSupported',
    ],
    [
      'wrapping without a key for it',
      { keyWrappingSpecification: { wrappingMethod: 'Encrypt', attributeName: [] } },
      'InvalidField',
      'InvalidField',
    ],
  ];
  it.each(rows)('asked for %s: %j gives %s and in 2.x %s', async (_, request, first, second) => {
    const answers = [
      ...(await rig.send('1.4', [ask(request)])),
      ...(await rig.send('2.1', [ask(request)])),
    ];
    expect(answers.map((answer) => answer.resultReason ?? answer.resultStatus)).toEqual([
      first,
      second,
    ]);
  });

  it('is what makes an object fresh no more', async () => {
    const fresh = async () => {
      const ask: RequestedItem = {
        operation: 'GetAttributes',
        payload: {
          uniqueIdentifier: id,
          attributeReferences: [{ kind: 'standard', name: 'Fresh' }],
        },
      };
      const [answer] = await rig.send('1.4', [ask]);
      return successOf('GetAttributes', answer).attributes;
    };
    expect(await fresh()).toEqual([attribute('Fresh', true)]);
    await rig.send('1.4', [get(id)]);
    expect(await fresh()).toEqual([attribute('Fresh', false)]);
  });

  it.each([
    ['Sensitive', attribute('Sensitive', true), 'PermissionDenied', 'Sensitive'],
    ['not Extractable', attribute('Extractable', false), 'PermissionDenied', 'NotExtractable'],
  ] as const)('refuses a key that is %s, and says so as the version can', async (...row) => {
    const [, set, before, since] = row;
    await rig.send('1.4', [create(set)]);
    const refused = (await rig.events()).at(-1)?.target.name;
    const answers = [
      ...(await rig.send('1.3', [get(refused)])),
      ...(await rig.send('1.4', [get(refused)])),
    ];
    expect(answers.map(({ resultReason }) => resultReason)).toEqual([before, since]);
    expect((await rig.events()).at(-1)).toMatchObject({
      severity: 'critical',
      reason: { reasonCode: 403 },
    });
  });
});
