import type { ManagementClient } from '../api-client/management-client.ts';
import type { Adapter } from '../api-client/resources.ts';

/** The adapter that was named (id or name), or all of them. */
export async function namedAdapters(
  client: ManagementClient,
  adapter: string | undefined,
): Promise<readonly Adapter[]> {
  return adapter === undefined ? await client.listAdapters() : [await client.readAdapter(adapter)];
}

/** What one adapter or all of them hold, each with the id and name of its adapter. */
export async function ofAdapters<T>(
  client: ManagementClient,
  adapter: string | undefined,
  listOf: (adapterId: string) => Promise<readonly T[]>,
): Promise<readonly (T & { readonly adapterId: string; readonly adapterName: string })[]> {
  const found = [];
  for (const { id, name } of await namedAdapters(client, adapter)) {
    found.push(...(await listOf(id)).map((one) => ({ ...one, adapterId: id, adapterName: name })));
  }
  return found;
}
