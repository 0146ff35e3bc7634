/** The calls of the API that commands make, typed: requests are wrapped, answers are parsed. */

import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { ApiConnection, ApiMethod, StreamAsked } from './api-connection.ts';
import { refusalIn } from './api-refusal.ts';
import {
  Adapter,
  Certificate,
  ClientAnswer,
  ClientAuthority,
  ClientEndpoint,
  ClientIdentity,
  Credential,
  ListedCertificate,
  ManagedObject,
  Metadata,
  RefusedCertificate,
  RootKey,
  type Warned,
  type Warning,
} from './resources.ts';

/** How a certificate that is made here is wished for. */
export interface CertificateWishes {
  readonly name?: string | undefined;
  readonly validityDays?: number | undefined;
}

/** How a client is asked. */
export interface ClientWishes {
  /** Of KMIP. */
  readonly version?: string | undefined;
}

export interface ObjectPage {
  readonly limit: number;
  readonly offset: number;
}

export type KeyAction = 'disable' | 'enable' | 'rotate';

/** Adapters, certificates, authorities and objects may be named by id or by name; root keys by id or alias. */
export interface ManagementClient {
  listAdapters(): Promise<readonly Adapter[]>;
  /** The adapter that holds an object. */
  findAdapterOfObject(objectId: string): Promise<Adapter | undefined>;
  createAdapter(wishes: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly rootKeyId: string;
  }): Promise<Adapter>;
  readAdapter(which: string): Promise<Adapter>;
  deleteAdapter(which: string): Promise<void>;
  listCertificates(adapter: string): Promise<readonly ListedCertificate[]>;
  addCertificate(
    adapter: string,
    wishes: { readonly name?: string | undefined; readonly pem: string },
  ): Promise<Warned<Certificate>>;
  readCertificate(adapter: string, which: string): Promise<Certificate>;
  deleteCertificate(adapter: string, which: string): Promise<void>;
  signRequest(
    adapter: string,
    requestPem: string,
    wishes: CertificateWishes & { readonly copyAlternativeNames: boolean },
  ): Promise<Certificate>;
  /** @param password - Makes a PKCS#12 file; a private key in PEM without it. */
  makeIdentity(
    adapter: string,
    wishes: CertificateWishes & {
      readonly commonName?: string | undefined;
      readonly password?: string | undefined;
    },
  ): Promise<ClientIdentity>;
  /** Newest first. */
  listRefusedCertificates(): Promise<readonly RefusedCertificate[]>;
  trustRefusedCertificate(
    fingerprint: string,
    wishes: { readonly adapter: string; readonly name?: string | undefined },
  ): Promise<Warned<Certificate>>;
  addAuthority(
    adapter: string,
    wishes: {
      readonly name?: string | undefined;
      readonly pem: string;
      readonly subjectRule?: string | undefined;
    },
  ): Promise<Warned<ClientAuthority>>;
  listAuthorities(adapter: string): Promise<readonly ClientAuthority[]>;
  deleteAuthority(adapter: string, which: string): Promise<void>;
  addCredential(
    adapter: string,
    wishes: {
      readonly name: string;
      readonly username?: string | undefined;
      /** By the names of the API. */
      readonly device?: Readonly<Record<string, string>> | undefined;
      readonly password?: string | undefined;
      readonly hashed: boolean;
      readonly oneTime: boolean;
    },
  ): Promise<Credential>;
  listCredentials(adapter: string): Promise<readonly Credential[]>;
  deleteCredential(adapter: string, which: string): Promise<void>;
  listClientEndpoints(adapter: string): Promise<readonly ClientEndpoint[]>;
  /** @param functions - Those of the API without any. */
  queryClient(
    adapter: string,
    address: string,
    wishes: { readonly functions?: readonly string[] | undefined } & ClientWishes,
  ): Promise<ClientAnswer>;
  discoverClientVersions(
    adapter: string,
    address: string,
    wishes: ClientWishes,
  ): Promise<ClientAnswer>;
  /** Sends an object, with its key. */
  putToClient(
    adapter: string,
    address: string,
    wishes: { readonly object: string } & ClientWishes,
  ): Promise<void>;
  /** Newest first, destroyed ones too. */
  listObjects(adapter: string, page: ObjectPage): Promise<readonly ManagedObject[]>;
  readObject(adapter: string, id: string): Promise<ManagedObject>;
  deleteObject(adapter: string, id: string, options: { readonly force: boolean }): Promise<void>;
  listKeys(options: { readonly deletedToo: boolean }): Promise<readonly RootKey[]>;
  readKey(which: string): Promise<RootKey>;
  /** @param payload - 32 bytes in base64; made by the server without it. */
  createKey(wishes: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly aliases: readonly string[];
    readonly payload?: string | undefined;
  }): Promise<RootKey>;
  actOnKey(which: string, action: KeyAction): Promise<void>;
  deleteKey(which: string): Promise<void>;
  /** @param query - Parameters of `/events`. @returns pieces of text, in the form that was asked for. */
  streamEvents(query: URLSearchParams, asked: StreamAsked): Promise<AsyncIterable<string>>;
}

