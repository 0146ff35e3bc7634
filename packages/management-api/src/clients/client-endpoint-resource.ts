import { ENUMERATIONS, type QueryFunction, VERSIONS } from '@claviger/kmip-protocol';
import { z } from 'zod';
import { fields } from '../http/field-names.ts';
import type { KnownClientEndpoint } from './client-endpoints.ts';

const SCHEME = 'kmip://';

export const ClientEndpoint = z
  .object({
    address: z.string().describe('`host:port`: by this it is named in paths.'),
    version: z.enum(VERSIONS).optional().describe('Absent when it follows that of the request.'),
    puts_new_objects: z.boolean(),
    notifies: z.enum(['all', 'state', 'none']),
  })
  .meta({
    id: 'ClientEndpoint',
    description: 'A client of an adapter that the gateway sends requests to, by its settings.',
  });

const Version = z
  .enum(VERSIONS, `must be: one of ${VERSIONS.join(', ')}`)
  .optional()
  .describe('Of KMIP. Default: that of the settings, or 1.4.');

const FUNCTION_WORDS = 'must be: names of query functions, e.g. QueryOperations';
const FUNCTIONS = Object.keys(ENUMERATIONS.QueryFunction.values);
const isFunction = (name: string): name is QueryFunction & string => FUNCTIONS.includes(name);

export const NewClientQuery = fields({
  version: Version,
  functions: z
    .array(z.string(FUNCTION_WORDS).refine(isFunction, FUNCTION_WORDS), 'must be: a list of names')
    .min(1, FUNCTION_WORDS)
    .max(FUNCTIONS.length, FUNCTION_WORDS)
    .optional()
    .describe('Default: QueryOperations, QueryObjects and QueryServerInformation.'),
}).meta({ id: 'NewClientQuery' });

export const NewVersionDiscovery = fields({ version: Version }).meta({ id: 'NewVersionDiscovery' });

export const NewPut = fields({
  version: Version,
  object: z
    .string('must be: the id of an object')
    .min(1, 'must be: the id of an object')
    .max(128, 'must be: the id of an object')
    .describe('It is sent with its key.'),
}).meta({ id: 'NewPut' });

export const ClientAnswer = z
  .object({
    address: z.string(),
    answer: z
      .record(z.string(), z.unknown())
      .describe(
        'Fields as KMIP names them, in lower case with underscores; bytes are hexadecimal.',
      ),
  })
  .meta({ id: 'ClientAnswer', description: 'What a client has answered.' });

/** The names of the functions that are asked for. */
export function functionsOf({
  functions,
}: z.output<typeof NewClientQuery>): readonly QueryFunction[] {
  return (
    functions?.filter(isFunction) ?? ['QueryOperations', 'QueryObjects', 'QueryServerInformation']
  );
}

export function toClientEndpoint(known: KnownClientEndpoint): z.output<typeof ClientEndpoint> {
  const { requestURI, version, putsNewObjects, notifies } = known;
  return {
    address: addressOf(requestURI),
    ...(version !== undefined && { version }),
    puts_new_objects: putsNewObjects,
    notifies,
  };
}

/** `host:port` of `kmip://host:port`. */
export function addressOf(requestURI: string): string {
  return requestURI.startsWith(SCHEME) ? requestURI.slice(SCHEME.length) : requestURI;
}
