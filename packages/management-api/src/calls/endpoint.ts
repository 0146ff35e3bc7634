/** What an endpoint is: its schemas, its right, its audit action, and a handler that computes. */

import type { AuditAction } from '@claviger/audit-emitter';
import type { z } from 'zod';
import type { ApiErrorCode } from '../errors/api-errors.ts';
import type { Right } from '../identity/roles.ts';
import type { Answer, Call } from './call.ts';

interface EndpointFacts {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Below `/api/v2`, with parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  /** Begins a refusal: `<what> could not be <done>`. */
  readonly failed: string;
  readonly action: AuditAction;
  readonly right: Right;
  /** What events call that which is acted on, e.g. `kmip_adapter`. */
  readonly resourceType: string;
  /** Status of success. */
  readonly status: 200 | 201 | 204;
  /** Answers 204 without a body unless the client prefers a representation. */
  readonly minimalByDefault?: true;
  /** A body may be left out. */
  readonly bodyIsOptional?: true;
  /** Counts what is there before it adds to it, so no other such endpoint may run meanwhile. */
  readonly oneByOne?: true;
  /** Answers streams to clients that ask for them by `Accept`. */
  readonly streams?: true;
  /** Refusals beyond those that every endpoint has. */
  readonly refusals: readonly ApiErrorCode[];
  /** Whose endpoint it is: Key Protect's, or an extension of ours. */
  readonly origin: 'key-protect' | 'claviger';
}

interface EndpointSchemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P | undefined;
  readonly query?: Q | undefined;
  /** Without it a body counts for nothing, as long as it is JSON. */
  readonly body?: B | undefined;
}

/** An endpoint with the types of its requests forgotten; see {@link defineEndpoint}. */
export interface Endpoint extends EndpointFacts {
  readonly schemas: EndpointSchemas<z.ZodType, z.ZodType, z.ZodType>;
  /** Of the body of success; undefined when there is none. */
  readonly response: z.ZodType | undefined;
  /** @param request - Checked by the schemas. */
  handle(call: Call, request: CheckedRequest): Promise<Answer<unknown>>;
}

export interface CheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Describes an endpoint. Its handler reads, checks and computes; it returns what is to be changed, and
 * whoever runs it commits that together with the event.
 */
export function defineEndpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(
  endpoint: EndpointFacts &
    EndpointSchemas<P, Q, B> & {
      readonly response?: R | undefined;
      handle(
        call: Call,
        request: {
          readonly params: z.output<P>;
          readonly query: z.output<Q>;
          readonly body: z.output<B>;
        },
      ): Promise<Answer<z.output<R>>>;
    },
): Endpoint {
  const { params, query, body, response, ...facts } = endpoint;
  return {
    ...facts,
    schemas: { params, query, body },
    response,
    handle: (call, request) =>
      // The framework has parsed each part by the very schema that its type comes from.
      endpoint.handle(call, request as Parameters<typeof endpoint.handle>[1]),
  };
}
