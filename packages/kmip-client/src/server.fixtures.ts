/** A KMIP server of a few lines on the loopback, whose answers the test decides. */

import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import {
  decodeItem,
  OPERATION_SCHEMAS,
  RequestMessage,
  type Schema,
  TAGS,
  type Version,
  versionOf,
} from '@claviger/kmip-protocol';
import { createFrameReader, decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import type { TestCertificate } from './certificate.fixtures.ts';
import type { BatchRequest } from './payloads.ts';

export interface ReceivedRequest {
  readonly bytes: Uint8Array;
  readonly version: Version;
  readonly message: RequestMessage;
  /** The items with their payloads read. */
  readonly items: readonly (BatchRequest & { readonly id: Uint8Array | undefined })[];
  /** Counts the connections of the server from 1. */
  readonly connection: number;
  readonly socket: TLSSocket;
}

export interface TestServer {
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** How many connections got through TLS. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 for clients with the same certificate; `onRequest` answers as it likes. */
export async function startTestServer(
  certificate: TestCertificate,
  onRequest: (request: ReceivedRequest) => void,
  tls: TlsOptions = {},
): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<TLSSocket>();
  let connectionCount = 0;
  const server = createServer(
    { ...certificate, ca: certificate.cert, requestCert: true, ...tls },
    (socket) => {
      const connection = ++connectionCount;
      const reader = createFrameReader({ maxMessageBytes: 1024 * 1024 });
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
      socket.on('data', (chunk: Uint8Array) => {
        reader.push(chunk);
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
          const request = { ...readRequest(frame), connection, socket };
          requests.push(request);
          onRequest(request);
        }
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // listens on TCP
    requests,
    connectionCount: () => connectionCount,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readRequest(bytes: Uint8Array): Omit<ReceivedRequest, 'connection' | 'socket'> {
  const item = decodeTtlv(bytes);
  const version = versionIn(item);
  const message = decodeItem(RequestMessage, item, version);
  const items = message.batchItem.map(({ operation, requestPayload, uniqueBatchItemID }) => {
    const schemas: Readonly<Record<string, { readonly request: Schema }>> = OPERATION_SCHEMAS;
    const schema = schemas[operation]?.request;
    if (schema === undefined) throw new Error(`The test server does not know ${operation}`);
    const payload = decodeItem(schema, requestPayload, version);
    // the payload was read with the schema of its operation
    return { operation, payload, id: uniqueBatchItemID } as ReceivedRequest['items'][number];
  });
  return { bytes, version, message, items };
}

/** Protocol Version stands first in the header, which stands first in the message. */
function versionIn(message: TtlvItem): Version {
  const numbers: number[] = [];
  const visit = (item: TtlvItem | undefined): void => {
    if (item?.type === 'Structure') for (const inner of item.value) visit(inner);
    if (item?.tag === TAGS.ProtocolVersionMajor || item?.tag === TAGS.ProtocolVersionMinor) {
      numbers.push(Number(item.value));
    }
  };
  visit(message.type === 'Structure' ? message.value[0] : undefined);
  const [protocolVersionMajor = 0, protocolVersionMinor = 0] = numbers;
  const version = versionOf({ protocolVersionMajor, protocolVersionMinor });
  if (version === undefined) throw new Error('The test server does not know this version');
  return version;
}
