export type { BatchOptions, BatchResult, BatchResults } from './batch.ts';
export {
  type CreateArguments,
  createPayload,
  getAttributesPayload,
  type KeyUsage,
  type LocateArguments,
  locatePayload,
  nameAttribute,
  type RevokeArguments,
  revokePayload,
} from './build-payload.ts';
export { createKmipClient, type KmipClient } from './client.ts';
export {
  KMIP_CLIENT_ERROR_CODES,
  KmipClientError,
  type KmipClientErrorCode,
  type OperationFailure,
} from './error.ts';
export type { GetArguments, NamedOperations } from './named-operations.ts';
export type { KmipClientOptions, KmipTlsOptions, Pem, TracedMessage } from './options.ts';
export type {
  BatchRequest,
  ClientOperation,
  PolledAnswer,
  RequestPayload,
  ResponsePayload,
  ServerOperation,
} from './payloads.ts';
export type { RetrievedObject } from './retrieved-object.ts';
export {
  createServerRequests,
  type ServerRequests,
  type ServerRequestsOptions,
  serverRequestsOver,
} from './server-requests.ts';
