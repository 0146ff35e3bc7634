/** The API over a store, with a clock that stands still and callers of every role. */

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEvent, createAuditEmitter } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { createKeyHierarchy, createMasterKey, type KeyHierarchy } from '@claviger/key-hierarchy';
import { type EventRecord, type KeyStore, openSqliteKeyStore } from '@claviger/key-store';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import type { ClientEndpoints } from './clients/client-endpoints.ts';
import type { CredentialMaker } from './credentials/credential-maker.ts';
import { ErrorBody } from './errors/error-body.ts';
import { newApiKey } from './identity/api-key.ts';
import type { Role } from './identity/roles.ts';
import { objectsForTests } from './managed-objects.fixtures.ts';
import type { ManagementApiOptions } from './options.ts';
import { createManagementApi, type ManagementApi } from './server/management-api.ts';

export const INSTANCE_ID = '4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d';
const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
export const ISSUER = 'https://kmip.test/identity';
export const NOW = Date.UTC(2026, 10, 22, 12);

const { privateKey: SIGNING_KEY } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface Rig {
  readonly api: ManagementApi;
  readonly store: KeyStore;
  readonly keys: KeyHierarchy;
  readonly logged: { readonly level: string; readonly fields: object; readonly message: string }[];
  /** Moves the clock. */
  advance(milliseconds: number): void;
  now(): number;
  /** An access token of a caller with the role. */
  tokenOf(role: Role): Promise<string>;
  apiKeyOf(role: Role): Promise<string>;
  /** A request of a Manager, with the headers that every client sends; a body becomes JSON. */
  request(method: Method, path: string, body?: unknown, asked?: Asked): Promise<Response>;
  /**
   * As `request`, and the check that every call must pass: exactly one event, which is valid, tells the
   * outcome of the answer, and holds neither the token nor a private key.
   */
  call(method: Method, path: string, body?: unknown, asked?: Asked): Promise<Response>;
  /** The event of the last `call`. */
  lastEvent(): AuditEvent;
  /** What is in the log since the last time. */
  newEvents(): Promise<readonly EventRecord[]>;
  /** Notes calls that were made over a socket of the test's own. */
  countCalls(count: number): void;
  /**
   * Closes, after the check that all tests must pass: every management call and log-in has left exactly
   * one event, or was counted by one.
   */
  close(): Promise<void>;
}
type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE';
type Response = LightMyRequestResponse;

export interface Asked {
  readonly role?: Role;
  /** Instead of those that are sent otherwise; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface RigOptions extends Partial<ManagementApiOptions> {
  /** In memory unless given. */
  readonly store?: KeyStore;
  /** For a store that fails: then calls may leave no event. */
  readonly wrapStore?: (store: KeyStore) => KeyStore;
  /** None unless given. */
  readonly clientEndpoints?: Partial<ClientEndpoints>;
}

/** Every kind of store, for tests of what the API does with it. */
export const STORES = [
  ['in memory', async () => createMemoryKeyStore()],
  ['SQLite', openTemporaryStore],
] as const satisfies readonly (readonly [string, () => Promise<KeyStore>])[];

