/** Makes the sink that a `[[audit.sinks]]` describes. Secrets are read from their files when they are used. */
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import {
  type Authorization,
  createFileSink,
  createHttpsSink,
  createKafkaSink,
  createOtlpSink,
  createS3Sink,
  createStreamSink,
  createSyslogSink,
  type DeliveryClock,
  type DeliveryLog,
  type ReadSecret,
  type ReadTls,
  type Sink,
} from '@claviger/audit-sinks';
import type { SinkSettings } from '../config/sink-settings.ts';
import { PRODUCT } from '../product.ts';
import { readSecretFile } from '../secret-file.ts';

export interface SinkSurroundings {
  readonly clock: DeliveryClock;
  readonly log: DeliveryLog;
  /** Where a sink of type `stdout` writes. */
  readonly stdout: Writable;
  /** Name of this machine. */
  readonly hostname: string;
}

const MAX_SECRET_BYTES = 65_536;
const HOUR_MS = 3_600_000;
const SYSLOG_TLS_PORT = 6514;
const SYSLOG_PORT = 514;
const NODE = 'claviger';

const MAKERS = {
  file: (settings, { clock, log }) =>
    createFileSink(
      { now: clock.now, log },
      {
        path: needed(settings, 'path'),
        maxBytes: settings.rotate_bytes,
        maxAgeMs: settings.rotate_hours && settings.rotate_hours * HOUR_MS,
        keep: settings.keep,
        compress: settings.compress,
      },
    ),
  stdout: (_, { stdout }) => createStreamSink(stdout),
  https: (settings, { clock }) =>
    createHttpsSink(
      { now: clock.now },
      {
        url: needed(settings, 'url'),
        format: settings.format === 'ndjson' ? 'ndjson' : 'json',
        compress: settings.compress,
        authorization: authorizationOf(settings),
        readTls: tlsOf(settings),
      },
    ),
  otlp: (settings, { clock }) =>
    createOtlpSink(
      { now: clock.now },
      {
        url: needed(settings, 'url'),
        resource: { 'service.name': 'claviger', 'service.version': PRODUCT.serverVersion },
        compress: settings.compress,
        authorization: authorizationOf(settings),
        readTls: tlsOf(settings),
      },
    ),
  syslog: (settings, { clock, hostname }) => {
    const { tls = true } = settings;
    return createSyslogSink(
      { clock },
      {
        host: needed(settings, 'host'),
        port: settings.port ?? (tls ? SYSLOG_TLS_PORT : SYSLOG_PORT),
        readTls: tls ? tlsOf(settings) : undefined,
        format: settings.format === 'cef' ? 'cef' : 'json',
        confirmation: settings.confirmation,
        facility: settings.facility,
        hostname: settings.hostname ?? hostname,
        enterpriseNumber: settings.enterprise_number,
        product: { vendor: 'Claviger', product: 'Claviger', version: PRODUCT.serverVersion },
      },
    );
  },
  kafka: (settings, { log }) =>
    createKafkaSink(
      { log },
      {
        brokers: needed(settings, 'brokers'),
        topic: needed(settings, 'topic'),
        key: settings.key,
        region: settings.region,
        compress: settings.compress,
        readTls: (settings.tls ?? true) ? tlsOf(settings) : undefined,
        sasl: settings.sasl_mechanism && {
          mechanism: settings.sasl_mechanism,
          username: needed(settings, 'sasl_username'),
          readPassword: secretIn('SASL password file', needed(settings, 'sasl_password_file')),
        },
      },
    ),
  s3: (settings, { clock }) => {
    const accessKeyId = needed(settings, 'access_key_id');
    const readKey = secretIn('access key file', needed(settings, 'secret_access_key_file'));
    return createS3Sink(
      { now: clock.now },
      {
        endpoint: needed(settings, 'endpoint'),
        region: needed(settings, 'region'),
        bucket: needed(settings, 'bucket'),
        prefix: settings.prefix,
        node: settings.node ?? NODE,
        addressing: settings.addressing,
        compress: settings.compress,
        objectLock:
          settings.object_lock_days === undefined
            ? undefined
            : { mode: settings.object_lock_mode ?? 'COMPLIANCE', days: settings.object_lock_days },
        readCredentials: async () => ({
          accessKeyId,
          secretAccessKey: (await readKey()).trim(),
        }),
        readTls: tlsOf(settings),
      },
    );
  },
} satisfies Record<
  SinkSettings['type'],
  (settings: SinkSettings, around: SinkSurroundings) => Sink
>;

/** @throws RangeError when a setting cannot be used, e.g. an address. */
export function sinkOf(settings: SinkSettings, around: SinkSurroundings): Sink {
  return MAKERS[settings.type](settings, around);
}

/** The schema has seen to it; this is for the compiler. */
function needed<K extends keyof SinkSettings>(
  settings: SinkSettings,
  name: K,
): NonNullable<SinkSettings[K]> {
  const value = settings[name];
  if (value === undefined || value === null) {
    throw new RangeError(`The setting ${name} is needed for a sink of type ${settings.type}.`);
  }
  return value;
}

function secretIn(what: string, path: string): ReadSecret {
  return async () => {
    const bytes = await readSecretFile(what, path, MAX_SECRET_BYTES);
    const text = new TextDecoder().decode(bytes);
    bytes.fill(0);
    return text;
  };
}

function tlsOf({ ca_file, certificate_file, key_file }: SinkSettings): ReadTls {
  const readKey = key_file === undefined ? undefined : secretIn('key file', key_file);
  return async () => ({
    ca: ca_file && (await readFile(ca_file, 'utf8')),
    certificate: certificate_file && (await readFile(certificate_file, 'utf8')),
    key: await readKey?.(),
  });
}

function authorizationOf(settings: SinkSettings): Authorization | undefined {
  if (settings.hmac_secret_file !== undefined) {
    return { kind: 'hmac', readSecret: secretIn('HMAC secret file', settings.hmac_secret_file) };
  }
  if (settings.token_file === undefined) return undefined;
  return {
    kind: 'token',
    readSecret: secretIn('token file', settings.token_file),
    header: settings.token_header,
    scheme: settings.token_scheme,
  };
}
