/** A list of the management API, as an operator's page asks for it. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { type GatewaySubject, makeApiKey } from '../subjects/gateway.ts';
import { type Bench, measureLoad, type Row, seeded } from './bench.ts';

const LISTED = 50;
const CONNECTIONS = 8;

export const restRow: Row = {
  name: 'rest-list',
  hasTarget: false,
  about: `GET of ${LISTED} objects over the REST API`,
  measure,
};

async function measure(bench: Bench): Promise<void> {
  const { site, settings } = bench;
  for (const objects of [settings.stores.middle, settings.stores.large]) {
    const gateway = site.gateways.get(objects);
    if (gateway === undefined) throw new Error(`No gateway has ${objects} objects.`);
    const headers = await logIn(settings.node, gateway);
    const [adapter] = Adapters.parse(await call(gateway, ADAPTERS, headers)).resources;
    const path = `${ADAPTERS}/${adapter.id}/kmip_objects?limit=${LISTED}`;
    const place = { row: restRow.name, subject: 'gateway', objects } as const;
    await measureLoad(
      bench,
      place,
      { ...gateway, ...gateway.api },
      {
        workload: 'get',
        ids: seeded(objects),
        connections: CONNECTIONS,
        loop: { kind: 'rest', path, headers },
      },
    );
  }
}

const ADAPTERS = '/api/v2/kmip_adapters';
const Adapters = z.object({ resources: z.tuple([z.object({ id: z.string() })], z.unknown()) });
const Token = z.object({ access_token: z.string() });

type Headers = Readonly<Record<string, string>>;

async function logIn(node: string, gateway: GatewaySubject): Promise<Headers> {
  const grant = new URLSearchParams({
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: await makeApiKey(node, gateway.dataDirectory),
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const token = Token.parse(await call(gateway, '/identity/token', form, String(grant)));
  return {
    authorization: `Bearer ${token.access_token}`,
    'bluemix-instance': gateway.instanceId,
  };
}

/** @returns JSON, whatever the status. */
async function call(
  { api, tls }: GatewaySubject,
  path: string,
  headers: Headers,
  body?: string,
): Promise<unknown> {
  const agent = new Agent({ ca: readFileSync(tls.ca), checkServerIdentity: () => undefined });
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({ ...api, agent, method, path, headers });
  sent.end(body);
  const response: IncomingMessage = (await once(sent, 'response'))[0];
  return await json(response);
}
