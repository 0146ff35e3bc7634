import { CREDENTIAL_VALUES, encodeItem, TAGS, type Version } from '@claviger/kmip-protocol';
import { encodeTtlv } from '@claviger/ttlv-codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { showing, ticketOf } from '../credentials/credential-rig.fixtures.ts';
import { aMessage } from '../messages.fixtures.ts';
import { bytes } from '../operations/known-keys.fixtures.ts';
import { create, DISCOVER_VERSIONS, QUERY } from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

const DEVICE = {
  credentialType: 'Device',
  credentialValue: encodeItem(CREDENTIAL_VALUES.Device, { deviceIdentifier: 'd' }, '2.1'),
} as const;

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

/** Makes the first item one of another operation, with the payload that it has. */
function withOperation(bytes: Uint8Array, operation: number): Uint8Array {
  const item = [0x42, 0x00, 0x5c, 0x05, 0, 0, 0, 4];
  const at = bytes.findIndex((_, start) => item.every((byte, n) => bytes[start + n] === byte));
  new DataView(bytes.buffer).setUint32(at + item.length, operation);
  return bytes;
}

describe('a message that cannot be read', () => {
  it.each<[number, number, Version, string]>([
    [0, 9, '1.0', 'InvalidMessage'],
    [1, 9, '1.4', 'InvalidMessage'],
    [2, 2, '2.1', 'UnsupportedProtocolVersion'],
    [3, 0, '2.1', 'UnsupportedProtocolVersion'],
  ])('of version %i.%i is refused in %s', async (major, minor, version, reason) => {
    const header = {
      protocolVersion: { protocolVersionMajor: major, protocolVersionMinor: minor },
    };
    const answer = await rig.answer(aMessage('1.4', [QUERY], { header }));
    expect(answer.version).toBe(version);
    expect(answer.items).toMatchObject([
      { operation: undefined, resultStatus: 'OperationFailed', resultReason: reason },
    ]);
    expect(await rig.events()).toMatchObject([
      { action: 'claviger.kmip-request.default', outcome: 'failure' },
    ]);
  });

  it.each([0, 2])('with a Batch Count of %i for one item is refused', async (batchCount) => {
    const { items } = await rig.answer(aMessage('1.4', [create()], { header: { batchCount } }));
    expect(items).toMatchObject([{ operation: undefined, resultReason: 'InvalidMessage' }]);
    expect(await rig.countObjects()).toBe(0);
  });

  it('with a negative Maximum Response Size is refused', async () => {
    const bytes = aMessage('1.4', [create()], { header: { maximumResponseSize: -1 } });
    expect((await rig.answer(bytes)).items).toMatchObject([{ resultReason: 'InvalidMessage' }]);
  });

  it('is refused in its version when its end is damaged', async () => {
    const bytes = aMessage('1.2', [create()]);
    bytes.set([0xff, 0xff, 0xff, 0xff], bytes.byteLength - 4); // padding of the usage mask
    const { version, items } = await rig.answer(bytes);
    expect([version, items]).toMatchObject(['1.2', [{ resultReason: 'InvalidMessage' }]]);
  });

  it('closes the connection when it has no header, with an event', async () => {
    const bytes = encodeTtlv({ tag: TAGS.RequestMessage, type: 'Structure', value: [] });
    expect(await rig.process(bytes)).toMatchObject({ kind: 'close' });
    expect(await rig.events()).toHaveLength(1);
  });
});

describe('a header', () => {
  it.each<[Version, Version, string]>([
    ['1.0', '1.1', 'Device'],
    ['1.4', '2.0', 'Ticket'],
  ])(
    'of %s, but not of %s, is refused with a %s, which came later',
    async (before, since, type) => {
      const header = showing(type === 'Device' ? DEVICE : ticketOf(bytes('01')));
      const { items } = await rig.answer(aMessage(before, [create()], header));
      expect(items).toMatchObject([{ operation: 'Create', resultReason: 'InvalidField' }]);
      expect(await rig.countObjects()).toBe(0);
      const [answer] = (await rig.answer(aMessage(since, [create()], header))).items;
      expect(answer?.resultReason).not.toBe('InvalidField');
    },
  );
});

describe('an operation', () => {
  it.each<[Version, string | undefined]>([
    ['1.0', 'OperationNotSupported'],
    ['1.1', undefined],
  ])('Discover Versions in %s gives %s', async (version, reason) => {
    expect((await rig.send(version, [DISCOVER_VERSIONS]))[0]?.resultReason).toBe(reason);
  });

  it('that nobody knows is not supported, and is recorded', async () => {
    const bytes = withOperation(aMessage('1.4', [QUERY]), 0x80000011);
    expect((await rig.answer(bytes)).items).toMatchObject([
      { operation: '0x80000011', resultReason: 'OperationNotSupported' },
    ]);
    expect(await rig.events()).toMatchObject([
      { action: 'claviger.kmip-request.default', requestData: { kmipOperation: '0x80000011' } },
    ]);
  });

  it('whose payload cannot be read fails alone, and says where it is wrong', async () => {
    const header = { batchErrorContinuationOption: 'Continue' } as const;
    const bytes = withOperation(aMessage('1.4', [QUERY, DISCOVER_VERSIONS], { header }), 1); // Create
    expect((await rig.answer(bytes)).items).toMatchObject([
      {
        operation: 'Create',
        resultReason: 'InvalidField',
        resultMessage: expect.stringContaining('RequestPayload'),
      },
      { operation: 'DiscoverVersions', resultStatus: 'Success' },
    ]);
  });
});

describe('a Message Extension (1.4 §6.16)', () => {
  const extension = (criticalityIndicator: boolean) => ({
    messageExtension: [
      {
        vendorIdentification: 'ACME',
        criticalityIndicator,
        vendorExtension: { tag: TAGS.VendorExtension, type: 'Structure', value: [] } as const,
      },
    ],
  });

  it('that is not critical is passed over', async () => {
    expect(await rig.send('1.4', [{ ...create(), ...extension(false) }])).toMatchObject([
      { resultStatus: 'Success' },
    ]);
  });

  it('that is critical rejects the entire message', async () => {
    const items = [create(), { ...QUERY, ...extension(true) }];
    expect(await rig.send('1.4', items)).toMatchObject([
      { operation: 'Create', resultReason: 'FeatureNotSupported' },
      { operation: 'Query', resultReason: 'FeatureNotSupported' },
    ]);
    expect(await rig.countObjects()).toBe(0);
    expect(await rig.events()).toMatchObject([{ outcome: 'failure' }, { outcome: 'failure' }]);
  });
});
