/** Tells a path that there is not from a method that a path does not have. */

import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';

/** Beyond this a path is none of ours, and is not looked at. */
const MAX_PATH_LENGTH = 2048;

/** The refusal of a request that no route answers; sets `Allow` where another method would be. */
export type RefusalOfUnrouted = (request: FastifyRequest, reply: FastifyReply) => ApiError;

/** Looks at the routes that are added to `scope` from here on. */
export function watchOfferedMethods(scope: FastifyInstance): RefusalOfUnrouted {
  const routes: { readonly methods: readonly string[]; readonly parts: readonly string[] }[] = [];
  scope.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), parts: partsOf(url) });
  });

  return (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const methods = path.length > MAX_PATH_LENGTH ? [] : methodsAt(partsOf(path));
    if (methods.length === 0) {
      return new ApiError(
        'OPERATION_NOT_OFFERED_ERR',
        'There is nothing at this path; /openapi.json lists what there is.',
      );
    }
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return new ApiError(
      'METHOD_NOT_ALLOWED_ERR',
      `This path does not have that method; it has ${allowed}.`,
    );
  };

  function methodsAt(parts: readonly string[]): readonly string[] {
    const found = routes.filter((route) => fits(route.parts, parts));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  }
}

/**
 * Whether no route answers a request on which the framework has failed: of QUERY it asks a media type first
 * (RFC 10008 §2), and of anything with a body one that it can read.
 */
export function isUnrouted(error: unknown, { is404 }: Pick<FastifyRequest, 'is404'>): boolean {
  return is404 || error instanceof errorCodes.FST_ERR_ROUTE_MISSING_CONTENT_TYPE;
}

/** As the router does, which takes several slashes for one. */
function partsOf(path: string): readonly string[] {
  return path.split(/\/+/);
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, position) => {
      const given = parts[position];
      return part.startsWith(':') ? given !== '' : part === given;
    })
  );
}
