export {
  type CredentialMaker,
  type CredentialWishes,
  createCredentialMaker,
  type NewCredentialSecrets,
} from './credentials/new-credential.ts';
export type { Clock, KmipServerDependencies, Logger, Randomness } from './dependencies.ts';
export { type State, stateAt } from './lifecycle/state.ts';
export { DEFAULT_KMIP_SERVER_LIMITS, type KmipServerLimits } from './limits.ts';
export { type StoredObjects, storedObjects } from './objects/stored-objects.ts';
export type {
  BegunMessage,
  KmipServerObserver,
  MessageWatch,
  ObservedHandshake,
  ObservedItem,
  ObservedMessage,
} from './observer.ts';
export { HANDLED_OPERATIONS } from './operations/index.ts';
export type { ServerIdentity } from './operations/operation-handler.ts';
export { REFUSAL_WORDS, type RefusalReason } from './principal.ts';
export { RESULT_REASONS, resultReason } from './result-reason.ts';
export {
  createKmipServer,
  type KmipServer,
  type KmipServerOptions,
  type ListeningAddress,
} from './server.ts';
export type { EndpointSettings } from './server-to-client/client-endpoint.ts';
export type {
  AskedOperation,
  AskedPayload,
  ClientAnswer,
  ClientRequests,
} from './server-to-client/client-requests.ts';
export type { NotifiedChanges } from './server-to-client/object-change.ts';
export type { OperatorRequest, OperatorRequests } from './server-to-client/operator-requests.ts';
export {
  type ConfiguredEndpoint,
  createServerToClient,
  type ServerToClient,
  type ServerToClientOptions,
} from './server-to-client/server-to-client.ts';
export type { HandshakeFailureKind } from './transport/handshake-failure.ts';
export { type ProxyFault, type ProxyHeader, readProxyHeader } from './transport/proxy-protocol.ts';
export type { SuiteB, TlsIdentity } from './transport/tls-options.ts';
