import { attribute, TAGS, type Version } from '@claviger/kmip-protocol';
import { encodeTtlv } from '@claviger/ttlv-codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { aMessage, parseAnswer, type RequestedItem } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import {
  activate,
  addAttribute,
  create,
  createNamed,
  DISCOVER_VERSIONS,
  get,
  locate,
  NOBODY,
  QUERY,
} from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const count = async () => {
  const where = { kind: 'and', of: [] } as const;
  const { adapter } = rig.source.principal.record;
  return (await rig.store.locateObjects(adapter.id, { where, offset: 0, limit: 0 })).total;
};

/** Makes the first item one of another operation, with the payload that it has. */
function withOperation(bytes: Uint8Array, operation: number): Uint8Array {
  const item = [0x42, 0x00, 0x5c, 0x05, 0, 0, 0, 4];
  const at = bytes.findIndex((_, start) => item.every((byte, n) => bytes[start + n] === byte));
  new DataView(bytes.buffer).setUint32(at + item.length, operation);
  return bytes;
}

/** The only answer to what the bytes say. */
async function answerTo(bytes: Uint8Array) {
  const processed = await rig.process(bytes);
  if (processed.kind !== 'answer') throw new Error(`There is no answer: ${processed.kind}.`);
  return parseAnswer(processed.bytes);
}

describe('the Batch Error Continuation Option (1.4 §6.13)', () => {
  const items = [createNamed('one'), get(NOBODY), createNamed('two')];
  const send = (batchErrorContinuationOption?: 'Continue' | 'Stop' | 'Undo') =>
    rig.send('1.4', items, { header: { batchErrorContinuationOption } });

  it.each([undefined, 'Stop'] as const)('%s ends the batch with the failure', async (option) => {
    expect(await send(option)).toMatchObject([
      { operation: 'Create', resultStatus: 'Success' },
      { operation: 'Get', resultStatus: 'OperationFailed', resultReason: 'ItemNotFound' },
    ]);
    expect(await count()).toBe(1);
    expect(await rig.events()).toMatchObject([{ outcome: 'success' }, { outcome: 'failure' }]);
  });

  it('Continue runs what comes after', async () => {
    expect(await send('Continue')).toMatchObject([
      { resultStatus: 'Success' },
      { resultStatus: 'OperationFailed' },
      { resultStatus: 'Success' },
    ]);
    expect(await count()).toBe(2);
    expect(await rig.events()).toHaveLength(3);
  });

  it('Undo takes back what came before, and says so in the answer and in the events', async () => {
    expect(await send('Undo')).toMatchObject([
      { operation: 'Create', resultStatus: 'OperationUndone', payload: undefined },
      { operation: 'Get', resultStatus: 'OperationFailed', resultReason: 'ItemNotFound' },
    ]);
    expect(await count()).toBe(0);
    const [undone, failed] = await rig.events();
    expect(undone).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'failure',
      target: { name: '' },
      reason: { reasonForFailure: expect.stringContaining('undone, because a later item failed') },
    });
    expect(failed).toMatchObject({ action: 'hs-crypto.kmip-key.read', outcome: 'failure' });
    expect(failed?.correlationId).toBe(undone?.correlationId);
  });

  it('Undo leaves an object, and its event, in the State that it had', async () => {
    await rig.send('1.4', [createNamed('kept')]);
    const [, id] = [await count(), (await rig.events())[0]?.target.name];
    await rig.send('1.4', [activate(id), get(NOBODY)], {
      header: { batchErrorContinuationOption: 'Undo' },
    });
    expect((await rig.events())[1]).toMatchObject({
      action: 'hs-crypto.kmip-key.activate',
      outcome: 'failure',
      target: { name: id },
      responseData: { keyState: 0 },
    });
    expect(await rig.send('1.4', [activate(id)])).toMatchObject([{ resultStatus: 'Success' }]);
  });

  it('a value without a name fails the items', async () => {
    expect(
      await rig.send('1.4', [create()], {
        header: { batchErrorContinuationOption: '0x00000007' },
      }),
    ).toMatchObject([{ operation: 'Create', resultReason: 'InvalidField' }]);
    expect(await count()).toBe(0);
  });
});

