import type { ManagementClient } from '../../api-client/management-client.ts';
import type { Adapter } from '../../api-client/resources.ts';
import { Failure } from '../../failure.ts';

/**
 * The adapter that holds an object.
 *
 * @throws Failure `refused` when none does.
 */
export async function findHolder(client: ManagementClient, objectId: string): Promise<Adapter> {
  const adapter = await client.findAdapterOfObject(objectId);
  if (adapter !== undefined) return adapter;
  throw new Failure(
    'refused',
    `There is no object ${JSON.stringify(objectId)}; \`claviger object list\` shows the newest.`,
  );
}
