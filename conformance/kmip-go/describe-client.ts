/** Tests of a KMIP client in Go against a running gateway. Every answer is found again in the event log. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kmipOperationAction } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEvents } from '../event-log.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { type ExpectedStep, parseSteps, type Step, told } from './expected-step.ts';

const TIMEOUT_MS = 120_000;

/**
 * Declares a test for each version.
 *
 * @param program - Path of the built program.
 */
export function describeGoClient<V extends string>(
  program: string,
  versions: readonly V[],
  expectedSteps: (version: V) => readonly ExpectedStep[],
): void {
  let gateway: GatewayProcess;
  let seen = 0;
  beforeAll(async () => {
    gateway = await startGateway();
    seen = (await readEvents(gateway.dataDirectory)).length;
  });
  afterAll(() => gateway?.stop());

  for (const version of versions) {
    it(`does in KMIP ${version} what it should, an event an answer`, {
      timeout: TIMEOUT_MS,
    }, async () => {
      const steps = await run(program, version, gateway);
      const events = (await readEvents(gateway.dataDirectory)).slice(seen);
      seen += events.length;
      expect(steps.map(told)).toEqual(expectedSteps(version));

      for (const event of events) assertValidEvent(event);
      expect(
        events.map(({ action, outcome, requestData }) => ({
          action,
          outcome,
          version: requestData['protocolVersion'],
        })),
      ).toEqual(
        steps
          .flatMap(({ answers }) => answers)
          .map(({ operation, result }) => ({
            action: kmipOperationAction(operation),
            outcome: result === 'Success' ? 'success' : 'failure',
            version,
          })),
      );
    });
  }
}

async function run(
  program: string,
  version: string,
  { kmip, pki }: GatewayProcess,
): Promise<readonly Step[]> {
  const options = {
    version,
    address: `${kmip.host}:${kmip.port}`,
    ca: pki.ca,
    cert: pki.clientCertificate,
    key: pki.clientKey,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout } = await promisify(execFile)(program, args, { timeout: TIMEOUT_MS });
  return parseSteps(stdout);
}
