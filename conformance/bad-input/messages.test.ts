/**
 * Promise: any bytes on the KMIP port get a KMIP error with the right Result Reason where a header can be
 * read, else a closed connection and one log line; the server goes on, and does not grow.
 */

import type { KmipClient } from '@claviger/kmip-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectRaw, parseAnswer } from '../raw-connection.ts';
import { request } from '../ttlv-request.ts';
import { REFUSED } from './refused.ts';
import { canMeasureMemory, MAX_RESIDENT_MIB, residentMiB } from './resident-memory.ts';
import { UNREADABLE } from './unreadable.ts';

const DISCOVER_VERSIONS = request([1, 4], 'DiscoverVersions');

describe('a gateway that is sent bad bytes', () => {
  let gateway: GatewayProcess;
  let witness: KmipClient;

  function warnings(): readonly string[] {
    return gateway.stderr.split('\n').filter((line) => line.includes('"level":"warn"'));
  }

  async function invalidRequests() {
    const events = await readEvents(gateway.dataDirectory);
    return events.filter(({ action }) => action === 'claviger.kmip-request.default');
  }

  beforeAll(async () => {
    gateway = await startGateway();
    witness = clientOf(gateway);
  });

  afterAll(async () => {
    await witness.close();
    await gateway.stop();
  });

  // Whatever it was: somebody else is served as before.
  afterEach(async () => {
    expect(await witness.discoverVersions()).toContain('1.4');
    if (canMeasureMemory) expect(residentMiB(gateway.pid)).toBeLessThan(MAX_RESIDENT_MIB);
  });

  describe('that are no KMIP', () => {
    it.each(Object.entries(UNREADABLE))(
      'closes the connection, with one log line: %s',
      async (_, bytes) => {
        const before = warnings().length;
        const connection = await connectRaw(gateway);
        connection.send(bytes);

        expect(await connection.receive()).toBeUndefined();
        await expect.poll(() => warnings().length).toBe(before + 1);
      },
    );

    it('has left one line and one event for each', async () => {
      const count = Object.keys(UNREADABLE).length;
      await expect.poll(() => invalidRequests(), { timeout: 15_000 }).toHaveLength(count);
      expect(warnings()).toHaveLength(count);
      for (const { outcome, reason, initiator } of await invalidRequests()) {
        expect(outcome).toBe('failure');
        expect(reason.reasonCode).toBe(400);
        expect(initiator.id).toMatch(/^CertificateID-[0-9a-f]{64}$/);
      }
    });
  });

  describe('in a request with a header', () => {
    it.each(Object.entries(REFUSED))('says what is wrong, and goes on: %s', async (_, refused) => {
      const connection = await connectRaw(gateway);
      connection.send(refused.message);
      connection.send(DISCOVER_VERSIONS);

      const answer = parseAnswer((await connection.receive()) ?? new Uint8Array());
      expect(answer.version).toBe(refused.version);
      expect(answer.items).toHaveLength(1);
      const [item] = answer.items;
      expect(item).toMatchObject({ resultStatus: 'OperationFailed', resultReason: refused.reason });
      expect(item?.resultMessage).toMatch(/^[A-Z].*\.$/s);
      expect(item?.operation === undefined).toBe(refused.isWhole);
      const next = parseAnswer((await connection.receive()) ?? new Uint8Array());
      expect(next.items).toMatchObject([{ resultStatus: 'Success' }]);
      connection.socket.end();
    });

    it('has left one event for each', async () => {
      const events = await readEvents(gateway.dataDirectory);
      const failures = events.filter(({ outcome }) => outcome === 'failure');
      expect(failures).toHaveLength(Object.keys(UNREADABLE).length + Object.keys(REFUSED).length);
    });
  });
});