const TYPES = {
  adapter: 'application/vnd.ibm.kms.kmip_adapter+json',
  certificate: 'application/vnd.ibm.kms.kmip_client_certificate+json',
  key: 'application/vnd.ibm.kms.key+json',
  authority: 'application/vnd.claviger.client_authority+json',
  identity: 'application/vnd.claviger.client_identity+json',
  credential: 'application/vnd.claviger.credential+json',
  question: 'application/vnd.claviger.client_question+json',
} as const;

interface NewResource {
  readonly type: string;
  readonly fields: object;
}

const BASE = '/api/v2';
const PAGE_SIZES = {
  adapters: 200,
  certificates: 200,
  refused: 1000,
  credentials: 200,
  clientEndpoints: 200,
  keys: 5000,
} as const;
const ALL_OBJECT_STATES = '1,2,3,4,5,6';
const LIVING_KEY_STATES = '0,1,2,3';

export function createManagementClient(connection: ApiConnection): ManagementClient {
  async function send(method: ApiMethod, path: string, body?: unknown): Promise<unknown> {
    const answer = await connection.call(method, BASE + path, body);
    if (answer.status < 200 || answer.status > 299) throw refusalIn(answer);
    return answer.body;
  }

  async function sendOne(method: ApiMethod, path: string, request?: NewResource): Promise<unknown> {
    const body = request && {
      metadata: { collectionType: request.type, collectionTotal: 1 },
      resources: [request.fields],
    };
    return await send(method, path, body);
  }

  /** One resource. */
  async function one<T>(
    resource: z.ZodType<T>,
    method: ApiMethod,
    path: string,
    request?: NewResource,
  ): Promise<T> {
    return onlyIn(parse(resource, await sendOne(method, path, request)));
  }

  /** One resource that was made, and what the API warned of. */
  async function made<T>(
    resource: z.ZodType<T>,
    path: string,
    request: NewResource,
  ): Promise<Warned<T>> {
    const body = await sendOne('POST', path, request);
    return { ...onlyIn(parse(resource, body)), warnings: warningsIn(body) };
  }

  /** Every resource of a list, page by page. */
  async function all<T>(
    resource: z.ZodType<T>,
    path: string,
    query: Readonly<Record<string, string>>,
    pageSize: number,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    for (;;) {
      const page = { limit: String(pageSize), offset: String(items.length) };
      const parameters = new URLSearchParams({ ...query, ...page });
      const found = parse(resource, await send('GET', `${path}?${parameters}`));
      items.push(...found);
      if (found.length < pageSize) return items;
    }
  }

  const adapterPath = (adapter: string) => `/kmip_adapters/${encodeURIComponent(adapter)}`;
  const certificatePath = (adapter: string, which = '') =>
    `${adapterPath(adapter)}/certificates${segment(which)}`;
  const authorityPath = (adapter: string, which = '') =>
    `${adapterPath(adapter)}/client_authorities${segment(which)}`;
  const credentialPath = (adapter: string, which = '') =>
    `${adapterPath(adapter)}/credentials${segment(which)}`;
  const clientPath = (adapter: string, address = '', action = '') =>
    `${adapterPath(adapter)}/client_endpoints${segment(address)}${action === '' ? '' : `/actions/${action}`}`;
  const objectPath = (adapter: string, id = '') =>
    `${adapterPath(adapter)}/kmip_objects${segment(id)}`;
  const keyPath = (which: string) => `/keys${segment(which)}`;
  const details = { details: 'true' };

  return {
    listAdapters: () => all(Adapter, '/kmip_adapters', {}, PAGE_SIZES.adapters),
    async findAdapterOfObject(object) {
      const query = new URLSearchParams({ object });
      return parse(Adapter, await send('GET', `/kmip_adapters?${query}`))[0];
    },
    createAdapter({ name, description, rootKeyId }) {
      const fields = {
        name,
        ...(description !== undefined && { description }),
        profile: 'native_1.0',
        profile_data: { crk_id: rootKeyId },
      };
      return one(Adapter, 'POST', '/kmip_adapters', { type: TYPES.adapter, fields });
    },
    readAdapter: (which) => one(Adapter, 'GET', adapterPath(which)),
    async deleteAdapter(which) {
      await send('DELETE', adapterPath(which));
    },

    listCertificates: (adapter) =>
      all(ListedCertificate, certificatePath(adapter), details, PAGE_SIZES.certificates),
    addCertificate(adapter, { name, pem }) {
      const fields = { ...(name !== undefined && { name }), certificate: pem };
      return made(Certificate, certificatePath(adapter), {
        type: TYPES.certificate,
        fields,
      });
    },
    readCertificate: (adapter, which) => one(Certificate, 'GET', certificatePath(adapter, which)),
    async deleteCertificate(adapter, which) {
      await send('DELETE', certificatePath(adapter, which));
    },
    signRequest(adapter, requestPem, { name, validityDays, copyAlternativeNames }) {
      const fields = {
        ...(name !== undefined && { name }),
        certificate_request: requestPem,
        ...(validityDays !== undefined && { validity_days: validityDays }),
        ...(copyAlternativeNames && { alternative_names: 'copy' }),
      };
      const path = `${adapterPath(adapter)}/certificate_requests`;
      return one(Certificate, 'POST', path, { type: TYPES.certificate, fields });
    },
    makeIdentity(adapter, { name, validityDays, commonName, password }) {
      const fields = {
        ...(name !== undefined && { name }),
        ...(commonName !== undefined && { common_name: commonName }),
        ...(validityDays !== undefined && { validity_days: validityDays }),
        ...(password !== undefined && { format: 'pkcs12', password }),
      };
      const path = `${adapterPath(adapter)}/client_identities`;
      return one(ClientIdentity, 'POST', path, { type: TYPES.identity, fields });
    },

    listRefusedCertificates: () =>
      all(RefusedCertificate, '/refused_certificates', {}, PAGE_SIZES.refused),
    trustRefusedCertificate(fingerprint, { adapter, name }) {
      const path = `/refused_certificates/${encodeURIComponent(fingerprint)}/trust`;
      const fields = { adapter, ...(name !== undefined && { name }) };
      return made(Certificate, path, { type: TYPES.certificate, fields });
    },

    addAuthority(adapter, { name, pem, subjectRule }) {
      const fields = {
        ...(name !== undefined && { name }),
        certificate: pem,
        ...(subjectRule !== undefined && { subject_rule: subjectRule }),
      };
      return made(ClientAuthority, authorityPath(adapter), {
        type: TYPES.authority,
        fields,
      });
    },
    async listAuthorities(adapter) {
      return parse(ClientAuthority, await send('GET', authorityPath(adapter)));
    },
    async deleteAuthority(adapter, which) {
      await send('DELETE', authorityPath(adapter, which));
    },

    addCredential(adapter, { name, username, device, password, hashed, oneTime }) {
      const fields = {
        name,
        ...(username !== undefined && { username }),
        ...(device !== undefined && { device }),
        ...(password !== undefined && { password }),
        ...(hashed && { hashed }),
        ...(oneTime && { one_time_password: oneTime }),
      };
      return one(Credential, 'POST', credentialPath(adapter), { type: TYPES.credential, fields });
    },
    listCredentials: (adapter) =>
      all(Credential, credentialPath(adapter), {}, PAGE_SIZES.credentials),
    async deleteCredential(adapter, which) {
      await send('DELETE', credentialPath(adapter, which));
    },

    listClientEndpoints: (adapter) =>
      all(ClientEndpoint, clientPath(adapter), {}, PAGE_SIZES.clientEndpoints),
    queryClient: (adapter, address, wishes) =>
      one(ClientAnswer, 'POST', clientPath(adapter, address, 'query'), questionOf(wishes)),
    discoverClientVersions: (adapter, address, wishes) =>
      one(
        ClientAnswer,
        'POST',
        clientPath(adapter, address, 'discover_versions'),
        questionOf(wishes),
      ),
    async putToClient(adapter, address, wishes) {
      await sendOne('POST', clientPath(adapter, address, 'put'), questionOf(wishes));
    },

    async listObjects(adapter, { limit, offset }) {
      const page = { limit: String(limit), offset: String(offset) };
      const query = new URLSearchParams({ ...details, state: ALL_OBJECT_STATES, ...page });
      return parse(ManagedObject, await send('GET', `${objectPath(adapter)}?${query}`));
    },
    readObject: (adapter, id) =>
      one(ManagedObject, 'GET', `${objectPath(adapter, id)}?details=true`),
    async deleteObject(adapter, id, { force }) {
      await send('DELETE', `${objectPath(adapter, id)}${force ? '?force=true' : ''}`);
    },

    listKeys: ({ deletedToo }) =>
      all(
        RootKey,
        '/keys',
        {
          extractable: 'false',
          state: deletedToo ? `${LIVING_KEY_STATES},5` : LIVING_KEY_STATES,
        },
        PAGE_SIZES.keys,
      ),
    readKey: (which) => one(RootKey, 'GET', `${keyPath(which)}/metadata`),
    async createKey({ name, description, aliases, payload }) {
      const fields = {
        type: TYPES.key,
        name,
        ...(description !== undefined && { description }),
        ...(aliases.length > 0 && { aliases }),
        extractable: false,
        ...(payload !== undefined && { payload }),
      };
      const key = await one(RootKey, 'POST', '/keys', { type: TYPES.key, fields });
      // The answer is brief, and does not say so.
      return { ...key, imported: payload !== undefined };
    },
    async actOnKey(which, action) {
      await send('POST', `${keyPath(which)}/actions/${action}`);
    },
    async deleteKey(which) {
      await send('DELETE', keyPath(which));
    },
    streamEvents: (query, asked) => connection.stream(`${BASE}/events?${query}`, asked),
  };
}

/** Without what was not wished for. */
function questionOf(wishes: object): NewResource {
  const given = Object.entries(wishes).filter(([, wish]) => wish !== undefined);
  return { type: TYPES.question, fields: Object.fromEntries(given) };
}

function segment(part: string): string {
  return part === '' ? '' : `/${encodeURIComponent(part)}`;
}

function parse<T>(resource: z.ZodType<T>, body: unknown): readonly T[] {
  const parsed = z.object({ resources: z.array(resource) }).safeParse(body);
  if (!parsed.success) throw notUnderstood(parsed.error);
  return parsed.data.resources;
}

function onlyIn<T>([item]: readonly T[]): T {
  if (item === undefined) throw notUnderstood();
  return item;
}

function warningsIn(body: unknown): readonly Warning[] {
  const parsed = z.object({ metadata: Metadata }).safeParse(body);
  if (!parsed.success) throw notUnderstood(parsed.error);
  return parsed.data.metadata.warnings;
}

function notUnderstood(cause?: unknown): Failure {
  return new Failure(
    'failure',
    'The answer of the API is not what this version of the command understands. Use the command of the version that the gateway has.',
    { cause },
  );
}
