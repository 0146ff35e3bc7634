/** The client: payloads in, payloads out. Bytes are the transport's affair, their meaning the messages'. */

import type { Version } from '@claviger/kmip-protocol';
import type { BatchOptions, BatchResult, BatchResults } from './batch.ts';
import { operationFailed } from './error.ts';
import {
  createNamedOperations,
  type NamedOperations,
  type SendRequest,
} from './named-operations.ts';
import { negotiateVersion } from './negotiate-version.ts';
import { type KmipClientOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import {
  type BatchRequest,
  type ClientOperation,
  isReadOperation,
  type RequestPayload,
  type ResponsePayload,
} from './payloads.ts';
import { encodeRequest } from './request-message.ts';
import { type ItemResult, malformed, parseResponse } from './response-message.ts';
import { loadSecureContext } from './secure-context.ts';
import { createTransport, type Transport } from './transport.ts';

export interface KmipClient extends NamedOperations {
  /**
   * Carries out one operation that the protocol package describes.
   *
   * @throws KmipClientError with any code; TypeError when the payload is not the operation's.
   */
  request<O extends ClientOperation>(
    operation: O,
    payload: RequestPayload<O>,
  ): Promise<ResponsePayload<O>>;
  /**
   * Sends several operations in one message. An item that the server refuses is a result, not an error.
   *
   * @returns the results in the order of `items`, whatever order the server answered in.
   * @throws KmipClientError `operation-failed` when the message as a whole was refused, and as `request`;
   * TypeError as `request`; RangeError when there are no items.
   */
  batch<const I extends readonly BatchRequest[]>(
    items: I,
    options?: BatchOptions,
  ): Promise<BatchResults<I>>;
  /**
   * Sends one whole message as it is and resolves to the answer's bytes, of which nothing but the frame is
   * checked. It is sent once at most.
   */
  sendRaw(message: Uint8Array): Promise<Uint8Array>;
  /** The version that is spoken; with `negotiate`, it is agreed on first where it was not yet. */
  protocolVersion(): Promise<Version>;
  /** Fails what is under way with `closed`; resolves when all connections are gone. */
  close(): Promise<void>;
}

/**
 * Makes a client. It connects with the first request, and anew when a connection was closed.
 *
 * @throws KmipClientError `tls-refused` when certificate or key cannot be loaded; RangeError for a number
 * out of range.
 */
export function createKmipClient(options: KmipClientOptions): KmipClient {
  const resolved = resolveOptions(options);
  const transport = createTransport(resolved, loadSecureContext(resolved.tls));
  const messenger = new Messenger(resolved, transport);
  const request: SendRequest = (operation, payload) => messenger.request(operation, payload);
  return {
    ...createNamedOperations(request),
    request,
    batch: (items, batchOptions) => messenger.batch(items, batchOptions),
    sendRaw: (message) =>
      transport.exchange({ request: message, isRepeatable: false, parse: (answer) => answer }),
    protocolVersion: () => messenger.protocolVersion(),
    close: () => transport.close(),
  };
}

interface UntypedItem {
  readonly operation: ClientOperation;
  readonly payload: unknown;
}

class Messenger {
  readonly #options: ResolvedOptions;
  readonly #transport: Transport;
  #negotiation: Promise<Version> | undefined;
  #lastId = 0;

  constructor(options: ResolvedOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
  }

  async request<O extends ClientOperation>(
    operation: O,
    payload: RequestPayload<O>,
  ): Promise<ResponsePayload<O>> {
    return this.#requestIn(await this.protocolVersion(), operation, payload);
  }

  async batch<const I extends readonly BatchRequest[]>(
    items: I,
    options: BatchOptions = {},
  ): Promise<BatchResults<I>> {
    if (items.length === 0) throw new RangeError('A batch needs at least one item');
    const results = await this.#exchange(await this.protocolVersion(), items, options);
    // `parseResponse` read each payload with the schema of the operation at its place.
    return results as readonly BatchResult[] as BatchResults<I>;
  }

  protocolVersion(): Promise<Version> {
    const { protocolVersion } = this.#options;
    if (protocolVersion !== 'negotiate') return Promise.resolve(protocolVersion);
    this.#negotiation ??= this.#negotiate();
    return this.#negotiation;
  }

  async #negotiate(): Promise<Version> {
    try {
      return await negotiateVersion((version, protocolVersion) =>
        this.#requestIn(version, 'DiscoverVersions', { protocolVersion }),
      );
    } catch (error) {
      this.#negotiation = undefined; // the next request asks again
      throw error;
    }
  }

  async #requestIn<O extends ClientOperation>(
    version: Version,
    operation: O,
    payload: RequestPayload<O>,
  ): Promise<ResponsePayload<O>> {
    const [result] = await this.#exchange(version, [{ operation, payload }], {});
    if (result?.kind === 'success') return result.payload as ResponsePayload<O>; // as in `batch`
    if (result?.kind === 'failure') throw operationFailed(operation, result);
    throw malformed('it says nothing about the operation');
  }

  async #exchange(
    version: Version,
    items: readonly UntypedItem[],
    { errorContinuation, order }: BatchOptions,
  ): Promise<readonly ItemResult[]> {
    const { maximumMessageBytes, clientCorrelationValue } = this.#options;
    const withIds = items.map((item) => ({ ...item, id: this.#nextId(items.length) }));
    const answer = await this.#transport.exchange({
      request: encodeRequest({
        version,
        items: withIds,
        maximumResponseSize: maximumMessageBytes,
        clientCorrelationValue,
        errorContinuation,
        order,
      }),
      isRepeatable: items.every(({ operation }) => isReadOperation(operation)),
      parse: (bytes) =>
        parseResponse(bytes, {
          version,
          items: withIds,
          mayStopEarly: errorContinuation !== 'Continue',
          maximumMessageBytes,
        }),
    });
    if (answer.kind === 'items') return answer.results;
    throw operationFailed(items.map(({ operation }) => operation).join(', '), answer.failure);
  }

  /**
   * Ids never repeat within a client, so that with pipelining an answer which is out of step is noticed.
   * A single item on an unshared connection needs none (1.4 §6.4).
   */
  #nextId(itemCount: number): Uint8Array | undefined {
    if (itemCount === 1 && this.#options.pipelining === 1) return undefined;
    this.#lastId = (this.#lastId + 1) % 2 ** 32;
    const id = new Uint8Array(4);
    new DataView(id.buffer).setUint32(0, this.#lastId);
    return id;
  }
}
