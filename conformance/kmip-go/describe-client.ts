/** Tests of a KMIP client in Go against a running gateway. Every answer is found again in the event log. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kmipOperationAction } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEvents } from '../event-log.ts';
import { type GatewayOptions, type GatewayProcess, startGateway } from '../gateway-process.ts';
import { freePort } from '../sinks/free-port.ts';
import { type ExpectedStep, parseSteps, type Step, told } from './expected-step.ts';

const TIMEOUT_MS = 120_000;

/**
 * Declares a test for each version.
 *
 * @param program - Path of the built program.
 * @param options - Whether the program is told by `--https` where the gateway takes messages by POST.
 */
export function describeGoClient<V extends string>(
  program: string,
  versions: readonly V[],
  expectedSteps: (version: V) => readonly ExpectedStep[],
  { overHttps = false }: { readonly overHttps?: boolean } = {},
): void {
  let gateway: GatewayProcess;
  let httpsPort: number | undefined;
  let seen = 0;
  beforeAll(async () => {
    httpsPort = overHttps ? await freePort() : undefined;
    gateway = await startGateway(httpsPort === undefined ? {} : withHttps(httpsPort));
    seen = (await readEvents(gateway.dataDirectory)).length;
  });
  afterAll(() => gateway?.stop());

  for (const version of versions) {
    it(`does in KMIP ${version} what it should, an event an answer`, {
      timeout: TIMEOUT_MS,
    }, async () => {
      const steps = await run(program, version, gateway, httpsPort);
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

/** A second listener, which takes messages by `POST /kmip`. */
function withHttps(port: number): GatewayOptions {
  const env = {
    CLAVIGER_API__HOST: '127.0.0.1',
    CLAVIGER_API__PORT: '0',
    CLAVIGER_KMIP__LISTENERS__0__HOST: '127.0.0.1',
    CLAVIGER_KMIP__LISTENERS__0__PORT: '0',
    CLAVIGER_KMIP__LISTENERS__1__TRANSPORT: 'https',
    CLAVIGER_KMIP__LISTENERS__1__HOST: '127.0.0.1',
    CLAVIGER_KMIP__LISTENERS__1__PORT: String(port),
  };
  return { env, listensAsSet: true };
}

async function run(
  program: string,
  version: string,
  { kmip, pki }: GatewayProcess,
  httpsPort: number | undefined,
): Promise<readonly Step[]> {
  const options = {
    version,
    address: `${kmip.host}:${kmip.port}`,
    ...(httpsPort !== undefined && { https: `${kmip.host}:${httpsPort}` }),
    ca: pki.ca,
    cert: pki.clientCertificate,
    key: pki.clientKey,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout } = await promisify(execFile)(program, args, { timeout: TIMEOUT_MS });
  return parseSteps(stdout);
}