async function openTemporaryStore(): Promise<KeyStore> {
  const directory = await mkdtemp(join(tmpdir(), 'claviger-management-api-'));
  const store = await openSqliteKeyStore({ path: join(directory, 'claviger.db') });
  return {
    ...store,
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Requests of these paths leave an event. */
const RECORDED_PATH = /^\/{1,2}(?:api\/v2\/|identity\/token$|oidc\/token$)/;

/** No client takes requests. */
const NO_CLIENTS: ClientEndpoints = {
  endpointsOf: () => [],
  query: async () => ({ kind: 'failed', reason: 'there is no client' }),
  discoverVersions: async () => ({ kind: 'failed', reason: 'there is no client' }),
  put: async () => ({ kind: 'failed', reason: 'there is no client' }),
};

/** Keeps what it is given of a wish in words that a test can read; no password is among them. */
export const credentialsForTests: CredentialMaker = {
  async make(_adapterKey, credentialId, wish) {
    const name = wish.kind === 'user' ? wish.username : JSON.stringify(wish.device);
    const isOneTime = wish.kind === 'user' && wish.needsOneTimePassword;
    return {
      identity: `${wish.kind}:${name}`,
      verifier: wish.password === undefined ? null : `verifier of ${credentialId}`,
      sealed: isOneTime ? Uint8Array.of(1) : null,
      ...(isOneTime && { oneTimeSecret: 'ORSXG5A' }),
    };
  },
};

export function aRig({
  store = createMemoryKeyStore(),
  wrapStore,
  clientEndpoints,
  ...overrides
}: RigOptions = {}): Rig {
  const logged: { level: string; fields: object; message: string }[] = [];
  let now = NOW;
  const clock = { now: () => now };
  const randomness = { uuid: () => randomUUID(), bytes: (count: number) => randomBytes(count) };
  const master = createMasterKey(new Uint8Array(32).fill(1), randomBytes);
  const keys = createKeyHierarchy({ master });
  const note = (level: string) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  let calls = 0;
  const real = createManagementApi(
    {
      store: wrapStore?.(store) ?? store,
      keys,
      objects: objectsForTests,
      credentials: credentialsForTests,
      clientEndpoints: async () => ({ ...NO_CLIENTS, ...clientEndpoints }),
      audit: createAuditEmitter({
        displayName: 'Claviger',
        crn: {
          cname: 'bluemix',
          ctype: 'local',
          service: 'hs-crypto',
          location: 'eu-de',
          accountId: ACCOUNT_ID,
          instanceId: INSTANCE_ID,
        },
        extensionActions: true,
        severityPrecedence: 'graver',
        saveServiceCopy: true,
        newId: randomness.uuid,
        now: clock.now,
      }),
      clock,
      randomness,
      log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    },
    {
      instanceId: INSTANCE_ID,
      accountId: ACCOUNT_ID,
      cname: 'bluemix',
      ctype: 'local',
      service: 'hs-crypto',
      region: 'eu-de',
      network: 'private',
      issuer: ISSUER,
      tokenSigningKey: async () => ({ kid: 'test', privateKey: SIGNING_KEY }),
      ...overrides,
    },
  );

  const api: ManagementApi = {
    ...real,
    inject(asked) {
      const url = String(asked.url);
      if (RECORDED_PATH.test(url.split('?', 1)[0] ?? '')) calls += 1;
      return real.inject(asked);
    },
    callLocally(asked) {
      calls += 1;
      return real.callLocally(asked);
    },
  };

  async function apiKeyOf(role: Role): Promise<string> {
    const request = { name: `a ${role}`, role, createdBy: null };
    const { apiKey, record } = newApiKey({ clock, randomness }, request);
    const changes = [{ kind: 'insert-api-key', apiKey: record } as const];
    await store.commit({ guards: [], changes, events: [] });
    return apiKey;
  }

  const tokens = new Map<Role, Promise<string>>();
  async function logIn(role: Role): Promise<string> {
    const apikey = await apiKeyOf(role);
    const response = await api.inject({
      method: 'POST',
      url: '/identity/token',
      ...logInForm(apikey),
    });
    const body: { readonly access_token: string } = response.json();
    return body.access_token;
  }
  function tokenOf(role: Role): Promise<string> {
    const known = tokens.get(role) ?? logIn(role);
    tokens.set(role, known);
    return known;
  }

  let seen = 0;
  async function newEvents(): Promise<readonly EventRecord[]> {
    const events = await store.listEvents({ afterSequence: seen, limit: 1000 });
    seen = events.at(-1)?.sequence ?? seen;
    return events;
  }

  async function request(method: Method, path: string, body: unknown, asked: Asked = {}) {
    const headers = {
      authorization: `Bearer ${await tokenOf(asked.role ?? 'Manager')}`,
      'bluemix-instance': INSTANCE_ID,
      accept: 'application/json',
      ...asked.headers,
    };
    const sent = Object.entries(headers).filter(([, value]) => value !== undefined);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return await api.inject({
      method,
      url: `/api/v2${path}`,
      headers: Object.fromEntries(sent),
      ...(text === undefined ? {} : { payload: text }),
    });
  }

  let lastEvent: AuditEvent | undefined;

  return {
    api,
    store,
    keys,
    logged,
    advance(milliseconds) {
      now += milliseconds;
    },
    now: () => now,
    tokenOf,
    apiKeyOf,
    newEvents,
    request,
    async call(method, path, body, asked) {
      const token = await tokenOf(asked?.role ?? 'Manager');
      await newEvents();
      const response = await request(method, path, body, asked);
      lastEvent = eventOf(response, await newEvents(), token);
      await assertDocumented(real, method, path, response);
      return response;
    },
    lastEvent() {
      if (lastEvent === undefined) throw new Error('Nothing was called yet.');
      return lastEvent;
    },
    countCalls(count) {
      calls += count;
    },
    async close() {
      await api.close();
      if (wrapStore === undefined) await assertRecorded(store, calls);
      await store.close();
    },
  };
}

/** Every call has an event of its own, or is one of the attempts that an event tells of. */
async function assertRecorded(store: KeyStore, calls: number): Promise<void> {
  const events = await store.listEvents({ afterSequence: 0, limit: 10_000 });
  const told = events.map(({ body }) => {
    const event: unknown = JSON.parse(body);
    assertValidEvent(event);
    const attempts = event.requestData['attempts'];
    return typeof attempts === 'number' ? attempts : 1;
  });
  const sum = told.reduce((total, attempts) => total + attempts, 0);
  if (sum !== calls) throw new Error(`${calls} calls have left events that tell of ${sum}.`);
}

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ responses: z.record(z.string(), z.object({ description: z.string() })) }),
    ),
  ),
});

