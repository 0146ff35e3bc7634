/**
 * Promise: no secret that anybody gives or is given stands where people and programs read afterwards: in an
 * event, a log line, an export of the log, a proof, a report, a sink, or the answer to a mistake. Secrets are
 * keys, API keys, tokens, private keys, passwords, and what the gateway shows to sinks.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, runClaviger, startGateway } from '../gateway-process.ts';
import { type Form, findForms, formsOf } from './forms.ts';
import { scanDirectory } from './scan-directory.ts';

const TIMEOUT_MS = 400_000;

describe('a gateway that was given secrets of every kind', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-every-secret-'));
  const dataDirectory = join(directory, 'data');
  /** What people and programs read: all of it is searched. */
  const shown = join(directory, 'shown');
  const secrets = new Map<string, Uint8Array>();
  const outputs: string[] = [];
  let gateway: GatewayProcess;

  const pathOf = (name: string) => join(directory, name);

  function keep(what: string, secret: string | Uint8Array): void {
    secrets.set(what, typeof secret === 'string' ? Buffer.from(secret) : secret);
  }

  function secretFile(what: string, secret: string | Uint8Array = madeText()): string {
    keep(what, secret);
    const path = pathOf(what.replaceAll(' ', '-'));
    writeFileSync(path, secret);
    chmodSync(path, 0o600);
    return path;
  }

  function madeText(): string {
    return randomBytes(24).toString('base64url');
  }

  /** Runs a command; what it prints is searched, unless it is the one place where the secret is shown. */
  async function claviger(args: readonly string[], { isSearched = true } = {}): Promise<string> {
    const { stdout, stderr } = await runClaviger([...args, '--data-dir', dataDirectory]);
    if (isSearched) outputs.push(stdout);
    outputs.push(stderr);
    return stdout;
  }

  /** The DER of a PEM: its lines are base64 of that. */
  function privateKeyIn(path: string): Uint8Array {
    const [, body = ''] =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)/.exec(readFileSync(path, 'utf8')) ?? [];
    const der = Buffer.from(body, 'base64');
    expect(der.length).toBeGreaterThan(60);
    // What stands before the numbers is the same in all keys, public ones too.
    return der.subarray(40);
  }

  async function logIn(apiKey: string): Promise<string> {
    const keyFile = pathOf(`login-${secrets.size}`);
    writeFileSync(keyFile, apiKey, { mode: 0o600 });
    const url = `https://127.0.0.1:${gateway.api.port}`;
    const args = ['token', 'create', '--url', url, '--api-key-file', keyFile];
    const { stdout, stderr } = await runClaviger([...args, '--ca-file', gateway.pki.ca]);
    outputs.push(stderr);
    return stdout.trim();
  }

  beforeAll(async () => {
    mkdirSync(shown);
    gateway = await startGateway({
      dataDirectory,
      env: {
        CLAVIGER_LOG__LEVEL: 'debug',
        CLAVIGER_AUDIT__SINKS__0__NAME: 'file',
        CLAVIGER_AUDIT__SINKS__0__TYPE: 'file',
        CLAVIGER_AUDIT__SINKS__0__PATH: join(shown, 'sink.jsonl'),
        CLAVIGER_AUDIT__SINKS__1__NAME: 'bearer',
        CLAVIGER_AUDIT__SINKS__1__TYPE: 'https',
        CLAVIGER_AUDIT__SINKS__1__URL: 'http://127.0.0.1:9/',
        CLAVIGER_AUDIT__SINKS__1__TOKEN_FILE: secretFile('sink token'),
        CLAVIGER_AUDIT__SINKS__2__NAME: 'signed',
        CLAVIGER_AUDIT__SINKS__2__TYPE: 'https',
        CLAVIGER_AUDIT__SINKS__2__URL: 'http://127.0.0.1:9/',
        CLAVIGER_AUDIT__SINKS__2__HMAC_SECRET_FILE: secretFile('sink HMAC secret'),
      },
    });
    const client = clientOf(gateway);
    const id = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
    keep('managed key', (await client.get(id)).material?.slice() ?? new Uint8Array());
    await client.close();

    const made = await claviger(['apikey', 'create', '--role', 'Manager', '--json'], {
      isSearched: false,
    });
    const apiKey = String(JSON.parse(made).apikey);
    const [, , ...parts] = apiKey.split('-');
    // The part between is its id, which stands in events.
    keep('API key', parts.join('-'));
    const token = await logIn(apiKey);
    expect(token.split('.')).toHaveLength(3);
    // The first two parts say who it is; the signature is what counts.
    keep('token', token.split('.')[2] ?? '');
    const wrong = madeText() + madeText();
    keep('wrong API key', wrong);
    expect(await logIn(wrong)).toBe('');

    const password = secretFile('PKCS12 password');
    const issue = ['cert', 'issue', 'vcenter'];
    await claviger([...issue, 'with-key', '--out', pathOf('issued')]);
    keep('private key of a client', privateKeyIn(pathOf('issued.key')));
    await claviger([
      ...issue,
      'p12',
      '--p12',
      '--password-file',
      password,
      '--out',
      pathOf('issued'),
    ]);
    await claviger(['cert', 'add', 'vcenter', pathOf('issued.key')]); // a mistake
    await claviger(['key', 'import', 'tenant', secretFile('root key', randomBytes(32))]);
    await claviger(['key', 'import', 'short', secretFile('short root key', randomBytes(24))]);
    for (const name of ['ca', 'server', 'client']) {
      keep(`private key ${name}`, privateKeyIn(join(dataDirectory, 'pki', `${name}.key`)));
    }
    for (const name of ['audit-signing', 'token-signing']) {
      const pem = readFileSync(join(dataDirectory, 'keys', `${name}.key`), 'utf8');
      const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
      // Of an Ed25519 key, PKCS #8: the last 32 bytes.
      keep(`${name} key`, der.subarray(der.length > 64 ? 40 : -32));
    }
    keep('master key', readFileSync(join(dataDirectory, 'keys', 'master.key')));

    await claviger(['audit', 'export', '--out', join(shown, 'export')]);
    const events = await claviger(['events', 'list', '--json']);
    const { id: eventId } = JSON.parse(events.split('\n')[0] ?? '');
    await claviger(['audit', 'prove', eventId, '--out', join(shown, 'proof.json')]);
    const report = ['--from', '2020-01-01', '--framework', 'pci-dss', '--out'];
    await claviger(['audit', 'report', ...report, join(shown, 'report.html')]);
    await gateway.stop();
    writeFileSync(join(shown, 'log'), gateway.stderr + gateway.stdout);
    writeFileSync(join(shown, 'outputs'), outputs.join('\n'));
  }, TIMEOUT_MS);

  afterAll(async () => {
    await gateway.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  it('shows none of them in an event, a log, an export, a proof, a report, a sink or an answer', () => {
    expect(secrets.size).toBeGreaterThan(14);
    const forms = [...secrets].flatMap(([what, secret]): readonly Form[] => {
      const found = formsOf(secret);
      expect(found, what).not.toEqual([]);
      return found.map(({ name, bytes }) => ({ name: `${what}: ${name}`, bytes }));
    });
    const { files, finds } = scanDirectory(shown, forms);
    expect(files).toEqual(
      expect.arrayContaining([
        'log',
        'outputs',
        'sink.jsonl',
        'export/events.jsonl',
        'proof.json',
        'report.html',
        'report.json',
      ]),
    );
    expect(finds).toEqual([]);
    // The search itself finds what is there.
    const planted = readFileSync(pathOf('sink-token'));
    expect(findForms(Buffer.concat([Buffer.from('Bearer '), planted]), forms)).not.toEqual([]);
  });
});
