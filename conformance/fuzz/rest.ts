/**
 * Calls of the management API of a built gateway, damaged: every path and method of its OpenAPI document,
 * with bodies and queries by its schemas, and with tokens of each role. Each has to be answered with a status
 * that the document tells of, or one that HTTP itself has for what is no such call; never with 500.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectManagement } from '../management-client.ts';
import type { Random } from '../seeded-random.ts';
import type { Tally } from './finding.ts';
import { createKnownValues } from './known-values.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import { endpointsOf, type RestEndpoint } from './rest-endpoints.ts';

const TARGET = 'rest';
const ROLES = ['Manager', 'Writer', 'Reader'] as const;
/** Of HTTP itself, whatever the call: bad, unauthorized, forbidden, not found, no such method and so on. */
const OF_HTTP = new Set(['400', '401', '403', '404', '405', '406', '408', '411', '413', '414', '415', '417', '429', '431']); // biome-ignore format: a list
/** Documented since it can happen; nothing that a client sends may have it happen. */
const INTERNAL_ERROR = 500;
const TIMEOUT_MS = 60_000;
const SAFE_HEADER = /[^\t\x20-\x7e]/g;

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

export async function createRestFuzzer(
  gateway: GatewayProcess,
  seed: number,
  random: Random,
  tally: Tally,
): Promise<RestFuzzer> {
  const clients = await Promise.all(ROLES.map((role) => connectManagement(gateway, role)));
  const [manager] = clients;
  if (manager === undefined) throw new Error('There is no role to try.');
  const callers = [manager, manager, ...clients];
  const endpoints = endpointsOf((await manager.getOpen('/openapi.json')).body, seed);
  const { ca, clientCertificate } = gateway.pki;
  const certificates = [ca, clientCertificate].map((path) => readFileSync(path, 'utf8'));
  const known = createKnownValues({ certificate: certificates });
  const agent = new Agent({ ca: readFileSync(ca, 'utf8'), keepAlive: true });

  function damagedCall(endpoint: RestEndpoint): Call {
    const filled = endpoint.path.replaceAll(/\{([^}]+)\}/g, (_, parameter: string) => {
      const id = known.identifier(parameter, random);
      const isDamaged = random.integer(0, 5) === 0;
      return encodeURIComponent(printable(isDamaged ? mutateText(id, 'a/../b%00', random) : id));
    });
    const headers: Record<string, string> = {
      authorization: random.pick(callers).authorization,
      'bluemix-instance': gateway.instanceId ?? '',
      'content-type': endpoint.contentType,
    };
    if (random.integer(0, 4) === 0) {
      const name = random.pick([...Object.keys(headers), 'prefer', 'correlation-id', 'x-kms-key-ring', 'if-match', 'accept', 'range', 'expect']); // biome-ignore format: a list
      headers[name] = printable(mutateText(headers[name] ?? 'return=minimal', 'x', random));
    }
    const isOther = random.integer(0, 30) === 0;
    return {
      method: isOther ? random.pick(['PUT', 'PATCH', 'OPTIONS', 'POST']) : endpoint.method,
      path: `${filled}${damagedQuery(endpoint, random)}`,
      headers,
      body: damagedBody(endpoint),
    };
  }

  function damagedBody({ bodies, contentType }: RestEndpoint): string | undefined {
    if (bodies.length === 0 || random.integer(0, 19) === 0) return undefined;
    const body = mutateJson(known.fill(random.pick(bodies), random), random);
    const text = contentType === 'application/json' ? JSON.stringify(body) : formOf(body);
    return random.integer(0, 5) === 0 ? mutateText(text, text, random) : text;
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
      tally.begin(TARGET, shown(call));
      const started = performance.now();
      const problem = await send(call).then(
        ({ status, text }) => {
          if (status < 300) known.learn(endpoint.path, text);
          return problemOf(endpoint, call, status, text);
        },
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
function problemOf(
  endpoint: RestEndpoint,
  call: Call,
  status: number,
  text: string,
): string | number {
  const isKnown =
    status !== INTERNAL_ERROR &&
    (OF_HTTP.has(String(status)) || endpoint.statuses.has(String(status)));
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

const ODD_NAMES = ['limit', 'offset', 'x', 'force', 'from', '__proto__', ''];
const ODD_VALUES = [
  '0',
  '-1',
  '999999999999',
  'a',
  '',
  'true',
  '%00',
  '%zz',
  '1,2,3',
  '%F0%9F%94%91',
];

/** Mostly parameters of the call with values that it takes; empty for most calls. */
function damagedQuery({ query }: RestEndpoint, random: Random): string {
  if (random.integer(0, query.length === 0 ? 5 : 1) > 0) return '';
  const pairs = Array.from({ length: random.integer(1, 3) }, () => {
    if (query.length === 0 || random.integer(0, 3) === 0) {
      return `${random.pick(ODD_NAMES)}=${random.pick(ODD_VALUES)}`;
    }
    const { name, values } = random.pick(query);
    const value =
      random.integer(0, 4) === 0 ? random.pick(ODD_VALUES) : textOf(random.pick(values));
    return `${name}=${encodeURIComponent(printable(value))}`;
  });
  return `?${pairs.join('&')}`;
}

function formOf(body: unknown): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body ?? {})) form.append(name, textOf(value));
  return String(form);
}

/** Damage may have made an object of it, and one that gives no text of itself. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a header or a path may carry at all. */
function printable(text: string): string {
  return text.slice(0, 2000).replaceAll(SAFE_HEADER, '?');
}