/** Each answer stands in the OpenAPI document with its status, and a refusal with its reason code. */
async function assertDocumented(
  api: ManagementApi,
  method: Method,
  path: string,
  response: Response,
): Promise<void> {
  const { paths } = Document.parse((await api.inject({ url: '/openapi.json' })).json());
  const segments = `/api/v2${path}`.split('?', 1)[0]?.split('/') ?? [];
  const fits = (template: string) => {
    const parts = template.split('/');
    return (
      parts.length === segments.length &&
      parts.every((part, position) => part.startsWith('{') || part === segments[position])
    );
  };
  const [exact] = Object.keys(paths)
    .filter(fits)
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const documented = paths[exact ?? '']?.[method.toLowerCase()]?.responses;
  // What the document does not have is not offered, or is the old form of an action.
  if (documented === undefined) return;
  const { statusCode } = response;
  const words = documented[statusCode]?.description;
  if (words === undefined) throw new Error(`${method} ${exact} does not document ${statusCode}.`);
  if (statusCode < 400 || response.body === '') return;
  ErrorBody.parse(response.json());
  const code = reasonOf(response) ?? 'UNAUTHORIZED_ERR';
  if (!words.split(', ').includes(code)) {
    throw new Error(`${method} ${exact} does not document ${code}.`);
  }
}

/** What must be true of the event of every call. */
function eventOf(response: Response, records: readonly EventRecord[], token: string): AuditEvent {
  const [record] = records;
  if (record === undefined || records.length !== 1) {
    throw new Error(`There are ${records.length} events instead of one.`);
  }
  const event: unknown = JSON.parse(record.body);
  assertValidEvent(event);
  const { reasonCode, reasonForFailure } = event.reason;
  const isFailure = response.statusCode >= 400;
  if (
    (event.outcome === 'failure') !== isFailure ||
    (reasonForFailure !== undefined) !== isFailure
  ) {
    throw new Error(`The event says ${event.outcome}, the answer ${response.statusCode}.`);
  }
  if (response.statusCode !== reasonCode) {
    throw new Error(`The event says ${reasonCode}, the answer ${response.statusCode}.`);
  }
  if (event.correlationId !== response.headers['correlation-id']) {
    throw new Error('The event has another correlation id than the answer.');
  }
  if (record.body.includes(token) || /PRIVATE KEY-----|CERTIFICATE-----\\[rn]/.test(record.body)) {
    throw new Error('The event holds what it must not.');
  }
  return event;
}

/** The form by which IBM's clients show an API key. */
export function logInForm(apikey: string): Pick<InjectOptions, 'payload' | 'headers'> {
  const form = new URLSearchParams({
    apikey,
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
  });
  return {
    payload: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}

/** The envelope of a request with one resource. */
export function envelope(
  resource: object,
  collectionType = 'application/vnd.ibm.kms.kmip_adapter+json',
) {
  return { metadata: { collectionType, collectionTotal: 1 }, resources: [resource] };
}

/** A root key; its id. */
export async function aRootKeyIn(rig: Rig, fields: object = {}): Promise<string> {
  const created = await rig.call('POST', '/keys', envelope({ name: 'a root key', ...fields }));
  const body: { readonly resources: readonly [{ readonly id: string }] } = created.json();
  return body.resources[0].id;
}

/** An adapter over a root key of its own; its id. */
export async function anAdapterIn(rig: Rig, name = 'an-adapter'): Promise<string> {
  const crk_id = await aRootKeyIn(rig);
  const resource = { name, profile: 'native_1.0', profile_data: { crk_id } };
  const created = await rig.call('POST', '/kmip_adapters', envelope(resource));
  const body: { readonly resources: readonly [{ readonly id: string }] } = created.json();
  return body.resources[0].id;
}

/** The reason code in the body of a refusal, as clients read it. */
export function reasonOf(response: LightMyRequestResponse): string | undefined {
  const body: {
    readonly resources: readonly [{ readonly reasons?: readonly [{ readonly code: string }] }];
  } = response.json();
  return body.resources[0].reasons?.[0].code;
}
