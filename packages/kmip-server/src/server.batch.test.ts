import { createPayload, KmipClientError } from '@claviger/kmip-client';
import type { Version } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCustom } from './objects/managed-object.fixtures.ts';
import { NOBODY } from './requests.fixtures.ts';
import { type Rig, startRig } from './server.fixtures.ts';

const AES_256 = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const CREATE = { operation: 'Create', payload: createPayload(AES_256) } as const;
const GET_NOTHING = { operation: 'Get', payload: { uniqueIdentifier: NOBODY } } as const;
const THIS = { uniqueIdentifier: undefined } as const;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const clientOf = (version: Version) => rig.client(rig.adapters.first.certificate, version);

describe.each(['1.0', '1.4', '2.1'] as const)('batches over the wire in KMIP %s', (version) => {
  it('a key is made, activated and fetched in one message', async () => {
    const [created, activated, got] = await clientOf(version).batch(
      [CREATE, { operation: 'Activate', payload: THIS }, { operation: 'Get', payload: THIS }],
      { order: true },
    );
    expect([created.kind, activated.kind, got.kind]).toEqual(['success', 'success', 'success']);
    const events = (await rig.events()).slice(-3);
    expect(events.map(({ action }) => action)).toEqual([
      'hs-crypto.kmip-key.create',
      'hs-crypto.kmip-key.activate',
      'hs-crypto.kmip-key.read',
    ]);
    expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(new Set(events.map(({ target }) => target.name)).size).toBe(1);
  });

  it.each([
    ['Stop', 'skipped', 1],
    ['Continue', 'success', 2],
    ['Undo', 'skipped', 0],
  ] as const)('%s after a failure: the next item is %s, and %i are kept', async (...row) => {
    const [errorContinuation, next, kept] = row;
    const client = clientOf(version);
    const before = (await client.locate()).length;
    const eventsBefore = (await rig.events()).length;
    const [first, failed, last] = await client.batch([CREATE, GET_NOTHING, CREATE], {
      errorContinuation,
      order: true,
    });
    expect(failed.kind).toBe('failure');
    expect(last.kind).toBe(next);
    expect(first).toMatchObject(
      errorContinuation === 'Undo'
        ? { kind: 'failure', resultStatus: 'OperationUndone' }
        : { kind: 'success' },
    );
    const events = (await rig.events()).slice(eventsBefore);
    expect(events).toHaveLength(next === 'skipped' ? 2 : 3);
    expect((await client.locate()).length - before).toBe(kept);
  });
});

describe('several connections that change one object', () => {
  it('lose nothing, and give every instance an index of its own', async () => {
    const id = await clientOf('1.4').create(AES_256);
    const clients = Array.from({ length: 5 }, () => clientOf('1.4'));
    const outcomes = await Promise.allSettled(
      clients.flatMap((client, number) =>
        Array.from({ length: 10 }, (_, n) =>
          client.addAttribute(id, aCustom('Tag', `${number}-${n}`)),
        ),
      ),
    );
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(failures).toEqual([]);
    const tags = (await clientOf('1.4').getAttributes(id)).filter(({ name }) => name === 'Tag');
    expect(tags.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...Array(50).keys()]);
    const values = tags.map((tag) => (tag.kind === 'vendor' ? tag.value.value : undefined));
    expect(new Set(values).size).toBe(50);
    const added = (await rig.events()).filter(
      ({ action, outcome }) =>
        action === 'claviger.kmip-key-attributes.add' && outcome === 'success',
    );
    expect(added).toHaveLength(50);
  });

  it('of two that destroy it, one is told that it is gone', async () => {
    const id = await clientOf('1.4').create(AES_256);
    const outcomes = await Promise.allSettled([
      clientOf('1.4').destroy(id),
      clientOf('1.4').destroy(id),
    ]);
    const reasons = outcomes.map((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof KmipClientError
        ? outcome.reason.resultReason
        : outcome.status,
    );
    expect(reasons.toSorted()).toEqual(['PermissionDenied', 'fulfilled']);
  });
});
