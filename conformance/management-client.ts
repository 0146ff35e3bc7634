/** A client of the management API of a gateway under test, as small as one can be. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { createApiKey } from './api-keys.ts';
import type { GatewayProcess } from './gateway-process.ts';

export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when there were no bytes. */
  readonly body: unknown;
}

export interface ManagementCall extends Answer {
  readonly method: string;
  readonly path: string;
  readonly correlationId: string;
}

export interface ManagementClient {
  /** What goes into `Authorization`. */
  readonly authorization: string;
  /** Every call but the log-in, oldest first. */
  readonly calls: readonly ManagementCall[];
  /** @param path - Below `/api/v2`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A GET of what is open to all, at any path. */
  getOpen(path: string): Promise<Answer>;
  /**
   * Makes a resource.
   *
   * @returns What the answer has of it.
   * @throws Error with the whole answer when it was not made.
   */
  create(path: string, resource: object): Promise<Readonly<Record<string, unknown>>>;
  /** What a GET answers with. @throws Error with the whole answer when that is no list. */
  list(path: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** @throws Error with the whole answer when it is another one than 204. */
  act(method: string, path: string, body?: unknown): Promise<void>;
}

const Token = z.object({ token_type: z.string(), access_token: z.string() });
const Resource = z.record(z.string(), z.unknown());
const List = z.object({ resources: z.array(Resource) });
const One = z.object({ resources: z.tuple([Resource]) });

/** Logs in with a new API key of this role. */
export async function connectManagement(
  gateway: Pick<GatewayProcess, 'api' | 'instanceId' | 'pki' | 'dataDirectory'>,
  role = 'Manager',
): Promise<ManagementClient> {
  const { api, instanceId = '', pki, dataDirectory } = gateway;
  const agent = new Agent({ ca: readFileSync(pki.ca, 'utf8'), keepAlive: false });

  async function send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    content?: string,
  ): Promise<Answer> {
    const sent = request({ ...api, agent, method, path, headers });
    sent.end(content);
    const response: IncomingMessage = (await once(sent, 'response'))[0];
    const received = await readText(response);
    const body: unknown = received === '' ? undefined : JSON.parse(received);
    return { status: response.statusCode ?? 0, body };
  }

  const grant = new URLSearchParams({
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: await createApiKey(dataDirectory, role),
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = await send('POST', '/identity/token', form, String(grant));
  const token = Token.parse(login.body);
  const authorization = `${token.token_type} ${token.access_token}`;
  const calls: ManagementCall[] = [];

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const correlationId = randomUUID();
    const answer = await send(
      method,
      `/api/v2${path}`,
      { authorization, 'bluemix-instance': instanceId, 'correlation-id': correlationId },
      body === undefined ? undefined : JSON.stringify(body),
    );
    calls.push({ method, path, correlationId, ...answer });
    return answer;
  }

  async function expecting<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown) {
    const answer = await call(method, path, body);
    const parsed = schema.safeParse(answer.body);
    if (answer.status < 300 && parsed.success) return parsed.data;
    throw new Error(`${method} ${path} was answered with ${JSON.stringify(answer)}`);
  }

  return {
    authorization,
    calls,
    call,
    getOpen: (path) => send('GET', path, {}),
    async create(path, resource) {
      const { resources } = await expecting(One, 'POST', path, envelope(resource));
      return resources[0];
    },
    list: async (path) => (await expecting(List, 'GET', path)).resources,
    async act(method, path, body) {
      await expecting(z.undefined(), method, path, body);
    },
  };
}

/** How requests carry a resource. */
export function envelope(resource: object): object {
  const collectionType = 'application/vnd.ibm.kms.resource+json'; // what counts is the path
  return { metadata: { collectionType, collectionTotal: 1 }, resources: [resource] };
}
