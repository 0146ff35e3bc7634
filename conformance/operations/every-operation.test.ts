/**
 * Promise: every operation that Query lists works over the network for a client of ours, and leaves one event that
 * says what was done, to what, and by whom.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEvent, kmipOperationAction } from '@claviger/audit-emitter';
import type { KmipClient, TracedMessage } from '@claviger/kmip-client';
import {
  decodeItem,
  OPERATIONS,
  type OperationName,
  RequestMessage,
  ResponseMessage,
} from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
} from '../client-certificates.ts';
import { objectOf, readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { type AskedOperation, type Outcome, STEPS } from './steps.ts';

const TIMEOUT_MS = 180_000;
/** Those that the gateway sends to clients: `conformance/server-to-client` proves them. */
const SENT: readonly Exclude<OperationName, AskedOperation>[] = ['Notify', 'Put'];
const ASKED = Object.keys(STEPS) as AskedOperation[]; // the keys of the table

/** What the last message was, and under which id it is found in the log. */
interface Traced {
  operation?: string | undefined;
  correlationId?: string | undefined;
}

/** How a step ended. */
type Ended =
  | { readonly kind: 'succeeded'; readonly outcome: Outcome; readonly traced: Readonly<Traced> }
  | { readonly kind: 'failed'; readonly error: unknown };

function trace(traced: Traced, { direction, bytes }: TracedMessage): void {
  const root = decodeTtlv(bytes);
  if (direction === 'request') {
    traced.operation = decodeItem(RequestMessage, root, '2.1').batchItem[0]?.operation;
  } else {
    const { responseHeader } = decodeItem(ResponseMessage, root, '2.1');
    traced.correlationId = responseHeader.serverCorrelationValue;
  }
}

describe('every operation over the network', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-operations-'));
  const dataDirectory = join(directory, 'data');
  const clients: KmipClient[] = [];
  const endings = new Map<string, Ended>();
  let gateway: GatewayProcess | undefined;
  let certificate: ClientCertificate;
  let listed: readonly string[];
  let events: readonly AuditEvent[];

  beforeAll(async () => {
    gateway = await startGateway({
      dataDirectory,
      env: { CLAVIGER_KMIP__FOR_TESTS: 'true', CLAVIGER_KMIP__RE_PROVISION: 'true' },
    });
    certificate = await makeClientCertificate(directory, 'the-client');
    const otherCertificate = await makeClientCertificate(directory, 'the-other');
    await addAdapter(dataDirectory, 'tenant', [certificate, otherCertificate]);
    const traced: Traced = {};
    const options = {
      protocolVersion: '2.1',
      onMessage: (message: TracedMessage) => trace(traced, message),
    } as const;
    const client = clientOf(gateway, certificate, options);
    const other = clientOf(gateway, otherCertificate, options);
    clients.push(client, other);
    listed = (await client.query(['QueryOperations'])).operation;

    const bench = { client, other: { client: other, certificate: otherCertificate } };
    for (const operation of ASKED) {
      try {
        const outcome = await STEPS[operation](bench);
        endings.set(operation, { kind: 'succeeded', outcome, traced: { ...traced } });
      } catch (error) {
        endings.set(operation, { kind: 'failed', error });
      }
    }
    events = await readEvents(dataDirectory);
  }, TIMEOUT_MS);

  afterAll(async () => {
    for (const client of clients) await client.close();
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, TIMEOUT_MS);

  it('has a step for what Query lists, and for nothing else', () => {
    expect(listed.toSorted()).toEqual([...ASKED, ...SENT].toSorted());
  });

  it.each(ASKED)('%s succeeds, and leaves one event', (operation) => {
    const ended = endings.get(operation);
    if (ended?.kind !== 'succeeded') throw ended?.error ?? new Error('It was not tried.');
    const { outcome, traced } = ended;
    expect(traced.operation).toBe(operation);
    const left = events.filter(({ correlationId }) => correlationId === traced.correlationId);
    const { fingerprintSha256 } = outcome.as ?? certificate;
    expect(left).toMatchObject([
      {
        action: kmipOperationAction(operation),
        outcome: 'success',
        initiator: {
          id: `CertificateID-${fingerprintSha256}`,
          typeURI: 'service/security/client/certificateid',
        },
        requestData: { kmipOperation: OPERATIONS[operation].name, protocolVersion: '2.1' },
      },
    ]);
    expect(left.map(objectOf)).toEqual([outcome.target]);
  });
});
