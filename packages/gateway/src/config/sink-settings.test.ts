import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSettings } from './load-settings.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claviger-sink-settings-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function load(toml: string, environment: Record<string, string> = {}) {
  const configFile = join(directory, 'claviger.toml');
  await writeFile(configFile, toml);
  const settings = await loadSettings({
    configFile,
    environment,
    overrides: [],
    workingDirectory: '/elsewhere',
  });
  return settings.audit.sinks;
}

const sink = (...lines: readonly string[]) => ['[[audit.sinks]]', ...lines, ''].join('\n');

it('without any, events stay in the log', async () => {
  expect(await load('')).toEqual([]);
});

it('reads each type, with paths relative to the file', async () => {
  const sinks = await load(
    sink('name = "file"', 'type = "file"', 'path = "audit.jsonl"') +
      sink('name = "console"', 'type = "stdout"', 'severities = ["critical"]') +
      sink(
        'name = "siem"',
        'type = "https"',
        'url = "https://siem.example.com/"',
        'token_file = "t"',
      ) +
      sink('name = "syslog"', 'type = "syslog"', 'host = "log.example.com"', 'format = "cef"') +
      sink('name = "kafka"', 'type = "kafka"', 'brokers = ["k1:9093"]', 'topic = "audit"') +
      sink(
        'name = "archive"',
        'type = "s3"',
        'endpoint = "https://s3.example.com"',
        'region = "eu"',
        'bucket = "audit"',
        'access_key_id = "id"',
        'secret_access_key_file = "/etc/claviger/s3.key"',
      ) +
      sink('name = "otel"', 'type = "otlp"', 'url = "https://otel.example.com/v1/logs"'),
  );
  expect(sinks.map(({ type }) => type)).toEqual([
    'file',
    'stdout',
    'https',
    'syslog',
    'kafka',
    's3',
    'otlp',
  ]);
  expect(sinks[0]).toMatchObject({ path: join(directory, 'audit.jsonl'), batch_events: 500 });
  expect(sinks[2]?.token_file).toBe(join(directory, 't'));
  expect(sinks[5]?.secret_access_key_file).toBe('/etc/claviger/s3.key');
});

it('reads one from the environment, with paths relative to the working directory', async () => {
  const [made] = await load('', {
    CLAVIGER_AUDIT__SINKS__0__NAME: 'file',
    CLAVIGER_AUDIT__SINKS__0__TYPE: 'file',
    CLAVIGER_AUDIT__SINKS__0__PATH: 'audit.jsonl',
    CLAVIGER_AUDIT__SINKS__0__ACTIONS: 'hs-crypto.kmip-*,claviger.*',
  });
  expect(made).toMatchObject({
    path: '/elsewhere/audit.jsonl',
    actions: ['hs-crypto.kmip-*', 'claviger.*'],
  });
});

it.each([
  [['type = "file"'], 'audit.sinks[0].path: is needed for a sink of type file'],
  [
    ['type = "stdout"', 'bucket = "a"'],
    'audit.sinks[0].bucket: counts for nothing for a sink of type stdout',
  ],
  [['type = "ftp"'], 'audit.sinks[0].type: must be one of: file, stdout'],
  [
    ['type = "https"', 'url = "https://a"', 'certificate_file = "c"'],
    'audit.sinks[0].key_file: is needed with certificate_file',
  ],
  [
    ['type = "https"', 'url = "https://a"', 'token_file = "t"', 'hmac_secret_file = "h"'],
    'audit.sinks[0].hmac_secret_file: cannot be used together with token_file',
  ],
  [
    ['type = "syslog"', 'host = "h"', 'format = "ndjson"'],
    'audit.sinks[0].format: must be json or cef for a sink of type syslog',
  ],
  [
    ['type = "kafka"', 'brokers = ["k:1"]', 'topic = "t"', 'sasl_mechanism = "plain"'],
    'audit.sinks[0].sasl_password_file: is needed with sasl_mechanism',
  ],
  [
    ['type = "stdout"', 'severitys = ["x"]'],
    'audit.sinks[0].severitys: is no setting; did you mean severities',
  ],
])('refuses %j', async (lines, message) => {
  await expect(load(sink('name = "one"', ...lines))).rejects.toThrow(message);
});

it('refuses two of one name, since they would share a place in the log', async () => {
  const one = sink('name = "one"', 'type = "stdout"');
  await expect(load(one + one)).rejects.toThrow(
    'audit.sinks: must have a name of its own for each sink',
  );
});
