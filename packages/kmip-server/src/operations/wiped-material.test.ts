/**
 * What was lent to a message as key material is zero once the message has been answered, or could not be: what the
 * key hierarchy opened, what it was given to seal, and what the generator made.
 */

import { randomBytes } from 'node:crypto';
import { StoreError } from '@claviger/key-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { startMessageRig } from '../batch/message-rig.fixtures.ts';
import { aMessage, type RequestedItem } from '../messages.fixtures.ts';
import { type HandledOperation, OPERATION_HANDLERS } from './index.ts';
import { prepare } from './one-of-each.fixtures.ts';

const HANDLED = Object.keys(OPERATION_HANDLERS) as HandledOperation[]; // the keys of the table

/** What the generator makes that is no key, and is there after the message. */
const KEPT_RANDOMNESS: Partial<Record<HandledOperation, string>> = {
  Certify: 'the serial numbers of certificates are public',
  DelegatedLogin: 'the ticket is good for further messages',
  Encrypt: 'the initial value is public: it goes with the data',
  Login: 'the ticket is good for further messages',
  PKCS_11: 'the Correlation Value is good for further messages',
  ReCertify: 'the serial numbers of certificates are public',
};

interface Lent {
  readonly from: 'open' | 'seal' | 'random';
  readonly bytes: Uint8Array;
  readonly wasZero: boolean;
}

/** A rig that remembers what it lends, and whose commits fail when they are told to. */
async function aWatchedRig() {
  const lent: Lent[] = [];
  let fails = false;
  const remember = (from: Lent['from'], bytes: Uint8Array) => {
    lent.push({ from, bytes, wasZero: isZero(bytes) });
    return bytes;
  };
  const rig = await startMessageRig({
    wrapKeys: (keys) => ({
      ...keys,
      open(...args) {
        const key = keys.open(...args);
        key.use((bytes) => remember('open', bytes));
        return key;
      },
      seal(adapter, material, context) {
        return keys.seal(adapter, remember('seal', material), context);
      },
    }),
    wrapStore: (store) => ({
      ...store,
      commit: async (unit) => {
        if (fails) throw new StoreError('unavailable', 'the disk is full');
        return await store.commit(unit);
      },
    }),
    randomness: { bytes: (count) => remember('random', new Uint8Array(randomBytes(count))) },
  });
  return {
    rig,
    lent,
    failCommits(value: boolean) {
      fails = value;
    },
  };
}

describe.each(HANDLED)('%s', (operation) => {
  let watched: Awaited<ReturnType<typeof aWatchedRig>>;
  let item: RequestedItem;
  beforeAll(async () => {
    watched = await aWatchedRig();
    item = await prepare(watched.rig, operation);
  }, 60_000);

  it('leaves no key material when its commit fails', async () => {
    const { rig, lent, failCommits } = watched;
    lent.length = 0;
    failCommits(true);
    const { kind } = await rig.process(aMessage('2.1', [item]));
    failCommits(false);
    expect(kind).toBe('close');
    expect(leftOf(lent, operation)).toEqual([]);
  });

  it('leaves no key material when it has been answered', async () => {
    const { rig, lent } = watched;
    lent.length = 0;
    const [answer] = await rig.send('2.1', [item]);
    expect(answer).toMatchObject({ resultStatus: 'Success' });
    expect(leftOf(lent, operation)).toEqual([]);
  });
});

it('sees what is lent, and that it was key material', async () => {
  const { rig, lent } = await aWatchedRig();
  const [answer] = await rig.send('2.1', [await prepare(rig, 'Get')]);
  expect(answer).toMatchObject({ resultStatus: 'Success' });
  expect(new Set(lent.map(({ from }) => from))).toEqual(new Set(['random', 'seal', 'open']));
  expect(lent.filter(({ wasZero }) => wasZero)).toEqual([]);
});

/** What is left of what was lent. */
function leftOf(lent: readonly Lent[], operation: HandledOperation) {
  const mayStay = (from: Lent['from']) => from === 'random' && operation in KEPT_RANDOMNESS;
  return lent.filter(({ from, bytes }) => !mayStay(from) && !isZero(bytes));
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
