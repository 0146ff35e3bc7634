import { adapterEndpoints } from './adapters/endpoints.ts';
import type { Endpoint } from './calls/endpoint.ts';
import { certificateEndpoints } from './certificates/endpoints.ts';
import { clientEndpointEndpoints } from './clients/endpoints.ts';
import { credentialEndpoints } from './credentials/endpoints.ts';
import type { ManagementApiDependencies } from './dependencies.ts';
import { eventEndpoints } from './events/endpoints.ts';
import type { EventStreams } from './events/event-streams.ts';
import { objectEndpoints } from './objects/endpoints.ts';
import { DEFAULT_KEY_ACTION_DELAYS, type ManagementApiOptions } from './options.ts';
import { keyActionEndpoints } from './root-keys/action-endpoints.ts';
import { createKeyEndpoint } from './root-keys/create-key.ts';
import { keyReadEndpoints } from './root-keys/read-endpoints.ts';
import { registrationEndpoints } from './root-keys/registration-endpoints.ts';
import { wrapEndpoints } from './root-keys/wrap-endpoints.ts';
import { clientAuthorityEndpoints } from './trust/client-authorities.ts';
import { issueEndpoints } from './trust/issue-endpoints.ts';
import { refusedCertificateEndpoints } from './trust/refused-certificates.ts';

/** Every endpoint under `/api/v2`. */
export function allEndpoints(
  deps: ManagementApiDependencies,
  options: ManagementApiOptions,
  streams: EventStreams,
): readonly Endpoint[] {
  const rules = { allowWeakCertificates: options.allowWeakCertificates ?? false };
  const delays = options.keyActionDelays ?? DEFAULT_KEY_ACTION_DELAYS;
  return [
    ...adapterEndpoints(deps),
    ...certificateEndpoints(deps, rules),
    ...credentialEndpoints(deps),
    ...objectEndpoints(deps),
    ...clientEndpointEndpoints(deps),
    createKeyEndpoint(deps, options),
    ...keyReadEndpoints(deps, options),
    ...keyActionEndpoints(deps, options, delays),
    ...wrapEndpoints(deps),
    ...registrationEndpoints(deps),
    ...refusedCertificateEndpoints(deps, rules),
    ...clientAuthorityEndpoints(deps, rules),
    ...eventEndpoints(deps, streams),
    ...(options.clientCertificates === undefined
      ? []
      : issueEndpoints(deps, options.clientCertificates)),
  ];
}
