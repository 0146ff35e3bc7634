/** Spans for what messages and requests ask of the store: reads, and the commit that they wait for. */
import type { KeyStore, UnitOfWork } from '@claviger/key-store';
import { context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';

/** What messages and requests wait for most. */
const TRACED = [
  'readObject',
  'locateObjects',
  'listObjects',
  'listObjectSummaries',
  'readObjectSummary',
  'queryEvents',
] as const satisfies readonly (keyof KeyStore)[];

/** The store, with spans below the one that is under way; what nobody asked for by name has none. */
export function traceStore<Store extends KeyStore>(store: Store, tracer: Tracer): Store {
  return {
    ...store,
    ...Object.fromEntries(TRACED.map((name) => [name, traced(name)])),
    commit: (unit: UnitOfWork) =>
      spanned(tracer, 'commit', () => store.commit(unit), {
        'claviger.store.changes': unit.changes.length,
        'claviger.store.events': unit.events.length,
      }),
  };

  function traced<Name extends (typeof TRACED)[number]>(name: Name) {
    // One of the signatures above, whichever it is: arguments go through as they came.
    const call = store[name] as (...args: unknown[]) => Promise<unknown>;
    return (...args: unknown[]) => spanned(tracer, name, () => call(...args));
  }
}

async function spanned<T>(
  tracer: Tracer,
  name: string,
  work: () => Promise<T>,
  attributes: Readonly<Record<string, number>> = {},
): Promise<T> {
  if (trace.getActiveSpan() === undefined) return await work();
  const span = tracer.startSpan(
    `store ${name}`,
    {
      kind: SpanKind.INTERNAL,
      attributes: { 'db.system.name': 'sqlite', 'db.operation.name': name, ...attributes },
    },
    context.active(),
  );
  try {
    return await work();
  } catch (error) {
    const type = error instanceof Error && 'code' in error ? String(error.code) : 'other';
    span.setAttribute('error.type', type);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
