/** A tracer that keeps its spans in memory, with the little of an SDK that the API of OpenTelemetry needs. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  type SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

export interface RecordedSpan {
  readonly id: string;
  /** Of the span above it; undefined for the first of a trace. */
  readonly parentId: string | undefined;
  readonly kind: SpanKind | undefined;
  name: string;
  attributes: Attributes;
  status: SpanStatusCode | undefined;
  hasEnded: boolean;
}

export interface RecordingTracer extends Tracer {
  /** In the order in which they began. */
  readonly spans: readonly RecordedSpan[];
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

export function createRecordingTracer(): RecordingTracer {
  const spans: RecordedSpan[] = [];
  const startSpan: Tracer['startSpan'] = (name, options = {}, within = context.active()) => {
    const span: RecordedSpan = {
      id: String(spans.length + 1).padStart(16, '0'),
      parentId: trace.getSpanContext(within)?.spanId,
      kind: options.kind,
      name,
      attributes: { ...options.attributes },
      status: undefined,
      hasEnded: false,
    };
    spans.push(span);
    return faceOf(span);
  };
  return {
    spans,
    startSpan,
    startActiveSpan() {
      throw new Error('Nothing here begins spans so.');
    },
  };
}

/** What the code under test holds of a span. */
function faceOf(span: RecordedSpan): Span {
  const face: Span = {
    spanContext: () => ({ traceId: TRACE_ID, spanId: span.id, traceFlags: 1 }),
    setAttribute(key, value) {
      span.attributes[key] = value;
      return face;
    },
    setAttributes(attributes) {
      Object.assign(span.attributes, attributes);
      return face;
    },
    setStatus({ code }) {
      span.status = code;
      return face;
    },
    updateName(name) {
      span.name = name;
      return face;
    },
    end() {
      span.hasEnded = true;
    },
    addEvent: () => face,
    addLink: () => face,
    addLinks: () => face,
    isRecording: () => !span.hasEnded,
    recordException() {
      throw new Error('The text of an exception may tell what no span should.');
    },
  };
  return face;
}

/** Lets contexts follow asynchronous work, as an SDK does, until the function that it gives is called. */
export function followContexts(): () => void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (within, work, self, ...args) => storage.run(within, () => work.apply(self, args)),
    bind: (_within, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  return () => context.disable();
}
