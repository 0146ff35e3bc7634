import { aUnit, createMemoryKeyStore } from '@claviger/key-store/testing';
import type { KmipServerObserver } from '@claviger/kmip-server';
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someMetrics } from '../metrics/metrics.fixtures.ts';
import { findTracer } from './find-tracer.ts';
import { createRecordingTracer, followContexts } from './recording-tracer.fixtures.ts';
import { traceApi } from './trace-api.ts';
import { traceKmip } from './trace-kmip.ts';
import { traceStore } from './trace-store.ts';

let stopFollowing: () => void;
beforeAll(() => {
  stopFollowing = followContexts();
});
afterAll(() => stopFollowing());

const MESSAGE = { adapterId: 'an-adapter', correlationId: 'a-correlation-id' };
const SUCCESS = { operation: 'Get', outcome: 'success', reason: undefined } as const;
const FAILURE = {
  operation: 'Destroy',
  outcome: 'wrong-state',
  reason: 'WrongKeyLifecycleState',
} as const;

describe('a KMIP message', () => {
  function watched() {
    const tracer = createRecordingTracer();
    const { metrics, lines } = someMetrics();
    const observer: KmipServerObserver = traceKmip(metrics.kmip, tracer);
    return { tracer, observer, lines };
  }

  it('is a trace of its own, which says what was done and how it ended', async () => {
    const { tracer, observer, lines } = watched();
    const watch = observer.messageBegun(MESSAGE);
    expect(tracer.spans).toMatchObject([{ name: 'KMIP', hasEnded: false }]);
    watch.ended({ version: '2.1', items: [SUCCESS] });
    expect(tracer.spans).toEqual([
      {
        id: expect.any(String),
        parentId: undefined,
        kind: SpanKind.SERVER,
        name: 'KMIP Get',
        attributes: {
          'rpc.system': 'kmip',
          'rpc.method': 'Get',
          'claviger.adapter.id': 'an-adapter',
          'claviger.correlation_id': 'a-correlation-id',
          'kmip.batch.size': 1,
          'kmip.operations': ['Get'],
          'kmip.protocol.version': '2.1',
          'kmip.result.status': 'Success',
        },
        status: undefined,
        hasEnded: true,
      },
    ]);
    // Whoever watched before still does.
    expect(await lines()).toContain(
      'claviger_kmip_operations_total{operation="Get",outcome="success"} 1',
    );
  });

  it('has the first item that failed for its error', () => {
    const { tracer, observer } = watched();
    observer.messageBegun(MESSAGE).ended({ version: '1.4', items: [SUCCESS, FAILURE] });
    expect(tracer.spans).toMatchObject([
      {
        name: 'KMIP batch',
        status: SpanStatusCode.ERROR,
        attributes: {
          'kmip.operations': ['Get', 'Destroy'],
          'kmip.result.status': 'OperationFailed',
          'kmip.result.reason': 'WrongKeyLifecycleState',
          'error.type': 'wrong-state',
        },
      },
    ]);
  });

  it('that could not be read is an error without an operation', () => {
    const { tracer, observer } = watched();
    observer.messageBegun(MESSAGE).ended({ version: undefined, items: [] });
    const [span] = tracer.spans;
    expect(span).toMatchObject({ name: 'KMIP unreadable', status: SpanStatusCode.ERROR });
    expect(span?.attributes).not.toHaveProperty('rpc.method');
  });

  it('has what it asks of the store below it', async () => {
    const { tracer, observer } = watched();
    const store = traceStore(createMemoryKeyStore(), tracer);
    await observer.messageBegun(MESSAGE).within?.(async () => {
      await store.readObject('an-adapter', 'secret-identifier');
      await store.commit(aUnit());
    });
    const [message, ...below] = tracer.spans;
    expect(below).toMatchObject([
      { name: 'store readObject', parentId: message?.id, kind: SpanKind.INTERNAL, hasEnded: true },
      {
        name: 'store commit',
        parentId: message?.id,
        attributes: { 'claviger.store.changes': 0, 'claviger.store.events': 0 },
      },
    ]);
    expect(JSON.stringify(tracer.spans)).not.toContain('secret-identifier');
  });
});

describe('the store', () => {
  it('has no span for what belongs to no message or request', async () => {
    const tracer = createRecordingTracer();
    await traceStore(createMemoryKeyStore(), tracer).readObject('an-adapter', 'an-object');
    expect(tracer.spans).toEqual([]);
  });

  it('says by the code of the error why it failed, and never by its text', async () => {
    const tracer = createRecordingTracer();
    const store = createMemoryKeyStore();
    await store.close();
    const { within } = traceApi(tracer)(A_CALL);
    await expect(
      within(() => traceStore(store, tracer).readObject('an-adapter', 'an-object')),
    ).rejects.toMatchObject({ code: 'unavailable' });
    expect(tracer.spans.at(-1)).toMatchObject({
      name: 'store readObject',
      status: SpanStatusCode.ERROR,
      attributes: { 'error.type': 'unavailable' },
      hasEnded: true,
    });
    expect(JSON.stringify(tracer.spans)).not.toContain('closed');
  });
});

const A_CALL = {
  method: 'GET',
  route: '/api/v2/keys/:id',
  correlationId: 'a-correlation-id',
  headers: {},
};

describe('a request of the API', () => {
  it('is named by the pattern of its path, and ends with its status', () => {
    const tracer = createRecordingTracer();
    const watch = traceApi(tracer)(A_CALL);
    watch.answered(404);
    expect(tracer.spans).toMatchObject([
      {
        name: 'GET /api/v2/keys/:id',
        kind: SpanKind.SERVER,
        status: undefined,
        attributes: { 'http.request.method': 'GET', 'http.response.status_code': 404 },
        hasEnded: true,
      },
    ]);
  });

  it('is an error when the server failed', () => {
    const tracer = createRecordingTracer();
    traceApi(tracer)(A_CALL).answered(503);
    expect(tracer.spans).toMatchObject([
      { status: SpanStatusCode.ERROR, attributes: { 'error.type': '503' } },
    ]);
  });

  it('has no text of the caller in its name: neither a method nor a path that there is not', () => {
    const tracer = createRecordingTracer();
    traceApi(tracer)({ ...A_CALL, method: 'BREW', route: undefined }).answered(405);
    expect(tracer.spans).toMatchObject([
      { name: '_OTHER', attributes: { 'http.request.method': '_OTHER' } },
    ]);
  });

  it('goes on with the trace of the caller, as the SDK reads it', () => {
    propagation.setGlobalPropagator({
      inject() {},
      fields: () => ['traceparent'],
      extract(within, carrier, getter) {
        const spanId = String(getter.get(carrier, 'Traceparent'));
        return trace.setSpanContext(within, { traceId: 'f'.repeat(32), spanId, traceFlags: 1 });
      },
    });
    const tracer = createRecordingTracer();
    traceApi(tracer)({ ...A_CALL, headers: { traceparent: '00f067aa0ba902b7' } }).answered(200);
    propagation.disable();
    expect(tracer.spans).toMatchObject([{ parentId: '00f067aa0ba902b7' }]);
  });
});

it('there is a tracer once an SDK was loaded, and none before', () => {
  expect(findTracer()).toBeUndefined();
  const tracer = createRecordingTracer();
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  findTracer()?.startSpan('a span');
  trace.disable();
  expect(tracer.spans).toMatchObject([{ name: 'a span' }]);
});
