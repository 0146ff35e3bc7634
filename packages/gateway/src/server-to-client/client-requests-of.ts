/** Requests to clients by the KMIP client: what went wrong becomes what the server can decide on. */
import { KmipClientError, type ServerRequests } from '@claviger/kmip-client';
import type { ClientAnswer, ClientRequests } from '@claviger/kmip-server';

export function clientRequestsOf(requests: ServerRequests): ClientRequests {
  return {
    async ask(version, operation, payload) {
      try {
        return { kind: 'answered', payload: await requests.request(version, operation, payload) };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => requests.close(),
  };
}

function failureOf(error: unknown): Exclude<ClientAnswer<'Notify'>, { kind: 'answered' }> {
  if (error instanceof KmipClientError && error.code === 'operation-failed') {
    // The client's own words are not repeated: they are not fit for every place that shows an event.
    return { kind: 'refused', reason: `it answered ${error.resultReason ?? 'without a reason'}` };
  }
  // A payload that the version cannot express stays so.
  if (error instanceof TypeError) return { kind: 'refused', reason: error.message };
  return { kind: 'failed', reason: error instanceof Error ? error.message : 'it failed' };
}
