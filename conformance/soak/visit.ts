/** One connection as vCenter makes it: a new one, Discover Versions first, closed after the job. */

import { createKmipClient, type KmipClient } from '@claviger/kmip-client';
import type { Identity } from '../gateway-client.ts';
import type { Address } from '../gateway-process.ts';
import type { Latencies } from './latencies.ts';

/** Carries out one operation and measures it under this name. */
export type Ask = <T>(operation: string, call: (kmip: KmipClient) => Promise<T>) => Promise<T>;

export interface Visitor {
  /** @throws KmipClientError; Error when the connection broke, also where a second one has helped. */
  visit<T>(job: (ask: Ask) => Promise<T>): Promise<T>;
}

/** What the first operation of a connection is measured as, TLS handshake included. */
export const CONNECT = 'connect and Discover Versions';

/** @param ca - Of the server, PEM. */
export function createVisitor(
  address: Address,
  ca: string,
  { cert, key }: Identity,
  latencies: Latencies,
): Visitor {
  return {
    async visit(job) {
      let asked = 0;
      let sent = 0;
      const kmip = createKmipClient({
        ...address,
        tls: { ca, cert, key },
        protocolVersion: '1.1',
        onMessage({ direction }) {
          if (direction === 'request') sent += 1;
        },
      });
      const ask: Ask = async (operation, call) => {
        asked += 1;
        const begun = performance.now();
        const answer = await call(kmip);
        latencies.record(operation, performance.now() - begun);
        return answer;
      };
      try {
        await ask(CONNECT, () => kmip.discoverVersions());
        const answer = await job(ask);
        // The client repeats a read whose connection was lost; here that is a fault all the same.
        if (sent !== asked) throw new Error('The connection was lost, and the request sent again.');
        return answer;
      } finally {
        await kmip.close();
      }
    },
  };
}
