import { matchesPredicate } from '@claviger/key-store';
import { attribute } from '@claviger/kmip-protocol';
import { expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { locatePredicate } from '../locate/predicate.ts';
import { successOf } from '../messages.fixtures.ts';
import { createNamed, locate } from '../requests.fixtures.ts';
import { entriesOf, indexEntries } from './index-entries.ts';
import { aName, aSymmetricKey, NOW } from './managed-object.fixtures.ts';

async function locateNamed(rig: MessageRig, name: string) {
  const [found] = await rig.send('1.4', [locate(aName(name))]);
  return successOf('Locate', found).uniqueIdentifier;
}

it('finds an object by a Name with a zero character, and no other by what stands before it', async () => {
  const rig = await startMessageRig();
  const [created] = await rig.send('1.4', [createNamed('a\0b')]);
  const { uniqueIdentifier } = successOf('Create', created);

  expect(await locateNamed(rig, 'a\0b')).toEqual([uniqueIdentifier]);
  expect(await locateNamed(rig, 'a\0c')).toEqual([]);
  expect(await locateNamed(rig, 'a')).toEqual([]);
  await rig.stop();
});

it('refuses the same Name with a zero character to a second object', async () => {
  const rig = await startMessageRig();
  await rig.send('2.1', [createNamed('\0')]);

  const [second] = await rig.send('2.1', [createNamed('\0')]);

  expect(second).toMatchObject({
    resultStatus: 'OperationFailed',
    resultReason: 'NonUniqueNameAttribute',
  });
  await rig.stop();
});

it('has for a key alone its identifier, its Name, its digest and its dates, and shares the rest', () => {
  const { attributes } = aSymmetricKey({
    attributes: [
      aName('vm-1'),
      attribute('Digest', {
        hashingAlgorithm: 'SHA_256',
        digestValue: Uint8Array.of(1),
        keyFormatType: 'Raw',
      }),
      attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
      attribute('LeaseTime', 3600),
      attribute('Fresh', true),
    ],
  });
  const own = indexEntries(attributes).filter(({ shared }) => !shared);
  expect(own.map(({ name }) => name)).toEqual([
    'Short Unique Identifier',
    'Initial Date',
    'Last Change Date',
    'Name/nameValue',
    'Digest/digestValue',
  ]);
});

it('finds objects of earlier versions, which have an entry for each structure as a whole', () => {
  const earlier = [aName('a'), attribute('Name', { nameValue: 'b', nameType: 'URI' }, 1)];
  const index = earlier.flatMap(entriesOf);
  const finds = (nameValue: string, nameType: 'URI' | 'UninterpretedTextString') =>
    matchesPredicate(
      index,
      locatePredicate({ attributes: [attribute('Name', { nameValue, nameType })] }, NOW, '1.4'),
    );
  expect(finds('a', 'UninterpretedTextString')).toBe(true);
  expect(finds('b', 'URI')).toBe(true);
  expect(finds('a', 'URI')).toBe(false);
});
