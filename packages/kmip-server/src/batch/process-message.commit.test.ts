import {
  type CommitOutcome,
  type KeyStore,
  StoreError,
  type UnitOfWork,
} from '@claviger/key-store';
import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { aMessage, parseAnswer } from '../messages.fixtures.ts';
import { aCustom } from '../objects/managed-object.fixtures.ts';
import { fromRecord } from '../objects/managed-object.ts';
import {
  activate,
  addAttribute,
  create,
  destroy,
  get,
  getAttributes,
  locate,
  QUERY,
} from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

/** A rig whose commits a test looks after. */
async function startWith(
  commit: (unit: UnitOfWork, store: KeyStore) => Promise<CommitOutcome>,
): Promise<MessageRig> {
  return await startMessageRig({
    wrapStore: (store) => ({ ...store, commit: (unit) => commit(unit, store) }),
  });
}

/** A rig in which something can happen between computing a message and committing it. */
async function startDisturbed() {
  let disturb: (() => Promise<unknown>) | undefined;
  const rig = await startWith(async (unit, store) => {
    const disturbance = disturb;
    disturb = undefined;
    await disturbance?.();
    return await store.commit(unit);
  });
  return {
    rig,
    /** Happens before the next commit. */
    beforeCommit(disturbance: () => Promise<unknown>) {
      disturb = disturbance;
    },
  };
}

async function makeKey(rig: MessageRig): Promise<string> {
  await rig.send('1.4', [create()]);
  return (await rig.events()).at(-1)?.target.name ?? '';
}

/** The names and indexes of the attributes that clients made up. */
async function customsOf(rig: MessageRig, id: string) {
  const record = await rig.store.readObject(rig.source.principal.record.adapter.id, id);
  const attributes = record === undefined ? [] : fromRecord(record).attributes;
  return attributes
    .filter(({ kind }) => kind === 'vendor')
    .map(({ name, index }) => `${name}[${index}]`);
}

describe('no record, no answer', () => {
  it('a commit that fails is answered with General Failure, once that is recorded', async () => {
    let commits = 0;
    const rig = await startWith((unit, store) => {
      if (++commits === 1) throw new StoreError('unavailable', 'The disk is full.');
      return store.commit(unit);
    });
    const answers = await rig.send('1.4', [create(), QUERY]);
    expect(answers).toMatchObject([
      { operation: 'Create', resultReason: 'GeneralFailure' },
      { operation: 'Query', resultReason: 'GeneralFailure' },
    ]);
    expect(answers[0]?.resultMessage).not.toContain('disk');
    expect(await rig.events()).toMatchObject([
      { outcome: 'failure', reason: { reasonCode: 503 } },
      { outcome: 'failure', reason: { reasonCode: 503 } },
    ]);
  });

  it('a failure that cannot be recorded either closes the connection', async () => {
    const rig = await startWith(async () => {
      throw new StoreError('unavailable', 'The disk is full.');
    });
    expect(await rig.process(aMessage('1.4', [create()]))).toMatchObject({ kind: 'close' });
    expect(await rig.process(aMessage('1.4', [create()], { header: { batchCount: 3 } }))).toEqual(
      expect.objectContaining({ kind: 'close' }),
    );
    expect(rig.log.lines.some(({ level }) => level === 'error')).toBe(true);
  });

  it('a store that is too busy says so', async () => {
    let commits = 0;
    const rig = await startWith((unit, store) => {
      if (++commits === 1) throw new StoreError('overloaded', 'Too many units wait.');
      return store.commit(unit);
    });
    expect(await rig.send('1.4', [create()])).toMatchObject([
      { resultReason: 'GeneralFailure', resultMessage: 'The key store is busy; try again later.' },
    ]);
  });

  it('an answer is not there before its commit', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const rig = await startWith(async (unit, store) => {
      await gate;
      return await store.commit(unit);
    });
    let isAnswered = false;
    const answered = rig.process(aMessage('1.4', [create()])).then((processed) => {
      isAnswered = true;
      return processed;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAnswered).toBe(false);
    finish();
    expect(await answered).toMatchObject({ kind: 'answer' });
  });

  it('a removed certificate gets no answer, and leaves no event and no object', async () => {
    const rig = await startMessageRig();
    const { id = '' } = rig.source.principal.record.certificate;
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'delete-certificate', id }],
      events: [],
    });
    for (const bytes of [
      aMessage('1.4', [create()]),
      aMessage('1.4', [QUERY], { header: { batchCount: 2 } }),
    ]) {
      expect(await rig.process(bytes)).toEqual({ kind: 'certificate-removed' });
    }
    expect(await rig.events()).toEqual([]);
  });
});

