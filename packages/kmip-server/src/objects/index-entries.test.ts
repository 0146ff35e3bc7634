import { expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { successOf } from '../messages.fixtures.ts';
import { createNamed, locate } from '../requests.fixtures.ts';
import { aName } from './managed-object.fixtures.ts';

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
