/** A span for each request of the management API, which goes on with the trace of the caller. */
import type { BegunRequest, RequestWatch } from '@claviger/management-api';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from '@opentelemetry/api';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Reads `traceparent` as whoever has set up the SDK wants it read. */
const HEADERS: TextMapGetter<BegunRequest['headers']> = {
  keys: (headers) => Object.keys(headers),
  get: (headers, name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined || typeof value === 'string' ? value : [...value];
  },
};

/** What watches each request. The path itself is left out: identifiers and names are in it. */
export function traceApi(tracer: Tracer): (request: BegunRequest) => RequestWatch {
  return ({ method: given, route, correlationId, headers }) => {
    const method = METHODS.has(given) ? given : '_OTHER';
    const attributes = {
      'http.request.method': method,
      'claviger.correlation_id': correlationId,
      ...(route !== undefined && { 'http.route': route }),
    };
    const name = route === undefined ? method : `${method} ${route}`;
    const parent = propagation.extract(ROOT_CONTEXT, headers, HEADERS);
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const within = trace.setSpan(parent, span);
    return {
      within: (proceed) => context.with(within, proceed),
      answered(status) {
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) {
          span.setAttribute('error.type', String(status));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      },
    };
  };
}
