import { attribute, TAGS, VERSIONS, type Version } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { hasOpenssl, makeTestCertificate, type TestCertificate } from './certificate.fixtures.ts';
import { createKmipClient, type KmipClient } from './client.ts';
import { createMemoryAnswers, KEY_BYTES } from './memory-answers.fixtures.ts';
import type { KmipClientOptions, TracedMessage } from './options.ts';
import type { ResponsePayload } from './payloads.ts';
import { aFailure, aResponse } from './response.fixtures.ts';
import { type ReceivedRequest, startTestServer, type TestServer } from './server.fixtures.ts';

const AES_256 = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;

describe.skipIf(!hasOpenssl())('createKmipClient (needs openssl)', () => {
  let certificate: TestCertificate;
  let server: TestServer;
  let client: KmipClient;
  let answer: (request: ReceivedRequest) => Uint8Array;

  beforeAll(async () => {
    certificate = makeTestCertificate('localhost');
    server = await startTestServer(certificate, (request) => request.socket.write(answer(request)));
  });
  afterAll(() => server.close());

  /** A client of the server, closed at the end whatever happens. */
  async function withClient(
    options: Partial<KmipClientOptions>,
    use: (client: KmipClient) => Promise<void>,
  ): Promise<void> {
    answer = createMemoryAnswers();
    client = createKmipClient({
      host: 'localhost',
      port: server.port,
      tls: { ca: certificate.cert, cert: certificate.cert, key: certificate.key },
      requestTimeoutMs: 5000,
      ...options,
    });
    try {
      await use(client);
    } finally {
      await client.close();
    }
  }

  describe.each(VERSIONS)('in KMIP %s', (version: Version) => {
    it('creates a key and reads it and its attributes back', () =>
      withClient({ protocolVersion: version }, async () => {
        const id = await client.create({ ...AES_256, names: ['vm-1'] });
        expect(server.requests.at(-1)?.version).toBe(version);

        const key = await client.get(id);
        expect(key).toMatchObject({
          objectType: 'SymmetricKey',
          uniqueIdentifier: id,
          material: KEY_BYTES,
          isWrapped: false,
          keyFormatType: 'Raw',
          cryptographicAlgorithm: 'AES',
          cryptographicLength: 256,
        });

        expect(await client.getAttributes(id, ['Name', 'State'])).toEqual([
          attribute('Name', { nameValue: 'vm-1', nameType: 'UninterpretedTextString' }),
          attribute('State', 'PreActive'),
        ]);
        expect(await client.getAttributes(id)).toContainEqual(
          attribute('CryptographicUsageMask', 0x0c),
        );
      }));

    it('adds, lists, locates, activates, revokes and destroys', () =>
      withClient({ protocolVersion: version }, async () => {
        const id = await client.create(AES_256);
        await client.addAttribute(id, attribute('ObjectGroup', 'group'));
        expect(await client.getAttributeList(id)).toContainEqual({
          kind: 'standard',
          name: 'ObjectGroup',
        });
        expect(await client.locate({ name: 'vm-1', state: 'PreActive', maximumItems: 5 })).toEqual([
          id,
        ]);
        expect(server.requests.at(-1)?.items[0]?.payload).toMatchObject({
          maximumItems: 5,
          attributes: [{ name: 'Name' }, { name: 'State', value: 'PreActive' }],
        });
        await client.activate(id);
        await client.revoke(id, { reason: 'CessationOfOperation', message: 'no longer used' });
        expect(server.requests.at(-1)?.items[0]?.payload).toMatchObject({
          revocationReason: {
            revocationReasonCode: 'CessationOfOperation',
            revocationMessage: 'no longer used',
          },
        });
        await client.destroy(id);
        expect(await client.locate()).toEqual([]);
      }));
  });

  it('asks what the server is and which versions it speaks', () =>
    withClient({}, async () => {
      expect((await client.query(['QueryOperations'])).operation).toEqual(['Create', 'Get']);
      expect(await client.discoverVersions()).toEqual([...VERSIONS].reverse());
    }));

  it('tells the server the largest answer and the correlation value', () =>
    withClient({ maximumMessageBytes: 4096, clientCorrelationValue: 'run-7' }, async () => {
      await client.query(['QueryOperations']);
      expect(server.requests.at(-1)?.message.requestHeader).toMatchObject({
        maximumResponseSize: 4096,
        clientCorrelationValue: 'run-7',
      });
    }));

  it('negotiates the newest version that both sides know, once', () =>
    withClient({ protocolVersion: 'negotiate' }, async () => {
      const before = server.requests.length;
      await Promise.all([client.query(['QueryOperations']), client.create(AES_256)]);
      const sent = server.requests.slice(before);
      expect(sent.map((request) => [request.version, request.items[0]?.operation])).toEqual([
        ['1.1', 'DiscoverVersions'],
        ['2.1', 'Query'],
        ['2.1', 'Create'],
      ]);
      expect(await client.protocolVersion()).toBe('2.1');
    }));

  it('negotiates again after a negotiation that failed', () =>
    withClient({ protocolVersion: 'negotiate' }, async () => {
      const working = answer;
      answer = ({ version }) =>
        aResponse(version, [aFailure({ resultReason: 'PermissionDenied' })]);
      await expect(client.query(['QueryOperations'])).rejects.toMatchObject({
        code: 'operation-failed',
        operation: 'DiscoverVersions',
      });
      answer = working;
      await expect(client.protocolVersion()).resolves.toBe('2.1');
    }));

  it('fails with the reason of the server, in words fit for a terminal', () =>
    withClient({}, async () => {
      answer = ({ version }) => aResponse(version, [aFailure({ resultMessage: 'gone\u001b[2J' })]);
      await expect(client.get('nothing')).rejects.toMatchObject({
        code: 'operation-failed',
        operation: 'Get',
        resultStatus: 'OperationFailed',
        resultReason: 'ItemNotFound',
        resultMessage: 'gone\u001b[2J',
        message: 'Get failed with ItemNotFound: gone [2J',
      });
    }));

  it('goes on with the same connection after an operation failed', () =>
    withClient({}, async () => {
      const before = server.connectionCount();
      await expect(client.get('nothing')).rejects.toMatchObject({ code: 'operation-failed' });
      await client.create(AES_256);
      expect(server.connectionCount()).toBe(before + 1);
    }));

  it('takes no key of another object for the one asked for', () =>
    withClient({}, async () => {
      const working = answer;
      const other = await client.create(AES_256);
      answer = (request) =>
        working({
          ...request,
          items: [{ operation: 'Get', payload: { uniqueIdentifier: other }, id: undefined }],
        });
      await expect(client.get('mine')).rejects.toMatchObject({ code: 'malformed-response' });
    }));

  it('refuses an answer of Get without an object', () =>
    withClient({}, async () => {
      const responsePayload = {
        tag: TAGS.ResponsePayload,
        type: 'Structure',
        value: [
          { tag: TAGS.ObjectType, type: 'Enumeration', value: 2 },
          { tag: TAGS.UniqueIdentifier, type: 'TextString', value: 'key' },
        ],
      } as const;
      const success = { operation: 'Get', resultStatus: 'Success', messageExtension: [] } as const;
      answer = ({ version }) => aResponse(version, [{ ...success, responsePayload }]);
      await expect(client.get('key')).rejects.toMatchObject({ code: 'malformed-response' });
    }));

  it('rejects a payload that is none of the operation with TypeError', () =>
    withClient({}, async () => {
      const noPayload = { uniqueIdentifier: 7 };
      // @ts-expect-error a Unique Identifier is no number
      await expect(client.request('Get', noPayload)).rejects.toBeInstanceOf(TypeError);
    }));

  it('rejects a value that the version does not know with TypeError', () =>
    withClient({ protocolVersion: '1.4' }, async () => {
      const before = server.requests.length;
      const request = client.create({ algorithm: 'ARIA', lengthBits: 128, usage: ['Encrypt'] });
      await expect(request).rejects.toThrow('KMIP 1.4 does not have this value');
      await expect(request).rejects.toBeInstanceOf(TypeError);
      expect(server.requests).toHaveLength(before);
    }));

  it('infers payloads from the schemas of the operation', () => {
    const ask = () => client.request('Locate', { attributes: [] });
    expectTypeOf(ask).returns.resolves.toEqualTypeOf<ResponsePayload<'Locate'>>();
    // @ts-expect-error Locate takes attributes
    expectTypeOf(() => client.request('Locate', {})).toBeFunction();
  });

  it('sends raw bytes as they are and gives the answer as it is', () =>
    withClient({}, async () => {
      await client.query(['QueryOperations']);
      const recorded = server.requests.at(-1)?.bytes ?? new Uint8Array();
      const reply = aResponse('1.0', [aFailure()]);
      answer = () => reply;
      expect(await client.sendRaw(recorded)).toEqual(reply);
      expect(server.requests.at(-1)?.bytes).toEqual(recorded);
    }));

  it('shows every message to the trace hook', () => {
    const trace: TracedMessage[] = [];
    return withClient({ onMessage: (message) => trace.push(message) }, async () => {
      await client.create(AES_256);
      expect(trace.map(({ direction }) => direction)).toEqual(['request', 'response']);
      expect(trace[0]?.bytes).toEqual(server.requests.at(-1)?.bytes);
    });
  });

  it.each(['request', 'response'] as const)(
    'fails only the request when the trace hook throws on a %s',
    (direction) => {
      let isFaulty = true;
      const onMessage = (message: TracedMessage) => {
        if (isFaulty && message.direction === direction) throw new Error('disk full');
      };
      return withClient({ onMessage }, async () => {
        await expect(client.create(AES_256)).rejects.toThrow('disk full');
        isFaulty = false;
        await expect(client.create(AES_256)).resolves.toBeTypeOf('string');
      });
    },
  );
});
