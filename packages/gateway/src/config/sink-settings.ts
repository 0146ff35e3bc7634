/** `[[audit.sinks]]`: the places that events are delivered to, and which settings belong to which type. */
import { z } from 'zod';
import {
  listOf,
  oneOf,
  PORT,
  pattern,
  section,
  text,
  wholeNumber,
  yesOrNo,
} from './setting-types.ts';

const DAY_SECONDS = 24 * 60 * 60;
const MEBIBYTE = 1024 * 1024;
const TYPES = ['file', 'stdout', 'https', 'syslog', 'kafka', 's3', 'otlp'] as const;
type SinkType = (typeof TYPES)[number];

const fileOf = (what: string) => text().optional().describe(what);

const fields = section({
  name: pattern(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be lower-case letters, digits and hyphens',
  ).describe(
    'Name of the sink. Its place in the log is kept under it: under another name it gets the whole log anew.',
  ),
  type: oneOf(...TYPES).describe('Where events go.'),
  actions: listOf(text())
    .optional()
    .describe('Only events with one of these actions; `*` stands for any text. Default: all.'),
  severities: listOf(oneOf('normal', 'warning', 'critical'))
    .optional()
    .describe('Only events of these severities (`normal`, `warning`, `critical`). Default: all.'),
  outcomes: listOf(oneOf('success', 'failure', 'pending', 'unknown'))
    .optional()
    .describe('Only events with these outcomes (`success`, `failure`, ...). Default: all.'),
  start_at: oneOf('beginning', 'now')
    .default('beginning')
    .describe('Where a new sink begins in the log.'),
  batch_events: wholeNumber(1, 10_000)
    .default(500)
    .describe('Events that are delivered at once, at most.'),
  batch_bytes: wholeNumber(16_384, 64 * MEBIBYTE)
    .default(MEBIBYTE)
    .describe('Their size in bytes, at most.'),
  linger_seconds: wholeNumber(0, DAY_SECONDS)
    .optional()
    .describe('How long a batch that is not full waits for more. Default: 60 for `s3`, else 0.'),
  attempt_timeout_seconds: wholeNumber(1, 600).default(30).describe('Time for one attempt.'),
  max_wait_seconds: wholeNumber(1, DAY_SECONDS)
    .default(60)
    .describe('Longest wait between two attempts, unless the receiver asks for more.'),
  lag_events: wholeNumber(1, 1_000_000_000)
    .default(10_000)
    .describe('A sink so many events behind is told of in the log.'),
  lag_seconds: wholeNumber(1, 30 * DAY_SECONDS)
    .default(300)
    .describe('The same, by the age of the oldest event that is not delivered.'),
  compress: yesOrNo()
    .optional()
    .describe('`file` (rotated ones), `https`, `otlp`, `kafka`, `s3`: with gzip. Default: true.'),
  format: oneOf('json', 'ndjson', 'cef')
    .optional()
    .describe('`https`: an array or a line for each event; `syslog`: JSON or CEF. Default: json.'),
  path: fileOf('`file`: path of the file; its directory has to exist.'),
  rotate_bytes: wholeNumber(16_384, 2 ** 40)
    .optional()
    .describe('`file`: size at which a new one is begun. Default: 104857600.'),
  rotate_hours: wholeNumber(1, 24 * 366)
    .optional()
    .describe('`file`: age at which a new one is begun. Default: 24.'),
  keep: wholeNumber(1, 100_000)
    .optional()
    .describe('`file`: rotated files that are kept. Default: all of them.'),
  url: text()
    .optional()
    .describe('`https`, `otlp`: address; https, or http to this machine. OTLP: with `/v1/logs`.'),
  token_file: fileOf('`https`, `otlp`: file with a token, mode 0600.'),
  token_header: text()
    .optional()
    .describe('`https`, `otlp`: header that carries the token. Default: Authorization.'),
  token_scheme: z
    .string({ error: 'must be a text' })
    .optional()
    .describe('`https`, `otlp`: what stands before the token; may be empty. Default: Bearer.'),
  hmac_secret_file: fileOf('`https`: file with the secret that signs each request, mode 0600.'),
  host: text().optional().describe('`syslog`: name or address of the receiver.'),
  port: PORT.optional().describe('`syslog`: its port. Default: 6514 with TLS, 514 without.'),
  tls: yesOrNo().optional().describe('`syslog`, `kafka`: whether TLS is used. Default: true.'),
  confirmation: oneOf('closed', 'sent')
    .optional()
    .describe(
      '`syslog`: delivered is what the receiver has read to the end of a connection, or what was sent to one that does not end its side. Default: closed.',
    ),
  facility: wholeNumber(0, 23).optional().describe('`syslog`: facility. Default: 13, log audit.'),
  hostname: text()
    .optional()
    .describe('`syslog`: name of this machine in messages. Default: the one it has.'),
  enterprise_number: wholeNumber(1, 2 ** 32 - 1)
    .optional()
    .describe('`syslog`: your private enterprise number. Default: 32473, the one for examples.'),
  brokers: listOf(pattern(/^[^\s/]+:\d{1,5}$/, 'must be HOST:PORT'))
    .min(1, { error: 'must have at least one broker' })
    .optional()
    .describe('`kafka`: `HOST:PORT` of brokers.'),
  topic: text().optional().describe('`kafka`: topic; it has to exist.'),
  key: oneOf('instance', 'initiator')
    .optional()
    .describe('`kafka`: what events are kept in order by. Default: instance.'),
  sasl_mechanism: oneOf('plain', 'scram-sha-256', 'scram-sha-512')
    .optional()
    .describe('`kafka`: how it logs in. Default: not at all.'),
  sasl_username: text().optional().describe('`kafka`: name that it logs in with.'),
  sasl_password_file: fileOf('`kafka`: file with the password, mode 0600.'),
  endpoint: text()
    .optional()
    .describe('`s3`: address of the store; https, or http to this machine.'),
  region: text()
    .optional()
    .describe('`s3`: region that requests are signed for; `kafka`: header of that name.'),
  bucket: text().optional().describe('`s3`: bucket.'),
  prefix: text().optional().describe('`s3`: what the names of objects begin with.'),
  node: pattern(/^[A-Za-z0-9._-]{1,64}$/, 'must be letters, digits, dots, hyphens, underscores')
    .optional()
    .describe('`s3`: names this gateway in the names of objects. Default: claviger.'),
  addressing: oneOf('path', 'host')
    .optional()
    .describe('`s3`: where the bucket stands in addresses. Default: path.'),
  access_key_id: text().optional().describe('`s3`: id of the access key.'),
  secret_access_key_file: fileOf('`s3`: file with the access key, mode 0600.'),
  object_lock_days: wholeNumber(1, 36_500)
    .optional()
    .describe('`s3`: nobody may change an object for so long; the bucket needs Object Lock.'),
  object_lock_mode: oneOf('GOVERNANCE', 'COMPLIANCE')
    .optional()
    .describe('`s3`: who may lift that. Default: COMPLIANCE, nobody.'),
  ca_file: fileOf("All over TLS: authorities (PEM) that are trusted instead of the system's."),
  certificate_file: fileOf('All over TLS: certificate (PEM) that is shown to the receiver.'),
  key_file: fileOf('All over TLS: private key of `certificate_file` (PEM), mode 0600.'),
});

