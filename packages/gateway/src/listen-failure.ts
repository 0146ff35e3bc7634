import { type Endpoint, formatEndpoint } from './config/endpoint.ts';
import { Failure } from './failure.ts';

/**
 * Why a port cannot be listened on, in words that say what to do.
 *
 * @param what - The listener, e.g. `KMIP`.
 * @param setting - What decides on the address, e.g. `--kmip (kmip.listeners[0])`.
 */
export function listenFailure(
  what: string,
  setting: string,
  endpoint: Endpoint,
  cause: unknown,
): Failure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const { port, host } = endpoint;
  const at = formatEndpoint(endpoint);
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use, perhaps by a Claviger that runs already. Stop that program, or choose another port with ${setting}`,
    EACCES: `this user may not listen on port ${port}. Choose a port from 1024, with ${setting}`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Choose another with ${setting}; 0.0.0.0 means all`,
    ENOTFOUND: `the name ${host} is not known. Choose an address with ${setting}`,
    EAI_AGAIN: `the name ${host} cannot be looked up now. Choose an address with ${setting}`,
  };
  const reason = reasons[code ?? ''] ?? `the system refused it (${code ?? 'unknown error'})`;
  return new Failure('address', `${what} cannot listen on ${at}: ${reason}.`, { cause });
}
