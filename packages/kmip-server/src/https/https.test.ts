import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { createKmipNames, TAGS } from '@claviger/kmip-protocol';
import type { CertifiedKey } from '@claviger/pki';
import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../server.fixtures.ts';

const NAMES = createKmipNames();
const TTLV = 'application/octet-stream';

/** Asks who the server is, in KMIP 1.2. */
const QUERY = decodeXml(
  `<RequestMessage>
    <RequestHeader>
      <ProtocolVersion>
        <ProtocolVersionMajor type="Integer" value="1"/><ProtocolVersionMinor type="Integer" value="2"/>
      </ProtocolVersion>
      <BatchCount type="Integer" value="1"/>
    </RequestHeader>
    <BatchItem>
      <Operation type="Enumeration" value="Query"/>
      <RequestPayload><QueryFunction type="Enumeration" value="QueryServerInformation"/></RequestPayload>
    </BatchItem>
  </RequestMessage>`,
  NAMES,
);

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ transport: 'https', limits: { maxMessageBytes: 4096 } });
});
afterAll(() => rig.close());

function send(
  body: string | Uint8Array,
  options: {
    readonly contentType?: string;
    readonly path?: string;
    readonly method?: string;
    readonly agent?: Agent;
    readonly certificate?: CertifiedKey;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const { certificate = rig.adapters.first.certificate, agent } = options;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: rig.host,
        port: rig.port,
        path: options.path ?? '/kmip',
        method: options.method ?? 'POST',
        ca: rig.serverCertificate.certificate.pem,
        cert: certificate.certificate.pem,
        key: certificate.privateKeyPem,
        headers: { 'Content-Type': options.contentType ?? TTLV, ...options.headers },
        ...(agent !== undefined && { agent }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** What the answer says of its one batch item. */
function resultStatusIn(message: TtlvItem): unknown {
  const within = (item: TtlvItem | undefined, tag: number) =>
    item?.type === 'Structure' ? item.value.find((child) => child.tag === tag) : undefined;
  return within(within(message, TAGS.BatchItem), TAGS.ResultStatus)?.value;
}

describe('a message in the body of a request', () => {
  const encodings = [
    {
      contentType: TTLV,
      request: encodeTtlv(QUERY),
      read: (body: Buffer) => decodeTtlv(body),
    },
    {
      contentType: 'text/xml',
      request: encodeXml(QUERY, NAMES),
      read: (body: Buffer) => decodeXml(body.toString(), NAMES),
    },
    {
      contentType: 'application/json',
      request: encodeJsonText(QUERY, NAMES),
      read: (body: Buffer) => decodeJsonText(body.toString(), NAMES),
    },
  ];
  for (const { contentType, request, read } of encodings) {
    it(`is answered in its own encoding: ${contentType}`, async () => {
      const { status, headers, body } = await send(request, { contentType });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': contentType,
        'content-length': String(body.length),
        'cache-control': 'no-cache',
      });
      expect(resultStatusIn(read(body))).toBe(0);
      const event = (await rig.events()).at(-1);
      assertValidEvent(event);
      expect(event?.requestData).toMatchObject({
        protocolVersion: '1.2',
        requestURI: `https://${rig.host}:${rig.port}/kmip`,
      });
    });
  }

  it('may come with a charset, in chunks, and after another one on the same connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const options = { contentType: 'Text/XML; charset=utf-8', agent };
    const xml = encodeXml(QUERY, NAMES);
    const chunked = { ...options, headers: { 'Transfer-Encoding': 'chunked' } };
    const answers = [await send(xml, options), await send(xml, chunked), await send(xml, options)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    agent.destroy();
  });

  it('may come without waiting for the answer to the one before, and is answered in order', async () => {
    const xml = encodeXml(QUERY, NAMES);
    const one = `POST /kmip HTTP/1.1\r\nHost: kmip\r\nContent-Type: text/xml\r\nContent-Length: ${xml.length}\r\n\r\n${xml}`;
    const answered = await sendRaw(one + one + one.replace('Host', 'Connection: close\r\nHost'));
    expect(answered.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  });

  it('may come by HTTP/1.0', async () => {
    const xml = encodeXml(QUERY, NAMES);
    const head = `POST /kmip HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: ${xml.length}\r\n\r\n`;
    expect(await sendRaw(head + xml)).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('may come from curl', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kmip-https-'));
    const { certificate, privateKeyPem } = rig.adapters.first.certificate;
    await writeFile(join(directory, 'cert.pem'), certificate.pem + privateKeyPem);
    await writeFile(join(directory, 'ca.pem'), rig.serverCertificate.certificate.pem);
    await writeFile(join(directory, 'query.json'), encodeJsonText(QUERY, NAMES));
    const { stdout } = await promisify(execFile)('curl', [
      ...['--silent', '--show-error', '--fail', '--noproxy', '*'],
      ...['--cacert', join(directory, 'ca.pem'), '--cert', join(directory, 'cert.pem')],
      ...['--header', 'Content-Type: application/json'],
      ...['--data-binary', `@${join(directory, 'query.json')}`],
      `https://${rig.host}:${rig.port}/kmip`,
    ]);
    expect(resultStatusIn(decodeJsonText(stdout, NAMES))).toBe(0);
    await rm(directory, { recursive: true });
  });
});

describe('what is no message', () => {
  const xml = encodeXml(QUERY, NAMES);
  const refusals: [what: string, status: number, words: string, ...Parameters<typeof send>][] = [
    ['another path', 404, '/kmip', xml, { path: '/', contentType: 'text/xml' }],
    ['another method', 405, 'POST', xml, { method: 'PUT', contentType: 'text/xml' }],
    ['another content type', 415, 'text/xml', xml, { contentType: 'text/html' }],
    ['a body above the limit', 413, '4096', 'x'.repeat(4097)],
    [
      'a body above the limit that does not say its length',
      413,
      '4096',
      'x'.repeat(4097),
      { headers: { 'Transfer-Encoding': 'chunked' } },
    ],
    ['XML cut short', 400, 'no message', xml.slice(0, -9), { contentType: 'text/xml' }],
    ['JSON that is none', 400, 'JSON', '{', { contentType: 'application/json' }],
    ['bytes that are no TTLV', 400, 'no message', 'GET / HTTP/1.1'],
    ['text that is no UTF-8', 400, 'UTF-8', Uint8Array.of(0xff), { contentType: 'text/xml' }],
  ];
  for (const [what, status, words, ...request] of refusals) {
    it(`is refused with what to do: ${what}`, async () => {
      const answer = await send(...request);
      expect(answer.status).toBe(status);
      expect(answer.body.toString()).toContain(words);
    });
  }

  it('leaves an event when it came to the right place', async () => {
    const before = (await rig.events()).length;
    await send('<', { contentType: 'text/xml' });
    const events = (await rig.events()).slice(before);
    expect(events.map(({ outcome }) => outcome)).toEqual(['failure']);
  });

  it('costs nothing but its connection when it is no HTTP', async () => {
    const request = encodeTtlv(QUERY);
    expect(await sendRaw(request)).toMatch(/^HTTP\/1\.1 400/);
    expect((await send(request)).status).toBe(200);
  });
});

describe('a client that is not let in', () => {
  it('gets no answer', async () => {
    await expect(send(encodeTtlv(QUERY), { certificate: rig.stranger })).rejects.toThrow();
  });
});

describe('a listener that closes', () => {
  it('answers what has come, and ends connections that wait', async () => {
    const closing = await startRig({ transport: 'https' });
    const idle = connectTls({
      host: closing.host,
      port: closing.port,
      ca: closing.serverCertificate.certificate.pem,
      cert: closing.adapters.first.certificate.certificate.pem,
      key: closing.adapters.first.certificate.privateKeyPem,
    });
    idle.on('error', () => {});
    await new Promise((resolve) => idle.once('secureConnect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    idle.resume();
    await closing.close();
    await closed;
    expect(idle.destroyed).toBe(true);
  });

  it('ends a connection without a request after a while', async () => {
    const impatient = await startRig({ transport: 'https', limits: { idleTimeoutMs: 200 } });
    const idle = connectTls({
      host: impatient.host,
      port: impatient.port,
      ca: impatient.serverCertificate.certificate.pem,
      cert: impatient.adapters.first.certificate.certificate.pem,
      key: impatient.adapters.first.certificate.privateKeyPem,
    });
    idle.on('error', () => {});
    idle.resume();
    await new Promise((resolve) => idle.once('close', resolve));
    await impatient.close();
  });
});

/** Sends bytes as they are, and reads until the server closes. */
function sendRaw(bytes: string | Uint8Array): Promise<string> {
  const { certificate, privateKeyPem } = rig.adapters.first.certificate;
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: rig.host,
      port: rig.port,
      ca: rig.serverCertificate.certificate.pem,
      cert: certificate.pem,
      key: privateKeyPem,
    });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(bytes);
  });
}