describe('the ID Placeholder (1.4 §4)', () => {
  it('leads from Create to what follows', async () => {
    const [created, activated, got] = await rig.send('1.4', [create(), activate(), get()]);
    const uniqueIdentifier = (await rig.events())[0]?.target.name;
    expect(created?.payload).toMatchObject({ uniqueIdentifier });
    expect(activated?.payload).toEqual({ uniqueIdentifier });
    expect(got?.payload).toMatchObject({ uniqueIdentifier, objectType: 'SymmetricKey' });
  });

  it('leads in 2.x by its name as well', async () => {
    const [, got] = await rig.send('2.1', [
      create(),
      { operation: 'Get', payload: { uniqueIdentifier: { placeholder: 'IDPlaceholder' } } },
    ]);
    expect(got).toMatchObject({ resultStatus: 'Success' });
  });

  const found = 'Success';
  const missing = 'MissingData';
  it.each([
    ['the only one that matches', 'a', {}, found],
    ['one, if one was asked for', 'b', { maximumItems: 1 }, found],
    ['none of several', 'b', {}, missing],
    ['none of several, if at most two were asked for', 'b', { maximumItems: 2 }, missing],
    ['none of several, if the page has one', 'b', { offsetItems: 1 }, missing],
    ['none, if there is none', 'c', {}, missing],
    ['none, if none may be listed', 'a', { maximumItems: 0 }, missing],
  ])('takes from Locate %s', async (_, group, page, expected) => {
    for (const each of ['a', 'b', 'b']) {
      await rig.send('1.4', [create()]);
      const id = (await rig.events()).at(-1)?.target.name ?? '';
      await rig.send('1.4', [addAttribute(attribute('ObjectGroup', each), id)]);
    }
    // A placeholder that was there before is replaced, or emptied.
    const items: readonly RequestedItem[] = [
      create(),
      {
        operation: 'Locate',
        payload: { attributes: [attribute('ObjectGroup', group)], ...page },
      },
      get(),
    ];
    const [, , got] = await rig.send('1.4', items);
    expect(got?.resultReason ?? got?.resultStatus).toBe(expected);
  });

  it('is not there in the next message', async () => {
    await rig.send('1.4', [create()]);
    expect(await rig.send('1.4', [get()])).toMatchObject([{ resultReason: 'MissingData' }]);
    expect(await rig.send('2.1', [get()])).toMatchObject([{ resultReason: 'InvalidMessage' }]);
  });

  it.each([{ placeholder: 'Create' }, { batchIndex: 0 }] as const)(
    'is the only way to name an object of the batch: %o is refused',
    async (uniqueIdentifier) => {
      expect(
        await rig.send('2.1', [create(), { operation: 'Get', payload: { uniqueIdentifier } }]),
      ).toMatchObject([{}, { resultReason: 'FeatureNotSupported' }]);
    },
  );
});

describe('Locate in a batch', () => {
  it('sees what the batch did before it', async () => {
    const [, , located, , emptied] = await rig.send('1.4', [
      createNamed('new'),
      activate(),
      locate(aName('new')),
      {
        operation: 'Revoke',
        payload: { revocationReason: { revocationReasonCode: 'CACompromise' } },
      },
      locate(attribute('State', 'Active')),
    ]);
    expect(located?.payload).toMatchObject({ locatedItems: 1 });
    expect(emptied?.payload).toMatchObject({ locatedItems: 0, uniqueIdentifier: [] });
  });

  it('a Name of the batch is taken for the rest of it', async () => {
    expect(await rig.send('1.4', [createNamed('same'), createNamed('same')])).toMatchObject([
      { resultStatus: 'Success' },
      { resultReason: 'InvalidField' },
    ]);
  });
});

