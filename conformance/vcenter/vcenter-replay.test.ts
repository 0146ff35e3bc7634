/** Promise: a vCenter 7.0.3 gets the answers that it needs, to the very bytes that it sends. */

import type { SecureVersion } from 'node:tls';
import {
  decodeItem,
  OPERATION_SCHEMAS,
  RequestMessage,
  type ResponseBatchItem,
  ResponseMessage,
} from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
  VCENTER_KEY,
} from '../client-certificates.ts';
import { readEvents } from '../event-log.ts';
import { clavigerJson, type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectRaw } from '../raw-connection.ts';
import { answerStructure } from './answer-structure.ts';
import { type CapturedMessage, capturedScenarios, withIdentifier } from './captured-scenarios.ts';
import { expectedStructure, withoutServerInformation } from './expected-answers.ts';
import { type Exchange, type ReplayedConnection, replay } from './replay.ts';
import { vcenterRequests } from './vcenter-requests.ts';
import { VCENTER_SCENARIOS } from './vcenter-scenarios.ts';

const TLS_VERSIONS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
const CAPTURED = capturedScenarios();
const CLOCKS_MAY_DIFFER_S = 5;

/** A message of either source: how to make it when the identifiers are known, and what was answered. */
interface Said {
  readonly label: string;
  request(keyIds: readonly [string, string]): Uint8Array;
  /** Undefined where there is no model. */
  readonly recordedAnswer: Uint8Array | undefined;
}

interface Conversation {
  readonly name: string;
  readonly connections: readonly ReplayedConnection<Said>[];
}

const GENERATED: readonly Conversation[] = Object.entries(VCENTER_SCENARIOS).map(
  ([name, connections]) => ({
    name: `${name}, generated`,
    connections: connections.map(({ messages, ...times }) => ({
      ...times,
      messages: messages.map(({ atMs, label }) => ({
        atMs,
        message: {
          label,
          request: (keyIds) => generated(label, keyIds),
          recordedAnswer: undefined,
        },
      })),
    })),
  }),
);

const RECORDED: readonly Conversation[] = CAPTURED.map(({ id, connections }) => ({
  name: `${id}, as recorded`,
  connections: connections.map(({ opened_ms, open_for_ms, messages = [] }) => ({
    openedMs: opened_ms,
    openForMs: open_for_ms,
    messages: messages.map((message) => ({ atMs: message.at_ms, message: recorded(message) })),
  })),
}));

function generated(label: string, keyIds: readonly [string, string]): Uint8Array {
  const found = vcenterRequests({ keyIds }).find((request) => request.label === label);
  if (found === undefined) throw new Error(`There is no request with the label ${label}.`);
  return found.bytes;
}

function recorded({ label, request_hex, response_hex, response_note }: CapturedMessage): Said {
  const bytes = Buffer.from(request_hex, 'hex');
  const hasModel = response_hex !== null && response_note === undefined;
  return {
    label,
    request(keyIds) {
      const number = keyNumber(label);
      return number === undefined ? bytes : withIdentifier(bytes, keyIds[number - 1] ?? '');
    },
    recordedAnswer: hasModel ? Buffer.from(response_hex, 'hex') : undefined,
  };
}

/** 1 or 2 for a request about the first or second key that was made. */
function keyNumber(label: string): number | undefined {
  const [, digit] = /\bkey ([12])\b/.exec(label) ?? [];
  return digit === undefined ? undefined : Number(digit);
}

/** Keys that the server has made so far; those that wait for one get it when it comes. */
function keyBook() {
  const ids: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    add(id: string): void {
      ids.push(id);
      for (const wake of waiting.splice(0)) wake();
    },
    async upTo(count: number): Promise<readonly [string, string]> {
      while (ids.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return [ids[0] ?? '', ids[1] ?? ''];
    },
    get ids(): readonly string[] {
      return ids;
    },
  };
}

function itemsOf(answer: Uint8Array): readonly ResponseBatchItem[] {
  return decodeItem(ResponseMessage, decodeTtlv(answer), '1.1').batchItem;
}

/** The payload of the only item. */
function payloadOf(answer: Uint8Array): TtlvItem {
  const payload = itemsOf(answer)[0]?.responsePayload;
  if (payload === undefined) throw new Error('The answer has no payload.');
  return payload;
}

function identifierIn(operation: 'Create' | 'Get', answer: Uint8Array): string {
  const payload = payloadOf(answer);
  const { uniqueIdentifier } =
    operation === 'Create'
      ? decodeItem(OPERATION_SCHEMAS.Create.response, payload, '1.1')
      : decodeItem(OPERATION_SCHEMAS.Get.response, payload, '1.1');
  return String(uniqueIdentifier);
}

