/** What can be called, as the OpenAPI document of a gateway tells of it, with values to begin with. */

import fc from 'fast-check';
import { z } from 'zod';
import { jsonArbitrary } from './json-arbitrary.ts';

export interface RestEndpoint {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** That the document tells of. */
  readonly statuses: ReadonlySet<string>;
  /** As the schema of the request permits them; none where it takes no body. */
  readonly bodies: readonly unknown[];
  readonly contentType: string;
  readonly query: readonly { readonly name: string; readonly values: readonly unknown[] }[];
}

/** How many values are made of each schema. */
const EACH = 50;

const Parameter = z.object({ name: z.string(), in: z.string(), schema: z.unknown() });
const Operation = z.object({
  responses: z.record(z.string(), z.unknown()),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
    .optional(),
  parameters: z.array(Parameter).default([]),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** @param seed - Decides the values. @throws Error for what is no OpenAPI document. */
export function endpointsOf(document: unknown, seed: number): readonly RestEndpoint[] {
  const { paths, components } = Document.parse(document);
  const resolve = (reference: string) => {
    const schema = components.schemas[reference.replace('#/components/schemas/', '')];
    if (schema === undefined) throw new Error(`The document has no ${reference}.`);
    return schema;
  };
  const valuesOf = (schema: unknown) =>
    fc.sample(jsonArbitrary(schema, resolve), { seed, numRuns: EACH });

  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, value]): RestEndpoint => {
      const { responses, requestBody, parameters } = Operation.parse(value);
      const [[contentType, content] = ['application/json', undefined]] = Object.entries(
        requestBody?.content ?? {},
      );
      return {
        method: method.toUpperCase(),
        path,
        statuses: new Set(Object.keys(responses)),
        bodies: content === undefined ? [] : valuesOf(content.schema),
        contentType,
        query: parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name, schema }) => ({ name, values: valuesOf(schema) })),
      };
    }),
  );
}
