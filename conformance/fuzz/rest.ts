/**
 * Calls of the management API of a built gateway, damaged: every path and method of its OpenAPI document,
 * with tokens of each role. Each has to be answered with a status that the document tells of, or one that
 * HTTP itself has for what is no such call.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectManagement, envelope } from '../management-client.ts';
import type { Random } from '../seeded-random.ts';
import type { Tally } from './finding.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';

const TARGET = 'rest';
const ROLES = ['Manager', 'Writer', 'Reader'] as const;
/** Of HTTP itself, whatever the call: bad, unauthorized, forbidden, not found, no such method and so on. */
const OF_HTTP = new Set(['400', '401', '403', '404', '405', '406', '408', '411', '413', '414', '415', '417', '429', '431']); // biome-ignore format: a list
const TIMEOUT_MS = 60_000;
const SAFE_HEADER = /[^\t\x20-\x7e]/g;

const Operation = z.object({
  responses: z.record(z.string(), z.unknown()),
  requestBody: z.unknown().optional(),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const Identified = z.object({ id: z.string() });

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly statuses: ReadonlySet<string>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface RestFuzzer {
  /** Sends one call. @throws Error when the gateway is not there any more. */
  step(): Promise<void>;
  stop(): void;
}

/** Bodies to begin with: what calls take, by words of the paths. */
const BODIES: readonly object[] = [
  envelope({ type: 'application/vnd.ibm.kms.key+json', name: 'fuzz', extractable: false }),
  envelope({ type: 'application/vnd.ibm.kms.kmip_adapter+json', profile: 'native_1.0' }),
  envelope({
    name: 'fuzz',
    certificate: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----',
  }),
  { plaintext: 'AAAA', aad: ['a'] },
  { ciphertext: 'AAAA' },
  { name: 'fuzz', role: 'Manager', expiresInDays: 1 },
];

export async function createRestFuzzer(
  gateway: GatewayProcess,
  random: Random,
  tally: Tally,
): Promise<RestFuzzer> {
  const clients = await Promise.all(ROLES.map((role) => connectManagement(gateway, role)));
  const [manager] = clients;
  if (manager === undefined) throw new Error('There is no role to try.');
  const endpoints = endpointsOf((await manager.getOpen('/openapi.json')).body);
  const ids = await identifiersOf(manager);
  const agent = new Agent({ ca: readFileSync(gateway.pki.ca, 'utf8'), keepAlive: true });

  function damagedCall(endpoint: Endpoint): Call {
    const value = () =>
      random.integer(0, 2) > 0
        ? random.pick(ids)
        : mutateText(random.pick(ids), 'a/../b%00', random);
    const filled = endpoint.path.replaceAll(/\{[^}]+\}/g, () =>
      encodeURIComponent(printable(value())),
    );
    const query = random.integer(0, 2) === 0 ? `?${damagedQuery(random)}` : '';
    const headers: Record<string, string> = {
      authorization: random.pick(clients).authorization,
      'bluemix-instance': gateway.instanceId ?? '',
      'content-type': 'application/json',
    };
    if (random.integer(0, 4) === 0) {
      const name = random.pick([...Object.keys(headers), 'prefer', 'correlation-id', 'x-kms-key-ring', 'if-match', 'accept', 'range', 'expect']); // biome-ignore format: a list
      headers[name] = printable(mutateText(headers[name] ?? 'return=minimal', 'x', random));
    }
    const text = JSON.stringify(mutateJson(random.pick(BODIES), random));
    const body = random.integer(0, 3) === 0 ? mutateText(text, text, random) : text;
    const takesBody = endpoint.method !== 'GET' && endpoint.method !== 'HEAD';
    return {
      method:
        random.integer(0, 30) === 0
          ? random.pick(['PUT', 'PATCH', 'OPTIONS', 'POST'])
          : endpoint.method,
      path: `${filled}${query}`,
      headers,
      body: takesBody && random.integer(0, 9) > 0 ? body : undefined,
    };
  }

  async function send(call: Call): Promise<{ status: number; text: string }> {
    const { method, path, headers, body } = call;
    const sent = request({ ...gateway.api, agent, method, path, headers, timeout: TIMEOUT_MS });
    sent.once('timeout', () => sent.destroy(new Error('It was not answered in time.')));
    sent.end(body);
    try {
      const response: IncomingMessage = (await once(sent, 'response'))[0];
      return { status: response.statusCode ?? 0, text: await readText(response) };
    } catch (error) {
      // The gateway may end an idle connection just when it is taken for the next call.
      if (sent.reusedSocket) return send(call);
      throw error;
    }
  }

  return {
    async step() {
      const endpoint = random.pick(endpoints);
      const call = damagedCall(endpoint);
      const started = performance.now();
      const problem = await send(call).then(
        ({ status, text }) => problemOf(endpoint, call, status, text),
        (error: Error) => `It ended with ${error.message}.`,
      );
      const milliseconds = performance.now() - started;
      if (typeof problem === 'number') tally.count(TARGET, String(problem), milliseconds);
      else tally.find({ target: TARGET, problem, input: shown(call) });
    },
    stop: () => agent.destroy(),
  };
}

/** The status, when there is nothing wrong with it. */
function problemOf(endpoint: Endpoint, call: Call, status: number, text: string): string | number {
  const isKnown = OF_HTTP.has(String(status)) || endpoint.statuses.has(String(status));
  const isForAnother = call.method !== endpoint.method && status < 500;
  if (!isKnown && !isForAnother) {
    return `${endpoint.method} ${endpoint.path} was answered with ${status}: ${text.slice(0, 300)}`;
  }
  return status;
}

function shown({ headers, ...call }: Call): string {
  const { authorization: _, ...others } = headers;
  return JSON.stringify({ ...call, headers: others });
}

function endpointsOf(document: unknown): readonly Endpoint[] {
  const { paths } = Document.parse(document);
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, value]) => {
      const operation = Operation.safeParse(value);
      if (!operation.success) return [];
      const statuses = new Set(Object.keys(operation.data.responses));
      return [{ method: method.toUpperCase(), path, statuses }];
    }),
  );
}

/** What there is, and some that there is not. */
async function identifiersOf(
  manager: Awaited<ReturnType<typeof connectManagement>>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    ['/kmip_adapters', '/keys', '/kmip_adapters/vcenter/certificates'].map((path) =>
      manager.list(path),
    ),
  );
  const ids = found.flat().map((resource) => Identified.parse(resource).id);
  return [...ids, 'vcenter', '0a0b0c0d-0000-4000-8000-000000000003', '%', '..', '-1'];
}

function damagedQuery(random: Random): string {
  const names = [
    'limit',
    'offset',
    'state',
    'search',
    'action',
    'sort',
    'totalCount',
    'force',
    'from',
    'cursor',
  ];
  const values = [
    '0',
    '-1',
    '1',
    '999999999999',
    'a',
    '',
    'true',
    'disable',
    'enable',
    '%00',
    '%zz',
    '1,2,3',
  ];
  const count = random.integer(1, 3);
  return Array.from({ length: count }, () => `${random.pick(names)}=${random.pick(values)}`).join(
    '&',
  );
}

/** What a header or a path may carry at all. */
function printable(text: string): string {
  return text.slice(0, 2000).replaceAll(SAFE_HEADER, '?');
}
