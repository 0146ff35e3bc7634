export type {
  ClientEndpoints,
  ClientQuestion,
  ClientReply,
  KnownClientEndpoint,
} from './clients/client-endpoints.ts';
export type {
  CredentialAdapterKey,
  CredentialMaker,
  CredentialWish,
  DeviceNames,
  MadeCredential,
} from './credentials/credential-maker.ts';
export type {
  Clock,
  Logger,
  ManagedObjects,
  ManagementApiDependencies,
  Randomness,
} from './dependencies.ts';
export { ApiError } from './errors/api-error.ts';
export { API_ERRORS, type ApiErrorCode } from './errors/api-errors.ts';
export { type NewApiKey, newApiKey } from './identity/api-key.ts';
export type { ExternalIssuerOptions } from './identity/external-issuer.ts';
export { DEFAULT_LOGIN_LIMITS, type LoginLimits } from './identity/login-limiter.ts';
export { isRole, mayDo, RIGHTS, type Right, ROLES, type Role } from './identity/roles.ts';
export { serviceIdOf, type TokenSigningKey } from './identity/token-issuer.ts';
export {
  type AnsweredRequest,
  type BegunRequest,
  DEFAULT_KEY_ACTION_DELAYS,
  type InstanceOptions,
  type KeyActionDelays,
  type ManagementApiOptions,
  type RequestWatch,
  type TlsMaterial,
} from './options.ts';
export type { HealthHandlers } from './server/health-routes.ts';
export { MAX_API_CONNECTIONS } from './server/http-server.ts';
export {
  createManagementApi,
  type LocalAnswer,
  type LocalCall,
  type ManagementApi,
} from './server/management-api.ts';
export type { ClientCertificateIssuer } from './trust/issue-endpoints.ts';