export type SinkSettings = z.output<typeof fields>;

const NETWORK: readonly SinkType[] = ['https', 'otlp', 'syslog', 'kafka', 's3'];

/** Settings that count for some types only; `needed` where it does not work without. */
const BELONGS: Readonly<
  Partial<Record<keyof SinkSettings, { types: readonly SinkType[]; needed?: true }>>
> = {
  compress: { types: ['file', 'https', 'otlp', 'kafka', 's3'] },
  format: { types: ['https', 'syslog'] },
  path: { types: ['file'], needed: true },
  rotate_bytes: { types: ['file'] },
  rotate_hours: { types: ['file'] },
  keep: { types: ['file'] },
  url: { types: ['https', 'otlp'], needed: true },
  token_file: { types: ['https', 'otlp'] },
  token_header: { types: ['https', 'otlp'] },
  token_scheme: { types: ['https', 'otlp'] },
  hmac_secret_file: { types: ['https'] },
  host: { types: ['syslog'], needed: true },
  port: { types: ['syslog'] },
  tls: { types: ['syslog', 'kafka'] },
  confirmation: { types: ['syslog'] },
  facility: { types: ['syslog'] },
  hostname: { types: ['syslog'] },
  enterprise_number: { types: ['syslog'] },
  brokers: { types: ['kafka'], needed: true },
  topic: { types: ['kafka'], needed: true },
  key: { types: ['kafka'] },
  sasl_mechanism: { types: ['kafka'] },
  sasl_username: { types: ['kafka'] },
  sasl_password_file: { types: ['kafka'] },
  endpoint: { types: ['s3'], needed: true },
  region: { types: ['s3', 'kafka'] },
  bucket: { types: ['s3'], needed: true },
  prefix: { types: ['s3'] },
  node: { types: ['s3'] },
  addressing: { types: ['s3'] },
  access_key_id: { types: ['s3'], needed: true },
  secret_access_key_file: { types: ['s3'], needed: true },
  object_lock_days: { types: ['s3'] },
  object_lock_mode: { types: ['s3'] },
  ca_file: { types: NETWORK },
  certificate_file: { types: NETWORK },
  key_file: { types: NETWORK },
};

