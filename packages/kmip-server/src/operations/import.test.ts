import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName, NOW } from '../objects/managed-object.fixtures.ts';
import { create, get, getAttributes, NOBODY } from '../requests.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const importing = (
  uniqueIdentifier: string,
  attributes: readonly Attribute[] = [],
  replaceExisting?: boolean,
): RequestedItem => ({
  operation: 'Import',
  payload: {
    uniqueIdentifier,
    objectType: 'SymmetricKey',
    ...(replaceExisting !== undefined && { replaceExisting }),
    attributes: [attribute('CryptographicUsageMask', 12), ...attributes],
    symmetricKey: {
      keyBlock: {
        keyFormatType: 'Raw',
        keyValue: { keyMaterial: new Uint8Array(16).fill(7), attributes: [] },
        cryptographicAlgorithm: 'AES',
        cryptographicLength: 128,
      },
    },
  },
});

describe('Import', () => {
  it('keeps what the object was elsewhere', async () => {
    const history = [
      attribute('State', 'Deactivated'),
      attribute('InitialDate', NOW - 5000),
      attribute('DeactivationDate', NOW - 10),
      aName('from elsewhere'),
    ];
    const [imported, read, key] = await rig.send('2.1', [
      importing(NOBODY, history),
      getAttributes(),
      get(),
    ]);
    const { uniqueIdentifier } = successOf('Import', imported);
    expect(uniqueIdentifier).not.toBe(NOBODY);
    const { attributes } = successOf('GetAttributes', read);
    expect(attributes).toEqual(
      expect.arrayContaining([...history, attribute('LastChangeDate', NOW)]),
    );
    expect(successOf('Get', key).symmetricKey?.keyBlock.cryptographicLength).toBe(128);
    expect((await rig.events())[0]).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'success',
    });
  });

  it('replaces an object only when it is told to', async () => {
    const [made] = await rig.send('1.4', [create()]);
    const id = String(successOf('Create', made).uniqueIdentifier);
    expect(await rig.send('2.1', [importing(id)])).toMatchObject([
      { resultReason: 'ObjectAlreadyExists' },
    ]);
    const [imported, key] = await rig.send('2.1', [importing(id, [], true), get(id)]);
    expect(successOf('Import', imported).uniqueIdentifier).toBe(id);
    expect(successOf('Get', key).symmetricKey?.keyBlock.cryptographicLength).toBe(128);
  });

  it('takes over the Name of what it replaces, and of nobody else', async () => {
    const [made] = await rig.send('1.4', [create(aName('its own'))]);
    await rig.send('1.4', [create(aName('of another'))]);
    const id = String(successOf('Create', made).uniqueIdentifier);
    expect(await rig.send('2.1', [importing(id, [aName('its own')], true)])).toMatchObject([
      { resultStatus: 'Success' },
    ]);
    expect(await rig.send('2.1', [importing(id, [aName('of another')], true)])).toMatchObject([
      { resultReason: 'NonUniqueNameAttribute' },
    ]);
  });
});
