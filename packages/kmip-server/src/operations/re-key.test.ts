import { type Attribute, attribute, type StandardAttribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName, NOW } from '../objects/managed-object.fixtures.ts';
import { attributeValue, fromRecord, type ManagedObject } from '../objects/managed-object.ts';
import { create, createOf, destroy, NOBODY } from '../requests.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function made(...attributes: readonly Attribute[]): Promise<string> {
  const [answer] = await rig.send('1.4', [create(...attributes)]);
  return String(successOf('Create', answer).uniqueIdentifier);
}

async function stored(id: unknown): Promise<ManagedObject> {
  const record = await rig.store.readObject(rig.source.principal.record.adapter.id, String(id));
  if (record === undefined) throw new Error('There is no such object.');
  return fromRecord(record);
}

const linksOf = ({ attributes }: ManagedObject) =>
  attributes.filter((each): each is StandardAttribute<'Link'> => each.name === 'Link');
const namesOf = ({ attributes }: ManagedObject) => attributes.filter(({ name }) => name === 'Name');

const reKey = (
  uniqueIdentifier: string,
  attributes: readonly Attribute[] = [],
  offset?: number,
): RequestedItem => ({
  operation: 'ReKey',
  payload: {
    uniqueIdentifier,
    attributes: attributes.length === 0 ? undefined : { attributes, templateNames: [] },
    ...(offset !== undefined && { offset }),
  },
});

describe('Re-key', () => {
  it('makes a key in the place of another, which loses its Names', async () => {
    const id = await made(aName('backup'), attribute('ActivationDate', NOW - 50));
    const [answer] = await rig.send('1.4', [reKey(id)]);
    const { uniqueIdentifier } = successOf('ReKey', answer);
    const [before, after] = [await stored(id), await stored(uniqueIdentifier)];
    expect(namesOf(before)).toEqual([]);
    expect(namesOf(after)).toEqual([aName('backup')]);
    expect(linksOf(before)[0]?.value).toEqual({
      linkType: 'ReplacementObjectLink',
      linkedObjectIdentifier: uniqueIdentifier,
    });
    expect(linksOf(after)[0]?.value).toEqual({
      linkType: 'ReplacedObjectLink',
      linkedObjectIdentifier: id,
    });
    expect(attributeValue(after, 'State')).toBe('Active');
    expect(attributeValue(after, 'CryptographicLength')).toBe(256);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'success',
    });
  });

  it('moves the dates by an offset', async () => {
    const id = await made(
      attribute('ActivationDate', NOW - 100),
      attribute('DeactivationDate', NOW + 1000),
    );
    const [answer] = await rig.send('1.4', [reKey(id, [], 60)]);
    const after = await stored(successOf('ReKey', answer).uniqueIdentifier);
    expect(attributeValue(after, 'ActivationDate')).toBe(NOW + 60);
    expect(attributeValue(after, 'DeactivationDate')).toBe(NOW + 1160);
  });

  it('takes what the request says before what the key had, and several Names together', async () => {
    const id = await made(aName('one'));
    const [answer] = await rig.send('1.4', [
      reKey(id, [aName('two'), attribute('CryptographicUsageMask', 4)]),
    ]);
    const after = await stored(successOf('ReKey', answer).uniqueIdentifier);
    expect(namesOf(after)).toEqual([aName('one'), aName('two', 1)]);
    expect(attributeValue(after, 'CryptographicUsageMask')).toBe(4);
  });

  it.each<[string, (id: string) => RequestedItem, string, string]>([
    ['an object that there is not', () => reKey(NOBODY), 'ItemNotFound', 'ObjectNotFound'],
    [
      'an offset next to a date',
      (id) => reKey(id, [attribute('ActivationDate', NOW)], 5),
      'InvalidMessage',
      'InvalidMessage',
    ],
    ['an offset from no date', (id) => reKey(id, [], 5), 'IllegalOperation', 'InvalidObjectType'],
  ])('refuses %s', async (_, item, first, second) => {
    const id = await made(attribute('DeactivationDate', NOW + 10));
    const answers = [
      ...(await rig.send('1.4', [item(id)])),
      ...(await rig.send('2.1', [item(id)])),
    ];
    expect(answers.map(({ resultReason }) => resultReason)).toEqual([first, second]);
  });

  it('refuses what was destroyed', async () => {
    const id = await made();
    await rig.send('1.4', [destroy(id)]);
    expect(await rig.send('1.4', [reKey(id)])).toMatchObject([
      { resultReason: 'PermissionDenied' },
    ]);
  });
});

describe('Re-key Key Pair', () => {
  const reKeyPair = (privateKeyUniqueIdentifier: string): RequestedItem => ({
    operation: 'ReKeyKeyPair',
    payload: {
      privateKeyUniqueIdentifier,
      commonAttributes: undefined,
      privateKeyAttributes: undefined,
      publicKeyAttributes: undefined,
    },
  });

  it('makes a pair whose keys know each other, and those that they replace', async () => {
    const withMask = (mask: number, name: string) => ({
      attributes: [attribute('CryptographicUsageMask', mask), aName(name)],
      templateNames: [],
    });
    const [first] = await rig.send('1.4', [
      {
        operation: 'CreateKeyPair',
        payload: {
          commonAttributes: {
            attributes: [
              attribute('CryptographicAlgorithm', 'ECDSA'),
              attribute('CryptographicLength', 256),
            ],
            templateNames: [],
          },
          privateKeyAttributes: withMask(1, 'private'),
          publicKeyAttributes: withMask(2, 'public'),
        },
      },
    ]);
    const old = successOf('CreateKeyPair', first);
    const [answer] = await rig.send('1.4', [reKeyPair(String(old.privateKeyUniqueIdentifier))]);
    const pair = successOf('ReKeyKeyPair', answer);
    const privateKey = await stored(pair.privateKeyUniqueIdentifier);
    const publicKey = await stored(pair.publicKeyUniqueIdentifier);
    expect(namesOf(privateKey)).toEqual([aName('private')]);
    expect(namesOf(publicKey)).toEqual([aName('public')]);
    expect(linksOf(privateKey).map(({ value }) => value.linkedObjectIdentifier)).toEqual([
      pair.publicKeyUniqueIdentifier,
      old.privateKeyUniqueIdentifier,
    ]);
    expect(linksOf(publicKey).map(({ value }) => value.linkedObjectIdentifier)).toEqual([
      pair.privateKeyUniqueIdentifier,
      old.publicKeyUniqueIdentifier,
    ]);
    expect(namesOf(await stored(old.publicKeyUniqueIdentifier))).toEqual([]);
  });

  it('refuses what is no private key of a pair', async () => {
    const [answer] = await rig.send('1.4', [
      createOf([attribute('CryptographicAlgorithm', 'AES'), attribute('CryptographicLength', 128)]),
    ]);
    const id = String(successOf('Create', answer).uniqueIdentifier);
    expect(await rig.send('1.4', [reKeyPair(id)])).toMatchObject([
      { resultReason: 'PermissionDenied' },
    ]);
    expect(await rig.send('1.4', [reKeyPair(NOBODY)])).toMatchObject([
      { resultReason: 'ItemNotFound' },
    ]);
  });
});
