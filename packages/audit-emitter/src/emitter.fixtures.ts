/** Builders for tests: valid by default, override what the test is about. */
import {
  type AuditEmitter,
  type AuditEmitterOptions,
  type AuditEventInput,
  createAuditEmitter,
} from './emitter.ts';
import type { AuditEvent } from './event.ts';

export const AN_INSTANCE_ID = '4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d';
export const A_FINGERPRINT = 'a1'.repeat(32);
export const AN_OBJECT_ID = 'd2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d';

/** 2026-05-06T07:08:09.120Z */
export const AN_EVENT_TIME = Date.UTC(2026, 4, 6, 7, 8, 9, 120);

/** An emitter whose clock stands still and whose ids count from 1. */
export function anEmitter(overrides: Partial<AuditEmitterOptions> = {}): AuditEmitter {
  let lastId = 0;
  return createAuditEmitter({
    displayName: 'Hyper Protect Crypto Services',
    crn: {
      cname: 'bluemix',
      ctype: 'public',
      service: 'hs-crypto',
      location: 'eu-de',
      accountId: '0123456789abcdef0123456789abcdef',
      instanceId: AN_INSTANCE_ID,
    },
    extensionActions: true,
    severityPrecedence: 'graver',
    saveServiceCopy: true,
    newId: () => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`,
    now: () => AN_EVENT_TIME,
    ...overrides,
  });
}

/** A client creates a key over the private network. */
export function anEventInput(overrides: Partial<AuditEventInput> = {}): AuditEventInput {
  return {
    action: 'hs-crypto.kmip-key.create',
    outcome: { kind: 'success' },
    initiator: { kind: 'certificate', fingerprint: A_FINGERPRINT, name: 'vcenter-01' },
    target: { kind: 'resource', resourceType: 'kmip_object', id: AN_OBJECT_ID },
    correlationId: '7f3e2d1c-0b9a-4877-9665-544332211000',
    requestURI: 'kmip://kmip.example.com:5696',
    requestData: { kmipOperation: 'Create', protocolVersion: '1.4' },
    responseData: { kmipObjectId: AN_OBJECT_ID, kmipObjectType: 'SymmetricKey', keyState: 0 },
    ...overrides,
  };
}

/** The event of an input, by an emitter that emits everything. */
export function anEvent(overrides: Partial<AuditEventInput> = {}): AuditEvent {
  const event = anEmitter().build(anEventInput(overrides));
  if (event === undefined) throw new Error('The emitter of the fixtures emits every action.');
  return event;
}
