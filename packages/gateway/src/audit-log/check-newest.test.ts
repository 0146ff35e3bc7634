import { createSigner, generateSigningKey, makeCheckpoint, originOf } from '@claviger/audit-log';
import type { KeyStore } from '@claviger/key-store';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { describe, expect, it } from 'vitest';
import { checkNewestEvents } from './check-newest.ts';
import { createLogStore, LOG_KEY_SETTING } from './log-store.ts';

const anEvent = (number: number) => ({
  id: `event-${number}`,
  time: 1_772_442_847_310,
  action: 'hs-crypto.kmip-key.create',
  outcome: 'success',
  severity: 'normal',
  initiatorId: 'claviger',
  targetId: 'target',
  adapterId: null,
  correlationId: null,
  body: `{"id":"event-${number}"}`,
});

/** A log with a checkpoint after each ten of `sealed` events, and some after the last. */
async function aLog({ sealed = 30, unsealed = 5 } = {}) {
  const store = createMemoryKeyStore();
  const { node } = await store.readLogExtent();
  const signer = createSigner(originOf(node), generateSigningKey());
  await store.initialiseSetting(LOG_KEY_SETTING, signer.verifierKey.text);
  for (let number = 1; number <= sealed + unsealed; number += 1) {
    await store.commit({ guards: [], changes: [], events: [anEvent(number)] });
    const isDue = number % 10 === 0 && number <= sealed;
    if (isDue) await makeCheckpoint(createLogStore(store), signer, number);
  }
  return { store, publicKey: signer.verifierKey };
}

/** The store with the text of one event changed. */
function changed(store: KeyStore, sequence: number): KeyStore {
  return {
    ...store,
    async listEvents(query) {
      const events = await store.listEvents(query);
      return events.map((event) =>
        event.sequence === sequence
          ? { ...event, body: event.body.replace('event', 'EVENT') }
          : event,
      );
    },
  };
}

describe('the newest events of a log', () => {
  it('are read from a checkpoint on, no more than asked for', async () => {
    const { store, publicKey } = await aLog();
    const check = async (maxEvents: number) => await checkNewestEvents(store, maxEvents, publicKey);
    expect(await check(1000)).toEqual({ events: 35, findings: [] });
    expect(await check(20)).toEqual({ events: 25, findings: [] });
    expect(await check(19)).toEqual({ events: 15, findings: [] });
    expect(await check(3)).toEqual({ events: 3, findings: [] });
  });

  it('are not whole when one is another, sealed or not', async () => {
    const { store, publicKey } = await aLog();
    const check = async (sequence: number) =>
      (await checkNewestEvents(changed(store, sequence), 20, publicKey))?.findings;
    expect(await check(25)).toMatchObject([
      { kind: 'changed', message: expect.stringMatching(/event 25/i) },
    ]);
    expect(await check(33)).toMatchObject([
      { kind: 'changed', message: expect.stringMatching(/^Event 33, which is not/) },
    ]);
    // Further back than it looks.
    expect(await check(5)).toEqual([]);
  });

  it('cannot be checked before anything was sealed', async () => {
    const { store } = await aLog({ sealed: 0 });
    expect(await checkNewestEvents(store, 10, undefined)).toBeUndefined();
  });
});
