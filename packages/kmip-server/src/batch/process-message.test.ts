import { TAGS } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { aMessage } from '../messages.fixtures.ts';
import {
  create,
  createNamed,
  DISCOVER_VERSIONS,
  get,
  NOBODY,
  QUERY,
} from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
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
    expect(await rig.countObjects()).toBe(0);
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
    expect(await rig.countObjects()).toBe(0);
  });
});

describe('the header', () => {
  it('echoes a Unique Batch Item ID, and leaves out what was not there', async () => {
    const id = Uint8Array.of(1, 2, 3);
    const [first, second] = await rig.send('1.4', [{ ...QUERY, id }, DISCOVER_VERSIONS]);
    expect(first?.uniqueBatchItemID).toEqual(id);
    expect(second?.uniqueBatchItemID).toBeUndefined();
  });

  it('logs the Client Correlation Value and does not send it back', async () => {
    const bytes = aMessage('1.4', [get(NOBODY)], { header: { clientCorrelationValue: 'job 7' } });
    const { header } = await rig.answer(bytes);
    expect(header.clientCorrelationValue).toBeUndefined();
    expect(rig.log.lines.find(({ level }) => level === 'info')?.fields).toMatchObject({
      clientCorrelationValue: 'job 7',
    });
  });

  it('names the message as log and events do', async () => {
    const bytes = aMessage('1.4', [get(NOBODY)], { header: { clientCorrelationValue: 'job 7' } });
    const { header } = await rig.answer(bytes);
    const [event] = await rig.events();
    expect(header.serverCorrelationValue).toBe(event?.correlationId);
    expect(rig.log.lines.at(-1)?.fields).toMatchObject({ correlationId: event?.correlationId });
  });

  it('has the time of the server', async () => {
    rig.clock.advance(90_000);
    const { header } = await rig.answer(aMessage('1.0', [QUERY]));
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
    ['Prohibited', 'Success'],
    ['Optional', 'Success'],
    ['Mandatory', 'OperationPending'],
  ] as const)('2.x: an Asynchronous Indicator %s is answered with %s', async (value, status) => {
    const header = { asynchronousIndicator: value };
    const [created] = await rig.send('2.1', [create()], { header });
    expect(created).toMatchObject({ operation: 'Create', resultStatus: status });
    expect(await rig.countObjects()).toBe(status === 'Success' ? 1 : 0);
  });

  it('2.x: an Asynchronous Indicator that there is not is an Invalid Field', async () => {
    const header = { asynchronousIndicator: '0x00000009' as const };
    const [created] = await rig.send('2.1', [create()], { header });
    expect(created).toMatchObject({ operation: 'Create', resultReason: 'InvalidField' });
    expect(await rig.countObjects()).toBe(0);
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
        resultMessage: expect.stringMatching(
          /^The server could not do this; its log says why[.] Correlation id: [0-9a-f-]{36}[.]$/,
        ),
      },
    ]);
    const line = rig.log.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ code: 'internal', err: boom });
    expect(await rig.events()).toMatchObject([{ reason: { reasonCode: 500 } }]);
  });
});
