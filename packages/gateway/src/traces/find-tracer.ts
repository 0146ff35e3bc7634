/**
 * The tracer of the OpenTelemetry SDK that the operator has loaded by `--import`. Without one there is none:
 * then nothing here is called, and tracing costs nothing.
 */
import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api';
import { PRODUCT } from '../product.ts';

const NAME = 'claviger';

/** @returns undefined when no SDK was loaded before the gateway. */
export function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  const hasSdk =
    !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(NAME) !== undefined;
  return hasSdk ? provider.getTracer(NAME, PRODUCT.serverVersion) : undefined;
}