describe('Maximum Response Size (1.4 §6.3)', () => {
  const header = { maximumResponseSize: 300 };

  it('a larger answer fails all that had succeeded, and nothing has changed', async () => {
    expect(
      await rig.send('1.4', [createNamed('one'), createNamed('two')], { header }),
    ).toMatchObject([
      { operation: 'Create', resultStatus: 'OperationFailed', resultReason: 'ResponseTooLarge' },
      { operation: 'Create', resultStatus: 'OperationFailed', resultReason: 'ResponseTooLarge' },
    ]);
    expect(await count()).toBe(0);
    expect(await rig.events()).toMatchObject([{ outcome: 'failure' }, { outcome: 'failure' }]);
  });

  it('the event of an object that is too large to get tells the object', async () => {
    await rig.send('1.4', [create()]);
    const id = (await rig.events())[0]?.target.name;
    await rig.send('1.4', [get(id)], { header });
    expect((await rig.events())[1]).toMatchObject({
      action: 'hs-crypto.kmip-key.read',
      outcome: 'failure',
      target: { name: id },
      responseData: { keyState: 0 },
    });
  });

  it('an answer of exactly that size is sent', async () => {
    const { bytes } = (await rig.process(aMessage('1.4', [QUERY]))) as { bytes: Uint8Array };
    const size = bytes.byteLength;
    const reasonFor = async (maximumResponseSize: number) =>
      (await rig.send('1.4', [QUERY], { header: { maximumResponseSize } }))[0]?.resultReason;
    expect([await reasonFor(size), await reasonFor(size - 1)]).toEqual([
      undefined,
      'ResponseTooLarge',
    ]);
  });

  it('the server has a bound of its own, and stops a batch that outgrows it', async () => {
    rig = await startMessageRig({ maxResponseBytes: 2000 });
    const answers = await rig.send(
      '1.4',
      Array.from({ length: 500 }, () => create()),
      {
        header: { maximumResponseSize: 1_000_000 },
      },
    );
    expect(answers.length).toBeLessThan(60);
    expect(new Set(answers.map(({ resultReason }) => resultReason))).toEqual(
      new Set(['ResponseTooLarge']),
    );
    expect(await count()).toBe(0);
  });
});

