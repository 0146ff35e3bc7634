import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AuditEventInput, createAuditEmitter } from './emitter.ts';
import type { AuditEvent } from './event.ts';
import { assertValidEvent } from './valid-event.ts';

// The reference lies beside the checkout where this catalogue is maintained, and nowhere else.
const REFERENCE = new URL('../../../../shared/reference/cadf-event-shape.md', import.meta.url);

describe.skipIf(!existsSync(REFERENCE))(
  'the worked examples (where the reference is present)',
  () => {
    const examples = existsSync(REFERENCE)
      ? [...readFileSync(REFERENCE, 'utf8').matchAll(/```json\n(.*?)```/gs)].map(
          ([, json = '']) => JSON.parse(json) as AuditEvent,
        )
      : [];

    /** The input from which an example must have been built, read from its fields. */
    const inputs: readonly ((example: AuditEvent) => Partial<AuditEventInput>)[] = [
      (example) => ({ adapterId: String(example.requestData['adapterId']) }),
      (example) => ({ outcome: failure(example, 'wrong-state') }),
      (example) => ({
        outcome: { kind: 'success', reasonCode: 201 },
        adapterId: String(example.requestData['adapterId']),
        target: {
          ...targetOf(example),
          parent: { type: 'kmip_adapter', id: String(example.requestData['adapterId']) },
        },
      }),
      (example) => ({ outcome: failure(example, 'invalid-field') }),
    ];

    it('are four', () => expect(examples).toHaveLength(inputs.length));

    it.each(inputs.map((input, index) => [`5.${index + 1}`, input, examples[index]] as const))(
      '%s is built exactly so',
      (_name, input, example) => {
        if (example === undefined) throw new Error('missing example');
        const event = build(example, input(example));
        expect(JSON.stringify(event, null, 1)).toBe(JSON.stringify(example, null, 1));
        assertValidEvent(event);
      },
    );

    function build(example: AuditEvent, overrides: Partial<AuditEventInput>) {
      const [, , cname = '', ctype = '', service = '', location = '', scope = '', instanceId = ''] =
        example.logSourceCRN.split(':');
      const { requestURI, instanceID, adapterId, ...requestData } = example.requestData;
      expect(instanceID).toBe(instanceId);
      const { initiator } = example;
      const emitter = createAuditEmitter({
        displayName: 'Hyper Protect Crypto Services',
        crn: { cname, ctype, service, location, accountId: scope.slice(2), instanceId },
        extensionActions: false,
        severityPrecedence: 'graver',
        saveServiceCopy: true,
        newId: () => example.id,
        now: () => Date.parse(example.eventTime.replace('+0000', 'Z')),
      });
      return emitter.build({
        action: example.action,
        outcome: { kind: 'success' },
        initiator:
          initiator.credential.type === 'certificate'
            ? {
                kind: 'certificate',
                fingerprint: initiator.id.replace('CertificateID-', ''),
                name: initiator.name,
              }
            : {
                kind: 'user',
                id: initiator.id,
                name: initiator.name,
                credential: initiator.credential.type === 'token' ? 'token' : 'apikey',
                hostAddress: initiator.host?.address,
                agent: initiator.host?.agent,
              },
        target: targetOf(example),
        correlationId: example.correlationId ?? 'not supported, so not shown',
        requestURI: String(requestURI),
        requestData,
        responseData: example.responseData,
        ...overrides,
      });
    }

    function targetOf(example: AuditEvent) {
      const [resourceType, ...id] = example.target.id.split(':').slice(8);
      const types = ['kmip_object', 'certificate', 'cryptounit'] as const;
      const type = types.find((candidate) => candidate === resourceType) ?? 'key';
      return {
        kind: 'resource',
        resourceType: type,
        id: id.join(':'),
        name: example.target.name,
      } as const;
    }

    function failure(example: AuditEvent, errorCode: 'wrong-state' | 'invalid-field') {
      return {
        kind: 'failure',
        errorCode,
        reasonText: example.reason.reasonForFailure ?? '',
      } as const;
    }
  },
);
