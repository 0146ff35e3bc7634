import { describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { get, NOBODY } from '../requests.fixtures.ts';

type Hash = Extract<RequestedItem, { operation: 'Hash' }>['payload'];

const hashing = (payload: Partial<Hash>): RequestedItem => ({
  operation: 'Hash',
  payload: { cryptographicParameters: { hashingAlgorithm: 'SHA_256' }, ...payload },
});
const DATA = Uint8Array.of(1, 2, 3);

async function begin(rig: MessageRig): Promise<Uint8Array | undefined> {
  const [answer] = await rig.send('1.4', [hashing({ data: DATA, initIndicator: true })]);
  return successOf('Hash', answer).correlationValue;
}

describe('data in parts', () => {
  it('may be none in the first and the last one', async () => {
    const rig = await startMessageRig();
    const [begun] = await rig.send('1.4', [hashing({ initIndicator: true })]);
    const { correlationValue } = successOf('Hash', begun);
    const next = await rig.send('1.4', [hashing({ correlationValue, data: DATA })]);
    expect(successOf('Hash', next[0])).toEqual({ correlationValue });
    const last = await rig.send('1.4', [hashing({ correlationValue, finalIndicator: true })]);
    const whole = await rig.send('1.4', [hashing({ data: DATA })]);
    expect(last[0]?.payload).toEqual(whole[0]?.payload);
  });

  it('is a whole where the first part is the last', async () => {
    const rig = await startMessageRig();
    const item = hashing({ data: DATA, initIndicator: true, finalIndicator: true });
    const [answer] = await rig.send('1.4', [item]);
    expect(successOf('Hash', answer)).toEqual({ data: expect.any(Uint8Array) });
  });

  it('is refused with a first part in the middle, which stays as it is', async () => {
    const rig = await startMessageRig();
    const correlationValue = await begin(rig);
    const [again] = await rig.send('1.4', [hashing({ correlationValue, initIndicator: true })]);
    expect(again).toMatchObject({ resultReason: 'InvalidField' });
    const [last] = await rig.send('1.4', [hashing({ correlationValue, finalIndicator: true })]);
    expect(last).toMatchObject({ resultStatus: 'Success' });
  });

  it('cannot be undone: a batch that takes a part and is taken back ends it', async () => {
    const rig = await startMessageRig();
    const correlationValue = await begin(rig);
    const undo = { header: { batchErrorContinuationOption: 'Undo' } } as const;
    await rig.send('1.4', [hashing({ correlationValue, data: DATA }), get(NOBODY)], undo);
    const [next] = await rig.send('1.4', [hashing({ correlationValue, data: DATA })]);
    expect(next).toMatchObject({ resultReason: 'ItemNotFound' });
  });

  it('ends when the part could not be recorded: the client does not know what was taken', async () => {
    let isBroken = false;
    const rig = await startMessageRig({
      wrapStore: (store) => ({
        ...store,
        async commit(unit) {
          if (!isBroken) return await store.commit(unit);
          isBroken = false;
          throw new Error('the disk is full');
        },
      }),
    });
    const correlationValue = await begin(rig);
    isBroken = true;
    const [failed] = await rig.send('1.4', [hashing({ correlationValue, data: DATA })]);
    expect(failed).toMatchObject({ resultReason: 'GeneralFailure' });
    const [next] = await rig.send('1.4', [hashing({ correlationValue, finalIndicator: true })]);
    expect(next).toMatchObject({ resultReason: 'ItemNotFound' });
  });
});