describe('the header', () => {
  it('echoes a Unique Batch Item ID, and leaves out what was not there', async () => {
    const id = Uint8Array.of(1, 2, 3);
    const [first, second] = await rig.send('1.4', [{ ...QUERY, id }, DISCOVER_VERSIONS]);
    expect(first?.uniqueBatchItemID).toEqual(id);
    expect(second?.uniqueBatchItemID).toBeUndefined();
  });

  it('echoes the Client Correlation Value and logs it', async () => {
    const bytes = aMessage('1.4', [get(NOBODY)], { header: { clientCorrelationValue: 'job 7' } });
    const { header } = await answerTo(bytes);
    expect(header.clientCorrelationValue).toBe('job 7');
    expect(rig.log.lines.find(({ level }) => level === 'info')?.fields).toMatchObject({
      clientCorrelationValue: 'job 7',
    });
  });

  it('names the message as log and events do', async () => {
    const bytes = aMessage('1.4', [get(NOBODY)], { header: { clientCorrelationValue: 'job 7' } });
    const { header } = await answerTo(bytes);
    const [event] = await rig.events();
    expect(header.serverCorrelationValue).toBe(event?.correlationId);
    expect(rig.log.lines.at(-1)?.fields).toMatchObject({ correlationId: event?.correlationId });
  });

  it('has the time of the server', async () => {
    rig.clock.advance(90_000);
    const { header } = await answerTo(aMessage('1.0', [QUERY]));
    expect(header.timeStamp).toBe(Math.floor(rig.clock.now() / 1000));
  });

  it('reads Authentication, and goes by the certificate', async () => {
    const credential = {
      credentialType: 'UsernameAndPassword',
      credentialValue: {
        tag: TAGS.CredentialValue,
        type: 'Structure',
        value: [
          { tag: TAGS.Username, type: 'TextString', value: 'somebody' },
          { tag: TAGS.Password, type: 'TextString', value: 'hunter2' },
        ],
      },
    } as const;
    const header = { authentication: { credential: [credential] } };
    expect(await rig.send('1.1', [create()], { header })).toMatchObject([
      { resultStatus: 'Success' },
    ]);
    expect(JSON.stringify([rig.log.lines, await rig.events()])).not.toMatch(/somebody|hunter2/);
  });

  it('1.x: an asynchronous answer is allowed, and is not given', async () => {
    const header = { asynchronousIndicator: true };
    expect(await rig.send('1.4', [QUERY], { header })).toMatchObject([{ resultStatus: 'Success' }]);
  });

  it.each([
    ['Prohibited', undefined],
    ['Optional', undefined],
    ['Mandatory', 'FeatureNotSupported'],
  ] as const)('2.x: an Asynchronous Indicator %s is answered with %s', async (value, reason) => {
    const header = { asynchronousIndicator: value };
    const [created] = await rig.send('2.1', [create()], { header });
    expect(created).toMatchObject({ operation: 'Create' });
    expect(created?.resultReason).toBe(reason);
    expect(await count()).toBe(reason === undefined ? 1 : 0);
  });
});

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
    const answer = await answerTo(aMessage('1.4', [QUERY], { header }));
    expect(answer.version).toBe(version);
    expect(answer.items).toMatchObject([
      { operation: undefined, resultStatus: 'OperationFailed', resultReason: reason },
    ]);
    expect(await rig.events()).toMatchObject([
      { action: 'claviger.kmip-request.default', outcome: 'failure' },
    ]);
  });

  it.each([0, 2])('with a Batch Count of %i for one item is refused', async (batchCount) => {
    const { items } = await answerTo(aMessage('1.4', [create()], { header: { batchCount } }));
    expect(items).toMatchObject([{ operation: undefined, resultReason: 'InvalidMessage' }]);
    expect(await count()).toBe(0);
  });

  it('with a negative Maximum Response Size is refused', async () => {
    const bytes = aMessage('1.4', [create()], { header: { maximumResponseSize: -1 } });
    expect((await answerTo(bytes)).items).toMatchObject([{ resultReason: 'InvalidMessage' }]);
  });

  it('is refused in its version when its end is damaged', async () => {
    const bytes = aMessage('1.2', [create()]);
    bytes.set([0xff, 0xff, 0xff, 0xff], bytes.byteLength - 4); // padding of the usage mask
    const { version, items } = await answerTo(bytes);
    expect([version, items]).toMatchObject(['1.2', [{ resultReason: 'InvalidMessage' }]]);
  });

  it('closes the connection when it has no header, with an event', async () => {
    const bytes = encodeTtlv({ tag: TAGS.RequestMessage, type: 'Structure', value: [] });
    expect(await rig.process(bytes)).toMatchObject({ kind: 'close' });
    expect(await rig.events()).toHaveLength(1);
  });
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
    expect((await answerTo(bytes)).items).toMatchObject([
      { operation: '0x80000011', resultReason: 'OperationNotSupported' },
    ]);
    expect(await rig.events()).toMatchObject([
      { action: 'claviger.kmip-request.default', requestData: { kmipOperation: '0x80000011' } },
    ]);
  });

  it('whose payload cannot be read fails alone, and says where it is wrong', async () => {
    const header = { batchErrorContinuationOption: 'Continue' } as const;
    const bytes = withOperation(aMessage('1.4', [QUERY, DISCOVER_VERSIONS], { header }), 1); // Create
    expect((await answerTo(bytes)).items).toMatchObject([
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
    expect(await count()).toBe(0);
    expect(await rig.events()).toMatchObject([{ outcome: 'failure' }, { outcome: 'failure' }]);
  });
});

describe('what cannot happen', () => {
  it('fails the item with a sentence that tells the client nothing, and the log all', async () => {
    const boom = new Error('the bus is on fire');
    rig = await startMessageRig({
      randomness: {
        bytes() {
          throw boom;
        },
      },
    });
    expect(await rig.send('1.4', [create()])).toMatchObject([
      {
        resultReason: 'GeneralFailure',
        resultMessage: 'The server could not do this; its log says why.',
      },
    ]);
    const line = rig.log.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ code: 'internal', err: boom });
    expect(await rig.events()).toMatchObject([{ reason: { reasonCode: 500 } }]);
  });
});
