/** A sink as text, so that a process of its own can make it. Files hold what is secret. */

import { readFile } from 'node:fs/promises';
import {
  createFileSink,
  createHttpsSink,
  createKafkaSink,
  createS3Sink,
  createSyslogSink,
  createTimerClock,
  type DeliveryLog,
  type ReadTls,
  type Sink,
} from '@claviger/audit-sinks';

export interface TlsFiles {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export type SinkConfig =
  | { readonly kind: 'file'; readonly path: string; readonly maxBytes: number }
  | {
      readonly kind: 'https';
      readonly url: string;
      readonly tls: TlsFiles;
      readonly secret: string;
    }
  | { readonly kind: 'syslog'; readonly port: number; readonly tls: TlsFiles }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly topic: string }
  | { readonly kind: 's3'; readonly endpoint: string; readonly bucket: string };

const text = (path: string) => readFile(path, 'utf8');

const tlsFrom =
  ({ ca, certificate, key }: TlsFiles): ReadTls =>
  async () => ({ ca: await text(ca), certificate: await text(certificate), key: await text(key) });

export function sinkOf(config: SinkConfig, log: DeliveryLog): Sink {
  const now = Date.now;
  switch (config.kind) {
    case 'file':
      return createFileSink({ now, log }, config);
    case 'https':
      return createHttpsSink(
        { now },
        {
          url: config.url,
          readTls: tlsFrom(config.tls),
          authorization: { kind: 'hmac', readSecret: () => text(config.secret) },
        },
      );
    case 'syslog':
      return createSyslogSink(
        { clock: createTimerClock(now) },
        {
          host: 'localhost',
          port: config.port,
          hostname: 'keys-1',
          readTls: tlsFrom(config.tls),
        },
      );
    case 'kafka':
      return createKafkaSink({ log }, config);
    case 's3':
      return createS3Sink(
        { now },
        {
          ...config,
          region: 'us-east-1',
          node: 'node-1',
          readCredentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'hush' }),
        },
      );
  }
}
