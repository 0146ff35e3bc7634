/**
 * Promise: what the gateway has accepted to work on later is worked on once, though it is killed before, or meanwhile.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { attribute } from '@claviger/kmip-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AcceptedRequest, sendForLater } from '../asynchronous-request.ts';
import { objectOf, readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';

const TIMEOUT_MS = 180_000;
const PATIENCE_MS = 60_000;
const ACCEPT = 'claviger.kmip-request.accept';
const MAKE = 'hs-crypto.kmip-key.create';

/** By which what was made is found again. */
const GROUP = attribute('ObjectGroup', 'made later');

function laterKey(client: KmipClient): Promise<AcceptedRequest> {
  const attributes = [
    attribute('CryptographicAlgorithm', 'AES'),
    attribute('CryptographicLength', 256),
    attribute('CryptographicUsageMask', 12),
    GROUP,
  ];
  return sendForLater(client, 'Create', {
    objectType: 'SymmetricKey',
    attributes: { attributes, templateNames: [] },
  });
}

/** Takes so long to make that a kill comes meanwhile. */
function laterPair(client: KmipClient): Promise<AcceptedRequest> {
  const common = [
    attribute('CryptographicAlgorithm', 'RSA'),
    attribute('CryptographicLength', 2048),
  ];
  const usage = (mask: number) => ({
    attributes: [attribute('CryptographicUsageMask', mask)],
    templateNames: [],
  });
  return sendForLater(client, 'CreateKeyPair', {
    commonAttributes: { attributes: [...common, GROUP], templateNames: [] },
    privateKeyAttributes: usage(1),
    publicKeyAttributes: usage(2),
  });
}

/** The identifiers that came of a request. */
async function polled(client: KmipClient, request: AcceptedRequest): Promise<readonly string[]> {
  const { asynchronousCorrelationValue } = request;
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const answer = await client.request('Poll', { asynchronousCorrelationValue });
    if (answer.kind === 'pending') continue; // a Poll waits for the work by itself
    if (answer.operation === 'Create') return [String(answer.payload.uniqueIdentifier)];
    if (answer.operation === 'CreateKeyPair') {
      const { privateKeyUniqueIdentifier, publicKeyUniqueIdentifier } = answer.payload;
      return [String(privateKeyUniqueIdentifier), String(publicKeyUniqueIdentifier)];
    }
    throw new Error(`What was polled is ${answer.operation}.`);
  }
  throw new Error('The request is pending still.');
}

async function made(client: KmipClient): Promise<readonly string[]> {
  const { uniqueIdentifier } = await client.request('Locate', { attributes: [GROUP] });
  return uniqueIdentifier.map(String);
}

describe('a gateway that is killed with asynchronous requests', () => {
  let directory: string;
  let gateway: GatewayProcess;
  let clients: KmipClient[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'claviger-asynchronous-'));
    gateway = await startGateway({ dataDirectory: join(directory, 'data') });
    clients = [];
  }, TIMEOUT_MS);

  afterEach(async () => {
    for (const client of clients) await client.close();
    await gateway.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }, TIMEOUT_MS);

  function connect(): KmipClient {
    const client = clientOf(gateway, undefined, { protocolVersion: '2.1' });
    clients.push(client);
    return client;
  }

  async function restart(): Promise<KmipClient> {
    gateway = await startGateway({ dataDirectory: gateway.dataDirectory });
    return connect();
  }

  /** Each that was accepted is answered, always alike; everything was made once, and is told of once. */
  async function expectEachOnce(client: KmipClient, accepted: readonly AcceptedRequest[]) {
    const answers = new Map<string, readonly string[]>();
    for (const request of accepted) {
      answers.set(request.correlationId, await polled(client, request));
    }
    // What was accepted without that its client has heard of it is worked on, too.
    const waiting = async () =>
      (await client.request('QueryAsynchronousRequests', {})).asynchronousRequest.filter(
        ({ processingStage }) => processingStage !== 'Completed',
      );
    for (const { asynchronousCorrelationValue } of await waiting()) {
      await client.request('Process', { asynchronousCorrelationValue });
    }
    const ids = [...answers.values()].flat();
    expect(new Set(ids).size).toBe(ids.length);
    for (const request of accepted) {
      expect(await polled(client, request)).toEqual(answers.get(request.correlationId));
    }

    const events = await readEvents(gateway.dataDirectory);
    const ofRequests = events.filter(({ action }) => action === ACCEPT || action === MAKE);
    const byRequest = new Map<string, (readonly [string, string, string | undefined])[]>();
    for (const event of ofRequests) {
      const key = event.correlationId ?? '';
      const row = [event.action, event.outcome, objectOf(event)] as const;
      byRequest.set(key, [...(byRequest.get(key) ?? []), row]);
    }
    for (const [correlationId, [id]] of answers) {
      expect(byRequest.get(correlationId)).toEqual([
        [ACCEPT, 'success', undefined],
        [MAKE, 'success', id],
      ]);
    }
    for (const rows of byRequest.values()) {
      expect(rows.map(([action]) => action)).toEqual([ACCEPT, MAKE]);
    }
    const found = await made(client);
    expect(found).toEqual(expect.arrayContaining(ids));
    return { objects: found.length, requests: byRequest.size };
  }

  it(
    'works on each once when it is back, also those whose acceptance was under way',
    async () => {
      const accepted: AcceptedRequest[] = [];
      let enough = () => {};
      const hasEnough = new Promise<void>((resolve) => {
        enough = resolve;
      });
      async function keepSending(client: KmipClient): Promise<void> {
        for (;;) {
          try {
            accepted.push(await laterKey(client));
          } catch (error) {
            if (error instanceof KmipClientError) return; // the gateway is gone
            throw error;
          }
          if (accepted.length >= 12) enough();
        }
      }
      const senders = Array.from({ length: 4 }, () => keepSending(connect()));
      await Promise.race([hasEnough, Promise.all(senders)]);
      await gateway.kill('SIGKILL');
      await Promise.all(senders);

      const client = await restart();
      const { objects, requests } = await expectEachOnce(client, accepted);
      expect(accepted.length).toBeGreaterThanOrEqual(12);
      expect(objects).toBe(requests);
      // Of those that were under way some may have been accepted, one a client at most.
      expect(requests - accepted.length).toBeLessThanOrEqual(senders.length);
    },
    TIMEOUT_MS,
  );

  it(
    'goes on with those that it was working on, and makes nothing twice',
    async () => {
      const PAIRS = 8;
      const first = connect();
      const accepted: AcceptedRequest[] = [];
      for (let count = 0; count < PAIRS; count++) accepted.push(await laterPair(first));
      const end = Date.now() + PATIENCE_MS;
      let before = 0;
      while (before === 0 && Date.now() < end) {
        await delay(20);
        before = (await made(first)).length;
      }
      await gateway.kill('SIGKILL');
      expect(before).toBeGreaterThan(0);

      const client = await restart();
      const { objects, requests } = await expectEachOnce(client, accepted);
      expect([objects, requests]).toEqual([2 * PAIRS, PAIRS]);
    },
    TIMEOUT_MS,
  );
});
