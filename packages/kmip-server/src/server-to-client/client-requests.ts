/** The way to a client that takes requests: what the server needs of it, whoever implements it. */

import type { OPERATION_SCHEMAS, RequestOf, ResponseOf, Version } from '@claviger/kmip-protocol';

/** What a server may ask clients (1.4 §5, 2.1 §6.2). */
export type AskedOperation = 'DiscoverVersions' | 'Notify' | 'Put' | 'Query' | 'SetEndpointRole';

type Schemas = typeof OPERATION_SCHEMAS;

export type AskedPayload<O extends AskedOperation> = RequestOf<Schemas[O]>;

export type ClientAnswer<O extends AskedOperation> =
  | { readonly kind: 'answered'; readonly payload: ResponseOf<Schemas[O]> }
  /** The client said no, or cannot be told in this version: asking again changes nothing. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No connection, no answer, or none that fits: it may be tried again. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface ClientRequests {
  /** Never rejects. Reasons are fit for the log and for events: they hold no secret. */
  ask<O extends AskedOperation>(
    version: Version,
    operation: O,
    payload: AskedPayload<O>,
  ): Promise<ClientAnswer<O>>;
  /** What is under way fails; resolves when the connection is gone. */
  close(): Promise<void>;
}
