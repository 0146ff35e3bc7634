/**
 * PyKMIP, a client that we did not write, against a running gateway: both of its APIs in every version of
 * KMIP that it knows. Every request is found again in the event log.
 */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AuditEvent, kmipOperationAction } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPython } from '../describe-with-tool.ts';
import { readEvents } from '../event-log.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import type { ExpectedStep } from './expected-step.ts';
import { expectedSteps } from './expected-steps.ts';
import { type Layer, PYKMIP_VERSIONS, runPykmip } from './run-pykmip.ts';

/** One API negotiates TLS, as is PyKMIP's default; the other insists on the older version. */
const APIS = [
  { layer: 'pie', name: 'ProxyKmipClient', tls: 'TLSv1.3', options: {} },
  {
    layer: 'proxy',
    name: 'KMIPProxy',
    tls: 'TLSv1.2',
    options: { sslVersion: 'PROTOCOL_TLSv1_2' },
  },
] as const satisfies readonly { layer: Layer; [setting: string]: unknown }[];

function describeClient(python: string): void {
  let gateway: GatewayProcess;
  let initiatorId: string;
  beforeAll(async () => {
    gateway = await startGateway();
    const { fingerprint256 } = new X509Certificate(readFileSync(gateway.pki.clientCertificate));
    initiatorId = `CertificateID-${fingerprint256.replaceAll(':', '').toLowerCase()}`;
    await newEvents();
  });
  afterAll(() => gateway?.stop());

  let seen = 0;
  async function newEvents(): Promise<AuditEvent[]> {
    const events = await readEvents(gateway.dataDirectory);
    const fresh = events.slice(seen);
    seen = events.length;
    return fresh;
  }

  for (const version of PYKMIP_VERSIONS) {
    for (const { layer, name, tls, options } of APIS) {
      it(`${name} takes keys through their lives in KMIP ${version}, an event a request`, async () => {
        const expected = expectedSteps(layer, version);
        const running = runPykmip(python, gateway, { layer, version, ...options });
        await Promise.allSettled([running]); // a failed run takes its events with it, too
        const events = await newEvents();

        const report = await running;
        expect(report.tls).toBe(tls);
        expect(report.steps).toEqual(expected.map(({ row }) => row));

        for (const event of events) assertValidEvent(event);
        expect(events.map(facts)).toEqual(
          outcomesOf(expected).map((outcome) => ({
            ...outcome,
            initiator: initiatorId,
            hasHost: false, // the listener is on a private network
            version,
          })),
        );
      });
    }
  }
}

function facts({ action, outcome, initiator, requestData }: AuditEvent) {
  return {
    action,
    outcome,
    initiator: initiator.id,
    hasHost: initiator.host !== undefined,
    version: requestData['protocolVersion'],
  };
}

function outcomesOf(steps: readonly ExpectedStep[]) {
  return steps.flatMap(({ requests }) =>
    requests.map(({ operation, outcome }) => ({ action: kmipOperationAction(operation), outcome })),
  );
}

await describeWithPython("PyKMIP's client", import.meta.dirname, describeClient);
