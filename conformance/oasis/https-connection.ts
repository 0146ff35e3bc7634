/**
 * One client's way to a server by HTTPS: each message is a `POST /kmip`, in one of three encodings (KMIP
 * Additional Message Encodings 1.0 §2.4). What the profile asks of the answer beside the message is judged here.
 */

import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { createKmipNames } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, TtlvError, type TtlvItem } from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';
import {
  type CaseConnection,
  ConnectionError,
  type Identity,
  type ServerAddress,
} from './connection.ts';

/** What a message is in, by its content type. */
export type ContentType = 'application/octet-stream' | 'text/xml' | 'application/json';

const NAMES = createKmipNames();
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

interface Encoding {
  write(message: TtlvItem): string | Uint8Array;
  /** @throws TtlvError */
  read(body: Uint8Array): TtlvItem;
}

const ENCODINGS: Readonly<Record<ContentType, Encoding>> = {
  'application/octet-stream': {
    write: encodeTtlv,
    read: (body) => decodeTtlv(body, { maxMessageBytes: MAX_MESSAGE_BYTES, maxItems: 100_000 }),
  },
  'text/xml': {
    write: (message) => encodeXml(message, NAMES),
    read: (body) => decodeXml(textOf(body), NAMES, { maxMessageBytes: MAX_MESSAGE_BYTES }),
  },
  'application/json': {
    write: (message) => encodeJsonText(message, NAMES),
    read: (body) => decodeJsonText(textOf(body), NAMES, { maxMessageBytes: MAX_MESSAGE_BYTES }),
  },
};

/** Connects when the first message is sent, by TLS 1.2 or newer and with a client certificate. */
export function connectHttps(
  { host, port, ca }: ServerAddress,
  { cert, key }: Identity,
  contentType: ContentType,
): CaseConnection {
  const { write, read } = ENCODINGS[contentType];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: Promise<Uint8Array>[] = [];
  const servername = isIP(host) === 0 ? { servername: host } : {};

  async function exchange(body: string | Uint8Array): Promise<Uint8Array> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        'Content-Type': contentType,
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-cache',
      };
      const tls = { ca, cert, key, minVersion: 'TLSv1.2', ...servername } as const;
      const options = { host, port, agent, method: 'POST', path: '/kmip', headers, ...tls };
      request(options, resolve)
        .on('error', (error) => reject(new ConnectionError(`${host}:${port}: ${error.message}`)))
        .end(body);
    });
    const received = await bodyOf(response);
    judge(response, received, contentType);
    try {
      return encodeTtlv(read(received));
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      throw new ConnectionError(`what the server sends is no KMIP message: ${error.message}`);
    }
  }

  return {
    send(message) {
      const answer = exchange(write(decodeTtlv(message, { maxMessageBytes: MAX_MESSAGE_BYTES })));
      answer.catch(() => {}); // told of when it is received
      answers.push(answer);
    },
    async receive(timeoutMs) {
      const answer = answers.shift();
      if (answer === undefined) throw new ConnectionError('a server does not ask by HTTPS');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const error = new ConnectionError(`no answer within ${timeoutMs} ms`);
        timer = setTimeout(() => reject(error), timeoutMs);
      });
      try {
        return await Promise.race([answer, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      agent.destroy();
    },
  };
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_MESSAGE_BYTES) throw new Error(`it has more than ${MAX_MESSAGE_BYTES} bytes`);
    }
  } catch (error) {
    throw new ConnectionError(`the answer broke off: ${String(error)}`);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** What a server has to say beside the message (§2.5). @throws ConnectionError */
function judge({ statusCode, headers }: IncomingMessage, body: Uint8Array, asked: string): void {
  const isText = headers['content-type']?.startsWith('text/plain') === true;
  const words = isText ? `: ${textOf(body).trim()}` : '';
  if (statusCode !== 200) {
    throw new ConnectionError(`the server answers with the status ${statusCode}${words}`);
  }
  const found = headers['content-type']?.split(';')[0];
  if (found !== asked) {
    throw new ConnectionError(`the answer has the Content-Type ${found}, not ${asked} (§2.5)`);
  }
  if (headers['content-length'] === undefined) {
    throw new ConnectionError('the answer has no Content-Length (§2.5)');
  }
  if (headers['cache-control'] !== 'no-cache') {
    throw new ConnectionError('the answer has no Cache-Control of no-cache (§2.5)');
  }
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
