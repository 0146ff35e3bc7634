/** What an operation is to the protocol: a name and the schemas of its two payloads. */

import { structure } from '../schema/declare.ts';
import type { Field, Infer, StructureOptions, StructureSchema } from '../schema/schema.ts';
import type { OperationName } from '../tables/operations.ts';

export interface OperationSchema<Request = unknown, Response = unknown> {
  readonly name: OperationName;
  readonly request: StructureSchema<Request>;
  readonly response: StructureSchema<Response>;
}

/**
 * Declares an operation. Its versions stand in `../tables/operations.ts`.
 *
 * @param options - Rules for the payloads as a whole.
 */
export function operation<
  const Q extends Readonly<Record<string, Field>>,
  const S extends Readonly<Record<string, Field>>,
>(
  name: OperationName,
  payloads: { readonly request: Q; readonly response: S },
  options: {
    readonly request?: StructureOptions<keyof Q & string>;
    readonly response?: StructureOptions<keyof S & string>;
  } = {},
) {
  return {
    name,
    request: structure('RequestPayload', payloads.request, options.request),
    response: structure('ResponsePayload', payloads.response, options.response),
  };
}

export type RequestOf<O extends OperationSchema> = Infer<O['request']>;
export type ResponseOf<O extends OperationSchema> = Infer<O['response']>;
