import { describe, expect, it } from 'vitest';
import { ALL_ACTIONS, aFailure, aSuccess } from '../actions/action-samples.fixtures.ts';
import { isExtensionAction } from '../catalogue/actions.ts';
import { anEvent } from '../emitter.fixtures.ts';
import { toStrictCadf } from './strict-cadf.ts';

const TAXONOMY =
  /^(?:create|read|read\/list|update|delete|enable|disable|authenticate\/login|revoke|restore|evaluate|allow|deny|notify|unknown)$/;

describe('an event in strict CADF', () => {
  it('has the mandatory fields in the forms of DSP0262', () => {
    const cadf = toStrictCadf(anEvent());
    expect(cadf).toMatchObject({
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      eventType: 'activity',
      eventTime: '2026-05-06T07:08:09.120+00:00',
      action: 'create',
      reason: {
        reasonType: 'http://www.iana.org/assignments/http-status-codes/http-status-codes.xml',
        reasonCode: '200',
      },
      target: { typeURI: 'data/security/key/hs-crypto/kmip-key' },
      tags: ['hs-crypto.kmip-key.create'],
    });
    expect(cadf.observer.id).toBe(anEvent().logSourceCRN);
  });

  it('keeps in attachments what CADF has no field for', () => {
    const log = { node: 'ab'.repeat(16), sequence: 7, previousHash: '00'.repeat(32) };
    const event = { ...aFailure('hs-crypto.secrets.rotate'), log };
    const { attachments } = toStrictCadf(event);
    const contents = Object.fromEntries(
      attachments.map(({ name, content }) => [name, JSON.parse(content)]),
    );
    expect(contents).toEqual({
      requestData: event.requestData,
      responseData: event.responseData,
      activityTracker: {
        reasonType: 'Forbidden',
        reasonForFailure: 'Not allowed',
        correlationId: event.correlationId,
        logSourceCRN: event.logSourceCRN,
        dataEvent: false,
        saveServiceCopy: true,
        log,
      },
    });
  });

  it('has an address only where the event has one', () => {
    expect(toStrictCadf(anEvent()).initiator).not.toHaveProperty('host');
    const initiator = { kind: 'anonymous', hostAddress: '203.0.113.24' } as const;
    expect(toStrictCadf(anEvent({ initiator })).initiator.host).toEqual({
      address: '203.0.113.24',
    });
  });

  it.each(ALL_ACTIONS)('%s is a word of the taxonomy', (action) => {
    const word = toStrictCadf(aSuccess(action)).action;
    expect(word).toMatch(TAXONOMY);
    const isInvalidRequest = /\.(?:default|request)$/.test(action);
    if (!isExtensionAction(action)) expect(word === 'unknown').toBe(isInvalidRequest);
  });
});