/** What holds for every answer to vCenter. */
function checkAnswer({ message, request, answer }: Exchange<Said>): void {
  const asked = decodeItem(RequestMessage, decodeTtlv(request), '1.1');
  const { responseHeader, batchItem } = decodeItem(ResponseMessage, decodeTtlv(answer), '1.1');
  expect(responseHeader).toMatchObject({
    protocolVersion: { protocolVersionMajor: 1, protocolVersionMinor: 1 },
    batchCount: asked.batchItem.length,
  });
  expect(Math.abs(responseHeader.timeStamp - Date.now() / 1000)).toBeLessThan(CLOCKS_MAY_DIFFER_S);
  expect(
    batchItem.map(({ operation, uniqueBatchItemID, resultStatus }) => ({
      operation,
      uniqueBatchItemID,
      resultStatus,
    })),
  ).toEqual(
    asked.batchItem.map(({ operation, uniqueBatchItemID }) => ({
      operation,
      uniqueBatchItemID,
      resultStatus: 'Success',
    })),
  );
  const structure = withoutServerInformation(answerStructure(answer));
  expect([message.label, ...structure]).toEqual([message.label, ...expectedStructure(request)]);
  if (message.recordedAnswer !== undefined) {
    expect(structure).toEqual(answerStructure(message.recordedAnswer));
  }
}

const name =
  CAPTURED.length > 0 ? 'a vCenter' : 'a vCenter (the recording is not here: generated only)';

describe(name, () => {
  let gateway: GatewayProcess;
  let certificate: ClientCertificate;

  beforeAll(async () => {
    gateway = await startGateway();
    const { dataDirectory } = gateway;
    certificate = await makeClientCertificate(dataDirectory, 'kmipClient', VCENTER_KEY);
    await addAdapter(dataDirectory, 'datacenter', [certificate]);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  async function play({ connections }: Conversation, tlsVersion: SecureVersion) {
    const keys = keyBook();
    const exchanges = await replay<Said>({
      connections,
      connect: () => connectRaw(gateway, certificate, tlsVersion),
      requestOf: async ({ label, request }) => request(await keys.upTo(keyNumber(label) ?? 0)),
      onAnswer({ message, answer }) {
        if (!message.label.startsWith('Create')) return;
        keys.add(identifierIn('Create', answer));
      },
    });
    return { exchanges, ids: keys.ids };
  }

  describe.each(TLS_VERSIONS)('over %s', (tlsVersion) => {
    it.each([...GENERATED, ...RECORDED])(
      'gets every answer it needs: $name',
      async (conversation) => {
        const { exchanges, ids } = await play(conversation, tlsVersion);

        const messages = conversation.connections.flatMap((connection) => connection.messages);
        expect(exchanges).toHaveLength(messages.length);
        exchanges.forEach(checkAnswer);
        const got = exchanges
          .filter(({ message }) => /^Get key/.test(message.label))
          .map(({ answer }) => identifierIn('Get', answer));
        expect(got.sort()).toEqual([...ids].sort());
      },
    );
  });

  it('sends the recorded bytes when nothing but identifiers is replaced', () => {
    for (const { connections } of CAPTURED) {
      for (const { messages = [] } of connections) {
        for (const { label, request_hex } of messages) {
          const number = keyNumber(label);
          const bytes = Buffer.from(request_hex, 'hex');
          const said = number === undefined ? bytes : withIdentifier(bytes, String(number));
          expect(Buffer.from(said).toString('hex')).toBe(request_hex);
        }
      }
    }
  });

  it('that is not trusted yet is refused however often it asks, and let in once it is', async () => {
    const newcomer = await makeClientCertificate(gateway.dataDirectory, 'newcomer', VCENTER_KEY);
    const ATTEMPTS = 18;
    for (let count = 0; count < ATTEMPTS; count++) {
      const connection = await connectRaw(gateway, newcomer);
      connection.send(generated('first Discover Versions', ['', '']));
      expect(await connection.receive()).toBeUndefined();
    }

    const data = ['--data-dir', gateway.dataDirectory];
    await clavigerJson(['cert', 'add', 'datacenter', newcomer.path, ...data]);
    const connection = await connectRaw(gateway, newcomer);
    connection.send(generated('first Discover Versions', ['', '']));
    const answer = await connection.receive();
    connection.socket.end();

    const { protocolVersion } = decodeItem(
      OPERATION_SCHEMAS.DiscoverVersions.response,
      payloadOf(answer ?? new Uint8Array()),
      '1.1',
    );
    expect(protocolVersion).toContainEqual({ protocolVersionMajor: 1, protocolVersionMinor: 1 });
    // A storm of attempts is on the record, and does not flood it.
    const events = await readEvents(gateway.dataDirectory);
    const refusals = events.filter(
      ({ action, initiator }) =>
        action === 'claviger.kmip-connection.refuse' &&
        initiator.id === `CertificateID-${newcomer.fingerprintSha256}`,
    );
    expect(refusals).toMatchObject([{ requestData: { refusal: 'unknown-certificate' } }]);
  });
});