describe('two messages that want the same object', () => {
  it('the one that comes second is computed anew, with one event', async () => {
    const { rig, beforeCommit } = await startDisturbed();
    const id = await makeKey(rig);
    beforeCommit(() => rig.send('1.4', [addAttribute(aCustom('first', '1'), id)]));
    const [answer] = await rig.send('1.4', [addAttribute(aCustom('second', '2'), id)]);
    expect(answer).toMatchObject({ resultStatus: 'Success' });
    expect(await customsOf(rig, id)).toEqual(['first[0]', 'second[0]']);
    const added = (await rig.events()).filter(
      ({ action }) => action === 'claviger.kmip-key-attributes.add',
    );
    expect(added).toHaveLength(2);
  });

  it('the second is refused when the first has made it impossible', async () => {
    const { rig, beforeCommit } = await startDisturbed();
    const id = await makeKey(rig);
    beforeCommit(() => rig.send('1.4', [destroy(id)]));
    expect(await rig.send('1.4', [activate(id)])).toMatchObject([
      { resultReason: 'PermissionDenied' },
    ]);
  });

  it('a Name that somebody takes meanwhile is taken', async () => {
    const { rig, beforeCommit } = await startDisturbed();
    const named = create(attribute('Name', { nameValue: 'n', nameType: 'URI' }));
    beforeCommit(() => rig.send('1.4', [named]));
    expect(await rig.send('1.4', [named])).toMatchObject([{ resultReason: 'InvalidField' }]);
  });

  it('fifty at once all succeed, each with an index of its own', async () => {
    const rig = await startMessageRig();
    const id = await makeKey(rig);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        rig.send('1.4', [addAttribute(aCustom('Tag', `${n}`), id)]),
      ),
    );
    expect(answers.flat().every(({ resultStatus }) => resultStatus === 'Success')).toBe(true);
    expect(await customsOf(rig, id)).toEqual(Array.from({ length: 50 }, (_, n) => `Tag[${n}]`));
  });

  it('a conflict that never ends is given up, with an event', async () => {
    let commits = 0;
    const rig = await startWith(async (unit, store) => {
      commits++;
      return unit.changes.length > 0 ? { kind: 'conflict', id: 'any' } : await store.commit(unit);
    });
    expect(await rig.send('1.4', [create()])).toMatchObject([{ resultReason: 'GeneralFailure' }]);
    expect(commits).toBe(17);
    expect(await rig.events()).toHaveLength(1);
  });
});

describe('the switch: a root key that is disabled or deleted', () => {
  it.each(['disabled', 'deleted'] as const)(
    'makes keys unusable at once on open connections (%s)',
    async (state) => {
      const rig = await startMessageRig();
      const id = await makeKey(rig);
      await rig.setRootKeyState(state);
      const items = [create(), get(id), getAttributes(id), activate(id), locate(), QUERY];
      const header = { batchErrorContinuationOption: 'Continue' } as const;
      const answers = await rig.send('1.4', items, { header });
      expect(answers.map(({ resultReason }) => resultReason ?? 'Success')).toEqual([
        'PermissionDenied',
        'PermissionDenied',
        'Success',
        'Success',
        'Success',
        'Success',
      ]);
      expect((await rig.events()).slice(1, 3)).toMatchObject([
        { outcome: 'failure', reason: { reasonCode: 409 } },
        { outcome: 'failure', reason: { reasonCode: 409 }, target: { name: id } },
      ]);
    },
  );

  it('lets a key be destroyed', async () => {
    const rig = await startMessageRig();
    const id = await makeKey(rig);
    await rig.setRootKeyState('disabled');
    expect(await rig.send('1.4', [destroy(id)])).toMatchObject([{ resultStatus: 'Success' }]);
  });

  it('counts again as soon as it is enabled, on connections that began meanwhile', async () => {
    const rig = await startMessageRig();
    const id = await makeKey(rig);
    await rig.setRootKeyState('disabled');
    const source = await rig.reconnect();
    const reasonOf = async () => {
      const processed = await rig.process(aMessage('1.4', [get(id)]), source);
      return processed.kind === 'answer'
        ? parseAnswer(processed.bytes).items[0]?.resultReason
        : processed.kind;
    };
    expect(await reasonOf()).toBe('PermissionDenied');
    await rig.setRootKeyState('enabled');
    expect(await reasonOf()).toBeUndefined();
  });

  it('a switch between computing and committing holds the key back', async () => {
    const { rig, beforeCommit } = await startDisturbed();
    const id = await makeKey(rig);
    beforeCommit(() => rig.setRootKeyState('disabled'));
    expect(await rig.send('1.4', [get(id)])).toMatchObject([
      { resultReason: 'PermissionDenied', payload: undefined },
    ]);
  });
});

describe('key material', () => {
  it('is gone from memory when the message is answered, however it ended', async () => {
    const made: Uint8Array[] = [];
    const rig = await startMessageRig({
      randomness: {
        bytes(count) {
          const bytes = new Uint8Array(count).fill(7);
          made.push(bytes);
          return bytes;
        },
      },
    });
    await rig.send('1.4', [create()]);
    await rig.send('1.4', [create()], { header: { maximumResponseSize: 1 } });
    await rig.setRootKeyState('disabled');
    await rig.send('1.4', [create()]);
    expect(made.length).toBeGreaterThan(2);
    for (const bytes of made) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});
