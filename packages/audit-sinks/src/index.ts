export { createDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
export { createTimerClock, type DeliveryClock } from './delivery-clock.ts';
export type {
  BatchOptions,
  DeliveryDependencies,
  DeliveryLog,
  DeliveryObserver,
  EventSource,
  SinkCursors,
  SinkPlan,
  SinkStatus,
} from './delivery-options.ts';
export { compileFilter, type EventFilter } from './event-filter.ts';
export {
  createFileSink,
  type FileSinkDependencies,
  type FileSinkOptions,
} from './file/file-sink.ts';
export type { Authorization } from './http/authorization.ts';
export {
  createHttpsSink,
  type HttpSinkDependencies,
  type HttpsSinkOptions,
} from './http/https-sink.ts';
export {
  createKafkaSink,
  type KafkaSasl,
  type KafkaSinkDependencies,
  type KafkaSinkOptions,
} from './kafka/kafka-sink.ts';
export type { Lag, LagLevel, LagThresholds } from './lag-watch.ts';
export { createOtlpSink, type OtlpSinkOptions } from './otlp/otlp-sink.ts';
export type { RetryOptions } from './retry-delay.ts';
export { createS3Sink, type S3SinkOptions } from './s3/s3-sink.ts';
export type { S3Credentials } from './s3/sign-request.ts';
export { DeliveryError, type DeliveryFailureKind, type Sink, type SinkEvent } from './sink.ts';
export { createStreamSink } from './stream-sink.ts';
export {
  createSyslogSink,
  type SyslogConfirmation,
  type SyslogSinkDependencies,
  type SyslogSinkOptions,
} from './syslog/syslog-sink.ts';
export type { ReadSecret, ReadTls, TlsMaterial } from './tls-options.ts';
