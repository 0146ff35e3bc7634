/**
 * IBM's own client of Key Protect in Python, unchanged, against the management API of a running gateway.
 * Every call is found again in the event log, by the correlation id that the client gave it.
 */

import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClientCertificate, VCENTER_KEY } from '../client-certificates.ts';
import { describeWithPython } from '../describe-with-python.ts';
import { readEvents } from '../event-log.ts';
import { clientOf, type Identity } from '../gateway-client.ts';
import { clavigerJson, type GatewayProcess, startGateway } from '../gateway-process.ts';
import { BUILD_UP, type ExpectedStep, TAKE_DOWN } from './expected-steps.ts';
import { type Half, type Input, runKeyProtect } from './run-key-protect.ts';

function describeClient(python: string): void {
  let gateway: GatewayProcess;
  let input: Input;
  let host: Identity;
  beforeAll(async () => {
    gateway = await startGateway();
    const { dataDirectory } = gateway;
    host = await makeClientCertificate(dataDirectory, 'host', VCENTER_KEY);
    const spare = await makeClientCertificate(dataDirectory, 'spare');
    const third = await makeClientCertificate(dataDirectory, 'third');
    input = {
      manager: await createApiKey(dataDirectory, 'Manager'),
      reader: await createApiKey(dataDirectory, 'Reader'),
      certificates: { host: host.cert, spare: spare.cert, third: third.cert },
      privateKey: host.key,
    };
  });
  afterAll(() => gateway?.stop());

  /** Runs one half; its report and the events of the meantime have to be the expected ones, in order. */
  async function check(half: Half, given: Input, expected: readonly ExpectedStep[]): Promise<void> {
    const before = (await readEvents(gateway.dataDirectory)).length;
    const { steps } = await runKeyProtect(python, gateway, half, given);
    const told = steps.map(({ step, answer, value }) => ({ step, answer, value }));
    expect(told).toEqual(expected.map(([step, answer, , value]) => ({ step, answer, value })));

    const events = (await readEvents(gateway.dataDirectory)).slice(before);
    for (const event of events) assertValidEvent(event);
    const stepOf = new Map<string | undefined, string>(
      steps.map(({ correlationId, step }) => [correlationId, step]),
    );
    expect(
      events.map(({ correlationId, action, outcome, reason }) => ({
        step: stepOf.get(correlationId),
        action,
        outcome,
        status: reason.reasonCode,
      })),
    ).toEqual(expected.flatMap(eventsOf));
  }

  it('builds up root keys, adapters and certificates, an event a call', () =>
    check('build-up', input, BUILD_UP));

  it('sees what was made over KMIP and takes everything down, an event a call', async () => {
    const objects = await makeObjects(gateway, host);
    await check('take-down', { ...input, objects }, TAKE_DOWN);
  });
}

function eventsOf([step, answer, action]: ExpectedStep): object[] {
  if (action === null) return [];
  const status = Number.parseInt(answer, 10);
  return [
    {
      step,
      action: `hs-crypto.${action}`,
      outcome: status < 400 ? 'success' : 'failure',
      status: status === 410 ? 409 : status, // events have no 410
    },
  ];
}

async function createApiKey(dataDirectory: string, role: string): Promise<string> {
  const command = ['apikey', 'create', '--data-dir', dataDirectory, '--role', role];
  const [created] = await clavigerJson(command);
  expect(created).toMatchObject({ apikey: expect.any(String) });
  return Object(created).apikey;
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

await describeWithPython("IBM's client of Key Protect", import.meta.dirname, describeClient);
