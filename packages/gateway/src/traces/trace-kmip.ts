/**
 * A span for each KMIP message. Its attributes say what was done, for which adapter and how it ended; no
 * identifier of an object, no name and no material is among them.
 */
import type {
  BegunMessage,
  KmipServerObserver,
  MessageWatch,
  ObservedMessage,
} from '@claviger/kmip-server';
import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** The observer, which is told as before, and the spans. */
export function traceKmip(observer: KmipServerObserver, tracer: Tracer): KmipServerObserver {
  return { ...observer, messageBegun };

  function messageBegun(message: BegunMessage): MessageWatch {
    const inner = observer.messageBegun(message);
    const { adapterId, correlationId } = message;
    const attributes = {
      'rpc.system': 'kmip',
      'claviger.adapter.id': adapterId,
      'claviger.correlation_id': correlationId,
    };
    // A connection lives long, and what made it says nothing of its messages: each has a trace of its own.
    const span = tracer.startSpan('KMIP', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT);
    const within = trace.setSpan(ROOT_CONTEXT, span);
    return {
      within: (work) => context.with(within, work),
      ended(observed) {
        span.updateName(nameOf(observed));
        span.setAttributes(attributesOf(observed));
        if (observed.items.some(isFailure) || observed.items.length === 0) {
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
        inner.ended(observed);
      },
    };
  }
}

/** Of few values: operations that there are not are `Other`. */
function nameOf({ items }: ObservedMessage): string {
  const [first] = items;
  if (first === undefined) return 'KMIP unreadable';
  return items.length > 1 ? 'KMIP batch' : `KMIP ${first.operation}`;
}

function attributesOf({ version, items }: ObservedMessage): Attributes {
  const failed = items.find(isFailure);
  return {
    'kmip.batch.size': items.length,
    'kmip.result.status': failed === undefined && items.length > 0 ? 'Success' : 'OperationFailed',
    ...(version !== undefined && { 'kmip.protocol.version': version }),
    ...(items.length > 0 && {
      'rpc.method': items.length > 1 ? 'batch' : items[0]?.operation,
      'kmip.operations': items.map(({ operation }) => operation),
    }),
    ...(failed !== undefined && {
      'error.type': failed.outcome,
      'kmip.result.reason': failed.reason,
    }),
  };
}

function isFailure({ outcome }: ObservedMessage['items'][number]): boolean {
  return outcome !== 'success';
}
