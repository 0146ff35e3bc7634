import { attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import {
  activate,
  addAttribute,
  create,
  createNamed,
  get,
  locate,
  NOBODY,
} from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

describe('the Batch Error Continuation Option (1.4 §6.13)', () => {
  const items = [createNamed('one'), get(NOBODY), createNamed('two')];
  const send = (batchErrorContinuationOption?: 'Continue' | 'Stop' | 'Undo') =>
    rig.send('1.4', items, { header: { batchErrorContinuationOption } });

  it.each([undefined, 'Stop'] as const)('%s ends the batch with the failure', async (option) => {
    expect(await send(option)).toMatchObject([
      { operation: 'Create', resultStatus: 'Success' },
      { operation: 'Get', resultStatus: 'OperationFailed', resultReason: 'ItemNotFound' },
    ]);
    expect(await rig.countObjects()).toBe(1);
    expect(await rig.events()).toMatchObject([{ outcome: 'success' }, { outcome: 'failure' }]);
  });

  it('Continue runs what comes after', async () => {
    expect(await send('Continue')).toMatchObject([
      { resultStatus: 'Success' },
      { resultStatus: 'OperationFailed' },
      { resultStatus: 'Success' },
    ]);
    expect(await rig.countObjects()).toBe(2);
    expect(await rig.events()).toHaveLength(3);
  });

  it('Undo takes back what came before, and says so in the answer and in the events', async () => {
    expect(await send('Undo')).toMatchObject([
      { operation: 'Create', resultStatus: 'OperationUndone', payload: undefined },
      { operation: 'Get', resultStatus: 'OperationFailed', resultReason: 'ItemNotFound' },
    ]);
    expect(await rig.countObjects()).toBe(0);
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
    const [, id] = [await rig.countObjects(), (await rig.events())[0]?.target.name];
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
    expect(await rig.countObjects()).toBe(0);
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
  const missing = 'ItemNotFound';
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
});

describe('Locate in a batch', () => {
  it('sees what the batch did before it', async () => {
    const [created, , located, , emptied] = await rig.send('1.4', [
      createNamed('new'),
      activate(),
      locate(aName('new')),
      {
        operation: 'Revoke',
        payload: { revocationReason: { revocationReasonCode: 'CACompromise' } },
      },
      locate(attribute('State', 'Active')),
    ]);
    expect(located?.payload).toMatchObject({
      uniqueIdentifier: [successOf('Create', created).uniqueIdentifier],
    });
    expect(emptied?.payload).toMatchObject({ uniqueIdentifier: [] });
  });

  it('a Name of the batch is taken for the rest of it', async () => {
    expect(await rig.send('1.4', [createNamed('same'), createNamed('same')])).toMatchObject([
      { resultStatus: 'Success' },
      { resultReason: 'InvalidField' },
    ]);
  });
});
