/** Requests that an operator has sent to a client endpoint of the settings: questions, and objects. */

import type { AdapterRecord, KeyStore } from '@claviger/key-store';
import { ClavigerError, type QueryFunction, type Version } from '@claviger/kmip-protocol';
import { rootKeyUnusable } from '../batch/item-context.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { stateAt } from '../lifecycle/state.ts';
import { fromRecord } from '../objects/managed-object.ts';
import type { ClientEndpoint, EndpointSettings } from './client-endpoint.ts';
import type { ClientAnswer } from './client-requests.ts';
import type { Told } from './request-record.ts';

export interface ConfiguredClient {
  readonly settings: EndpointSettings;
  readonly endpoint: ClientEndpoint;
}

/** Which endpoint is meant, and how the request is told of. */
export interface OperatorRequest {
  readonly adapter: AdapterRecord;
  /** `kmip://host:port`, as {@link OperatorRequests.endpointsOf} says it. */
  readonly requestURI: string;
  /** Default: that of the settings; 1.4 without it, which every endpoint of today reads. */
  readonly version?: Version | undefined;
  /** Of the call of the operator: its event and those of the request share it. */
  readonly correlationId: string;
  /** The operator, as changes are put down to. */
  readonly actor: string;
}

export interface OperatorRequests {
  /** Of one adapter, in the order of the settings. */
  endpointsOf(adapter: Pick<AdapterRecord, 'id' | 'name'>): readonly EndpointSettings[];
  /**
   * Query (1.4 §5.3, 2.1 §6.2.4), once.
   *
   * @throws ClavigerError `item-not-found` when there is no such endpoint; `unavailable`, `internal` when it could
   * not be recorded: nothing was sent.
   */
  query(
    request: OperatorRequest,
    functions: readonly QueryFunction[],
  ): Promise<ClientAnswer<'Query'>>;
  /** Discover Versions (2.1 §6.2.1; 1.4 has it by its test cases) without a list of one's own, once. @throws as `query`. */
  discoverVersions(request: OperatorRequest): Promise<ClientAnswer<'DiscoverVersions'>>;
  /**
   * Put (1.4 §5.2, 2.1 §6.2.3), once, under the rules of Get.
   *
   * @throws as `query`; those of `composePut`, when the object may not leave.
   */
  put(request: OperatorRequest, objectId: string): Promise<ClientAnswer<'Put'>>;
}

const DEFAULT_VERSION: Version = '1.4';

export function createOperatorRequests(
  {
    clock,
    store,
  }: Pick<KmipServerDependencies, 'clock'> & {
    readonly store: Pick<KeyStore, 'findRootKey' | 'readObject'>;
  },
  configured: readonly ConfiguredClient[],
): OperatorRequests {
  const ofAdapter = ({ id, name }: Pick<AdapterRecord, 'id' | 'name'>) =>
    configured.filter(({ settings }) => settings.adapter === id || settings.adapter === name);

  function find({ adapter, requestURI }: OperatorRequest): ConfiguredClient {
    const found = ofAdapter(adapter).find(({ settings }) => settings.requestURI === requestURI);
    if (found !== undefined) return found;
    throw new ClavigerError('item-not-found', 'the adapter has no client endpoint of this address');
  }

  function toldOf<O extends Told['operation']>(
    { adapter, version, correlationId }: OperatorRequest,
    settings: EndpointSettings,
    operation: O,
    subject: Told['subject'] = undefined,
  ): Told {
    return {
      adapterId: adapter.id,
      version: version ?? settings.version ?? DEFAULT_VERSION,
      operation,
      correlationId,
      subject,
    };
  }

  return {
    endpointsOf: (adapter) => ofAdapter(adapter).map(({ settings }) => settings),

    async query(request, functions) {
      const { settings, endpoint } = find(request);
      const payload = { queryFunction: [...functions] };
      return await endpoint.askOnce(toldOf(request, settings, 'Query'), 'Query', { payload });
    },

    async discoverVersions(request) {
      const { settings, endpoint } = find(request);
      const told = toldOf(request, settings, 'DiscoverVersions');
      const payload = { protocolVersion: [] };
      return await endpoint.askOnce(told, 'DiscoverVersions', { payload });
    },

    async put(request, objectId) {
      const { settings, endpoint } = find(request);
      const { adapter, actor } = request;
      const record = await store.readObject(adapter.id, objectId);
      if (record === undefined) {
        throw new ClavigerError('item-not-found', 'the adapter has no object of this identifier');
      }
      const object = fromRecord(record);
      const state = stateAt(object, Math.floor(clock.now() / 1000));
      const subject = { id: object.id, objectType: object.objectType, state };
      const putter = async () => {
        const rootKey = await store.findRootKey(adapter.rootKeyId);
        if (rootKey === undefined) throw rootKeyUnusable();
        return { keys: { adapter, rootKey }, by: { at: clock.now(), actor } };
      };
      return await endpoint.askOnce(toldOf(request, settings, 'Put', subject), 'Put', { putter });
    },
  };
}
