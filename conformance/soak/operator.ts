/** What the operator of the site does by the REST API, and what strangers try meanwhile. */

import { unlink } from 'node:fs/promises';
import { KmipClientError } from '@claviger/kmip-client';
import { z } from 'zod';
import { makeClientCertificate } from '../client-certificates.ts';
import type { Identity } from '../gateway-client.ts';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectManagement, type ManagementClient } from '../management-client.ts';
import type { Latencies } from './latencies.ts';
import { destroy, provision } from './machine.ts';
import type { Visitor } from './visit.ts';

export interface OperatorDeps {
  readonly gateway: GatewayProcess;
  readonly latencies: Latencies;
  /** For files of certificates. */
  readonly directory: string;
  visitorOf(identity: Identity): Visitor;
}

export interface Operator {
  readLists(): Promise<void>;
  /** Lets a new certificate in, has it work, takes it away again, and sees it refused. */
  changeCertificates(): Promise<void>;
  /** A vCenter without trust tries nine times at once, as one does. */
  tryAsStranger(): Promise<void>;
}

const ADAPTER = '/kmip_adapters/vcenter';
const LISTS = [
  '/kmip_adapters?limit=50',
  `${ADAPTER}/kmip_objects?limit=100`,
  `${ADAPTER}/certificates`,
  '/refused_certificates',
  '/keys?limit=50',
  '/events?limit=50',
] as const;
const STRANGER_ATTEMPTS = 9;
/** Tokens are good for an hour, and a client remembers all of its calls. */
const LOGIN_MS = 10 * 60_000;
const Named = z.object({ id: z.string() });

export async function startOperator(deps: OperatorDeps): Promise<Operator> {
  const { gateway, latencies, directory, visitorOf } = deps;
  const stranger = await makeClientCertificate(directory, 'stranger');
  let login: { readonly api: Promise<ManagementClient>; readonly at: number } | undefined;
  let certificates = 0;

  function loggedIn(): Promise<ManagementClient> {
    if (login === undefined || performance.now() - login.at > LOGIN_MS) {
      login = { api: connectManagement(gateway), at: performance.now() };
    }
    return login.api;
  }

  async function measured<T>(what: string, call: (api: ManagementClient) => Promise<T>) {
    const api = await loggedIn();
    const begun = performance.now();
    const answer = await call(api);
    latencies.record(what, performance.now() - begun);
    return answer;
  }

  async function mustBeRefused(identity: Identity, who: string): Promise<void> {
    const visit = visitorOf(identity).visit(async () => {});
    const error: unknown = await visit.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) throw new Error(`${who} was let in.`);
    if (!(error instanceof KmipClientError)) throw error;
    if (error.code === 'timeout' || error.code === 'connect-failed') throw error;
  }

  return {
    async readLists() {
      for (const path of LISTS) await measured('REST list', (api) => api.list(path));
    },

    async changeCertificates() {
      certificates += 1;
      const name = `newcomer-${certificates}`;
      const made = await makeClientCertificate(directory, name);
      await unlink(made.path);
      const added = await measured('REST certificate', (api) =>
        api.create(`${ADAPTER}/certificates`, { certificate: made.cert }),
      );
      const visitor = visitorOf(made);
      const { keyId } = await provision(visitor, name);
      await destroy(visitor, keyId);
      const { id } = Named.parse(added);
      await measured('REST certificate', (api) =>
        api.act('DELETE', `${ADAPTER}/certificates/${id}`),
      );
      await mustBeRefused(made, 'A certificate that was removed');
    },

    async tryAsStranger() {
      const attempts = Array.from({ length: STRANGER_ATTEMPTS }, () =>
        mustBeRefused(stranger, 'A stranger'),
      );
      await Promise.all(attempts);
    },
  };
}
