import type { ManagementClient } from '../../api-client/management-client.ts';
import type { ClientEndpoint } from '../../api-client/resources.ts';
import { Failure } from '../../failure.ts';

/**
 * The client endpoint of an adapter that was named, or its only one.
 *
 * @param address - `host:port`.
 * @throws Failure `refused` when there is none, or several and none was named.
 */
export async function findEndpoint(
  client: Pick<ManagementClient, 'listClientEndpoints'>,
  adapter: string,
  address: string | undefined,
): Promise<ClientEndpoint> {
  const endpoints = await client.listClientEndpoints(adapter);
  const fitting = endpoints.filter((one) => address === undefined || one.address === address);
  const [found, another] = fitting;
  if (found !== undefined && (another === undefined || address !== undefined)) return found;
  throw new Failure(
    'refused',
    found === undefined
      ? 'The settings name no such client of the adapter; `claviger client-endpoint list` shows all.'
      : 'The adapter has several clients; name one with --address HOST:PORT.',
  );
}
