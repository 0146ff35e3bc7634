/**
 * Tests of a client of Key Protect against the management API of a running gateway. Every call is found
 * again in the event log, by the correlation id that the client gave it.
 */

import type { AuditAction, AuditEvent } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../api-keys.ts';
import { makeClientCertificate, VCENTER_KEY } from '../client-certificates.ts';
import { readEvents } from '../event-log.ts';
import { clientOf, type Identity } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { BUILD_UP, type ExpectedStep, TAKE_DOWN } from './expected-steps.ts';
import type { Input, Part, RunPart } from './scenario.ts';

const LOG_IN: AuditAction = 'claviger.apikey.login';

/**
 * Declares the tests.
 *
 * @param ownSteps - What has to come of the calls that only this client makes; they come last.
 */
export function describeClient(run: RunPart, ownSteps: readonly ExpectedStep[] = []): void {
  let gateway: GatewayProcess;
  let input: Input;
  let host: Identity;
  beforeAll(async () => {
    gateway = await startGateway();
    const { dataDirectory, api, instanceId } = gateway;
    host = await makeClientCertificate(dataDirectory, 'host', VCENTER_KEY);
    const spare = await makeClientCertificate(dataDirectory, 'spare');
    const third = await makeClientCertificate(dataDirectory, 'third');
    input = {
      url: `https://${api.host}:${api.port}`,
      instance: instanceId,
      manager: await createApiKey(dataDirectory, 'Manager'),
      reader: await createApiKey(dataDirectory, 'Reader'),
      certificates: { host: host.cert, spare: spare.cert, third: third.cert },
      privateKey: host.key,
    };
  });
  afterAll(() => gateway?.stop());

  /** Runs one part; its steps and the events of the meantime have to be the expected ones, in order. */
  async function check(part: Part, given: Input, expected: readonly ExpectedStep[]): Promise<void> {
    const before = (await readEvents(gateway.dataDirectory)).length;
    const steps = await run(gateway, part, given);
    const told = steps.map(({ step, answer, value }) => ({ step, answer, value }));
    expect(told).toEqual(expected.map(([step, answer, , value]) => ({ step, answer, value })));

    const events = (await readEvents(gateway.dataDirectory)).slice(before);
    for (const event of events) assertValidEvent(event);
    const stepOf = new Map<string | undefined, string>(
      steps.map(({ correlationId, step }) => [correlationId, step]),
    );
    const isOfStep = ({ correlationId }: AuditEvent) => stepOf.has(correlationId);
    expect(
      events.filter(isOfStep).map(({ correlationId, action, outcome, reason }) => ({
        step: stepOf.get(correlationId),
        action,
        outcome,
        status: reason.reasonCode,
      })),
    ).toEqual(expected.flatMap(eventsOf));
    const others = events.filter((event) => !isOfStep(event));
    expect(new Set(others.map(({ action }) => action))).toEqual(new Set([LOG_IN]));
  }

  it('builds up root keys, adapters and certificates, an event a call', () =>
    check('build-up', input, BUILD_UP));

  it('sees what was made over KMIP and takes everything down, an event a call', async () => {
    const objects = await makeObjects(gateway, host);
    await check('take-down', { ...input, objects }, TAKE_DOWN);
  });

  if (ownSteps.length > 0) {
    it('does with root keys what only it does, an event a call', () =>
      check('root-keys', input, ownSteps));
  }
}

function eventsOf([step, answer, action]: ExpectedStep): object[] {
  if (action === null) return [];
  const status = Number.parseInt(answer, 10);
  return [
    {
      step,
      action: `hs-crypto.${action}`,
      outcome: status < 400 ? 'success' : 'failure',
      status,
    },
  ];
}

/** Makes an object in each state that a living one can be in. */
async function makeObjects(gateway: GatewayProcess, host: Identity) {
  const kmip = clientOf(gateway, host);
  try {
    const create = () =>
      kmip.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] });
    const preActive = await create();
    const active = await create();
    const deactivated = await create();
    const compromised = await create();
    for (const id of [active, deactivated, compromised]) await kmip.activate(id);
    await kmip.revoke(deactivated, { reason: 'CessationOfOperation' });
    await kmip.revoke(compromised, { reason: 'KeyCompromise' });
    return { preActive, active, deactivated, compromised };
  } finally {
    await kmip.close();
  }
}
