import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import type { RequestedItem } from '../messages.fixtures.ts';
import { aCustom } from '../objects/managed-object.fixtures.ts';
import {
  activate,
  addAttribute,
  create,
  DISCOVER_VERSIONS,
  destroy,
  get,
  getAttributes,
  locate,
  NOBODY,
  QUERY,
} from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

const revoke = (uniqueIdentifier?: string): RequestedItem => ({
  operation: 'Revoke',
  payload: { uniqueIdentifier, revocationReason: { revocationReasonCode: 'KeyCompromise' } },
});
const listAttributes: RequestedItem = {
  operation: 'GetAttributeList',
  payload: { uniqueIdentifier: undefined },
};

async function makeKey(rig: MessageRig): Promise<string> {
  await rig.send('1.4', [create()]);
  return (await rig.events()).at(-1)?.target.name ?? '';
}

describe('the events of a message', () => {
  it('are one for each operation, in order, valid, with one correlation id', async () => {
    const rig = await startMessageRig();
    await rig.send('1.4', [
      DISCOVER_VERSIONS,
      QUERY,
      create(),
      activate(),
      get(),
      getAttributes(),
      listAttributes,
      addAttribute(aCustom('a', 'v')),
      locate(attribute('State', 'Active')),
      revoke(),
      destroy(),
    ]);
    const events = await rig.events();
    for (const event of events) assertValidEvent(event);
    expect(events.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'claviger.kmip-server.discover-versions success',
      'claviger.kmip-server.query success',
      'hs-crypto.kmip-key.create success',
      'hs-crypto.kmip-key.activate success',
      'hs-crypto.kmip-key.read success',
      'hs-crypto.kmip-key-attributes.retrieve success',
      'hs-crypto.kmip-key-attributes.retrieve success',
      'claviger.kmip-key-attributes.add success',
      'claviger.kmip-key.locate success',
      'hs-crypto.kmip-key.revoke success',
      'hs-crypto.kmip-key.destroy success',
    ]);
    expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(events[8]?.responseData).toMatchObject({ totalResources: 1 });
    expect(events[9]).toMatchObject({
      requestData: { kmipOperation: 'Revoke', revocationReason: 'KeyCompromise' },
      responseData: { initialValue: { keyState: 1 }, newValue: { keyState: 3 } },
    });
  });

  it('of two messages have two correlation ids', async () => {
    const rig = await startMessageRig();
    await rig.send('1.4', [QUERY]);
    await rig.send('1.4', [QUERY]);
    const [first, second] = await rig.events();
    expect(first?.correlationId).not.toBe(second?.correlationId);
  });

  it('of a failure say what it was about and in which State that is', async () => {
    const rig = await startMessageRig();
    const id = await makeKey(rig);
    await rig.send('1.4', [activate(id)]);
    await rig.send('1.4', [destroy(id)]);
    const event = (await rig.events()).at(-1);
    assertValidEvent(event);
    expect(event).toMatchObject({
      action: 'hs-crypto.kmip-key.destroy',
      outcome: 'failure',
      target: { name: id },
      reason: {
        reasonCode: 409,
        reasonForFailure:
          'KMIP Permission Denied: the key is active; revoke it before destroying it',
      },
      responseData: { keyState: 1 },
    });
  });

  it('tell the fingerprint and the name of the certificate, and no address of a private network', async () => {
    const rig = await startMessageRig();
    await rig.send('1.4', [get(NOBODY)]);
    const { fingerprintSha256, name } = rig.source.principal.record.certificate;
    expect((await rig.events())[0]?.initiator).toEqual({
      id: `CertificateID-${fingerprintSha256}`,
      name,
      typeURI: 'service/security/client/certificateid',
      credential: { type: 'certificate' },
    });
  });

  it('hold no key material, nor do log lines', async () => {
    const rig = await startMessageRig({
      randomness: { bytes: (count) => new Uint8Array(count).fill(0xa7) },
    });
    const id = await makeKey(rig);
    await rig.send('1.4', [get(id), get(NOBODY)]);
    const text = JSON.stringify([await rig.events(), rig.log.lines]);
    expect(text).not.toMatch(/a7a7a7a7|p6enp6en|167,167/i);
  });
});

describe('with extension actions turned off', () => {
  it('what HPCS has no word for leaves no event, and is answered', async () => {
    const rig = await startMessageRig({ audit: { extensionActions: false } });
    const items = [DISCOVER_VERSIONS, QUERY, create(), locate(), addAttribute(aCustom('a', 'v'))];
    const answers = await rig.send('1.4', [...items, addAttribute(aCustom('a', 'v', 'y'))], {
      header: { batchErrorContinuationOption: 'Continue' },
    });
    expect(answers.map(({ resultStatus }) => resultStatus)).toEqual([
      'Success',
      'Success',
      'Success',
      'Success',
      'Success',
      'OperationFailed',
    ]);
    expect((await rig.events()).map(({ action }) => action)).toEqual(['hs-crypto.kmip-key.create']);
  });

  it('a removed certificate is still not answered', async () => {
    const rig = await startMessageRig({ audit: { extensionActions: false } });
    const { id = '' } = rig.source.principal.record.certificate;
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'delete-certificate', id }],
      events: [],
    });
    await expect(rig.send('1.4', [QUERY])).rejects.toThrow('certificate-removed');
  });
});
