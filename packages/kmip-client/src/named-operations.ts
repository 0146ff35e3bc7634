/** The operations as methods with plain arguments: thin, each is a payload and what is read from the answer. */

import {
  type Attribute,
  type AttributeName,
  type AttributeReference,
  protocolVersionOf,
  type QueryFunction,
  type UniqueIdentifierValue,
  type Version,
} from '@claviger/kmip-protocol';
import {
  type CreateArguments,
  createPayload,
  getAttributesPayload,
  type LocateArguments,
  locatePayload,
  type RevokeArguments,
  revokePayload,
} from './build-payload.ts';
import type { ClientOperation, RequestPayload, ResponsePayload } from './payloads.ts';
import { malformed } from './response-message.ts';
import { type RetrievedObject, toRetrievedObject } from './retrieved-object.ts';

/** What Get may be told besides the identifier: the format of the key, and whether to wrap it. */
export type GetArguments = Omit<RequestPayload<'Get'>, 'uniqueIdentifier'>;

/** Every method throws KmipClientError. Identifiers are checked: an answer about another object is none. */
export interface NamedOperations {
  /** What the server speaks, e.g. `1.4`, in its order; restricted to `versions` when given. */
  discoverVersions(versions?: readonly Version[]): Promise<readonly string[]>;
  query(functions: readonly QueryFunction[]): Promise<ResponsePayload<'Query'>>;
  /** Creates a symmetric key; resolves to its Unique Identifier. */
  create(options: CreateArguments): Promise<string>;
  get(uniqueIdentifier: string, options?: GetArguments): Promise<RetrievedObject>;
  /** The attributes that are named and there; all when none are named. */
  getAttributes(
    uniqueIdentifier: string,
    names?: readonly (AttributeName | AttributeReference)[],
  ): Promise<readonly Attribute[]>;
  /** Which attributes an object has; those that the protocol tables do not know are left out. */
  getAttributeList(uniqueIdentifier: string): Promise<readonly AttributeReference[]>;
  addAttribute(uniqueIdentifier: string, attribute: Attribute): Promise<void>;
  /** The Unique Identifiers of all objects that have everything that is given. */
  locate(options?: LocateArguments): Promise<readonly string[]>;
  activate(uniqueIdentifier: string): Promise<void>;
  revoke(uniqueIdentifier: string, options: RevokeArguments): Promise<void>;
  destroy(uniqueIdentifier: string): Promise<void>;
}

/** Sends one operation. */
export type SendRequest = <O extends ClientOperation>(
  operation: O,
  payload: RequestPayload<O>,
) => Promise<ResponsePayload<O>>;

export function createNamedOperations(request: SendRequest): NamedOperations {
  return {
    async discoverVersions(versions = []) {
      const protocolVersion = versions.map(protocolVersionOf);
      const answer = await request('DiscoverVersions', { protocolVersion });
      return answer.protocolVersion.map(
        (version) => `${version.protocolVersionMajor}.${version.protocolVersionMinor}`,
      );
    },
    query: (queryFunction) => request('Query', { queryFunction }),
    async create(options) {
      const answer = await request('Create', createPayload(options));
      return textOf(answer.uniqueIdentifier);
    },
    async get(uniqueIdentifier, options = {}) {
      const answer = await request('Get', { ...options, uniqueIdentifier });
      checkObject(uniqueIdentifier, answer);
      return toRetrievedObject(answer, uniqueIdentifier);
    },
    async getAttributes(uniqueIdentifier, names) {
      const payload = getAttributesPayload(uniqueIdentifier, names);
      const answer = await request('GetAttributes', payload);
      checkObject(uniqueIdentifier, answer);
      return answer.attributes;
    },
    async getAttributeList(uniqueIdentifier) {
      const answer = await request('GetAttributeList', { uniqueIdentifier });
      checkObject(uniqueIdentifier, answer);
      return answer.attributeReferences.filter((reference) => reference !== undefined);
    },
    async addAttribute(uniqueIdentifier, attribute) {
      checkObject(uniqueIdentifier, await request('AddAttribute', { uniqueIdentifier, attribute }));
    },
    async locate(options) {
      const answer = await request('Locate', locatePayload(options));
      return answer.uniqueIdentifier.map(textOf);
    },
    async activate(uniqueIdentifier) {
      checkObject(uniqueIdentifier, await request('Activate', { uniqueIdentifier }));
    },
    async revoke(uniqueIdentifier, options) {
      const answer = await request('Revoke', revokePayload(uniqueIdentifier, options));
      checkObject(uniqueIdentifier, answer);
    },
    async destroy(uniqueIdentifier) {
      checkObject(uniqueIdentifier, await request('Destroy', { uniqueIdentifier }));
    },
  };
}

/** An answer names objects by text; the other forms are for requests (2.1 §4.58). */
function textOf(uniqueIdentifier: UniqueIdentifierValue): string {
  if (typeof uniqueIdentifier === 'string') return uniqueIdentifier;
  throw malformed('a Unique Identifier is no text');
}

function checkObject(
  asked: string,
  answer: { readonly uniqueIdentifier: UniqueIdentifierValue },
): void {
  if (textOf(answer.uniqueIdentifier) !== asked) {
    throw malformed('it is about another object than the one asked for');
  }
}
