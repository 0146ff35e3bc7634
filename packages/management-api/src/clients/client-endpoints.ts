/**
 * What the API needs of clients that take requests. The server of the protocol reaches them, and puts on record
 * what it sends them; the API knows neither how they are reached nor what is said.
 */

import type { AdapterRecord } from '@claviger/key-store';
import type { QueryFunction, Version } from '@claviger/kmip-protocol';

/** As the settings name it. */
export interface KnownClientEndpoint {
  /** `kmip://host:port`. */
  readonly requestURI: string;
  /** Absent when it is told in the version of whoever changes an object. */
  readonly version?: Version | undefined;
  readonly putsNewObjects: boolean;
  readonly notifies: 'all' | 'state' | 'none';
}

export interface ClientQuestion {
  readonly adapter: AdapterRecord;
  readonly requestURI: string;
  readonly version?: Version | undefined;
  /** Of the call: its event and those of the request share it. */
  readonly correlationId: string;
  /** Who asks, by id. */
  readonly actor: string;
}

export type ClientReply =
  | { readonly kind: 'answered'; readonly payload: unknown }
  /** The client said no, or cannot be asked this in that version. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It is not there, or what it answered does not fit. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Requests go out once. They throw ClavigerError when nothing was sent. */
export interface ClientEndpoints {
  /** Of one adapter, in the order of the settings. */
  endpointsOf(adapter: AdapterRecord): readonly KnownClientEndpoint[];
  query(question: ClientQuestion, functions: readonly QueryFunction[]): Promise<ClientReply>;
  discoverVersions(question: ClientQuestion): Promise<ClientReply>;
  /** Hands out the material of an object. */
  put(question: ClientQuestion, objectId: string): Promise<ClientReply>;
}