/** Settings of a sink that are paths. */
export const SINK_PATHS = [
  'path',
  'token_file',
  'hmac_secret_file',
  'sasl_password_file',
  'secret_access_key_file',
  'ca_file',
  'certificate_file',
  'key_file',
] as const satisfies readonly (keyof SinkSettings)[];

/** Settings that are nothing without each other. */
const TOGETHER: readonly (readonly (keyof SinkSettings)[])[] = [
  ['certificate_file', 'key_file'],
  ['sasl_mechanism', 'sasl_username', 'sasl_password_file'],
];

function problemsOf(sink: SinkSettings): readonly { path: keyof SinkSettings; error: string }[] {
  const given = (name: keyof SinkSettings) => sink[name] !== undefined;
  const problems: { path: keyof SinkSettings; error: string }[] = [];
  for (const name of Object.keys(fields.shape) as (keyof SinkSettings)[]) {
    const belongs = BELONGS[name];
    if (belongs === undefined) continue;
    const counts = belongs.types.includes(sink.type);
    if (given(name) && !counts) {
      problems.push({ path: name, error: `counts for nothing for a sink of type ${sink.type}` });
    } else if (!given(name) && counts && belongs.needed) {
      problems.push({ path: name, error: `is needed for a sink of type ${sink.type}` });
    }
  }
  for (const names of TOGETHER) {
    const missing = names.filter((name) => !given(name));
    if (missing.length === names.length) continue;
    for (const path of missing) {
      problems.push({ path, error: `is needed with ${names.filter(given).join(' and ')}` });
    }
  }
  if (sink.token_file !== undefined && sink.hmac_secret_file !== undefined) {
    problems.push({ path: 'hmac_secret_file', error: 'cannot be used together with token_file' });
  }
  if (sink.type === 'https' && sink.format === 'cef') {
    problems.push({ path: 'format', error: 'must be json or ndjson for a sink of type https' });
  }
  if (sink.type === 'syslog' && sink.format === 'ndjson') {
    problems.push({ path: 'format', error: 'must be json or cef for a sink of type syslog' });
  }
  if (sink.type === 's3' && sink.region === undefined) {
    problems.push({ path: 'region', error: 'is needed for a sink of type s3' });
  }
  return problems;
}

const sink = fields.superRefine((value, context) => {
  for (const { path, error } of problemsOf(value)) {
    context.addIssue({ code: 'custom', path: [path], message: error });
  }
});

export const sinkSettings = listOf(sink)
  .max(32, { error: 'must have at most 32 sinks' })
  .refine((sinks) => new Set(sinks.map(({ name }) => name)).size === sinks.length, {
    error: 'must have a name of its own for each sink',
  });
