import type { ManagementClient } from '../../api-client/management-client.ts';
import type { RootKey } from '../../api-client/resources.ts';
import { Failure } from '../../failure.ts';

/**
 * The root key of an id, an alias or a name, in this order: only names may belong to several.
 *
 * @throws Failure `refused` when a name means several.
 */
export async function findRootKey(
  client: ManagementClient,
  which: string,
): Promise<RootKey | undefined> {
  const keys = await client.listKeys({ deletedToo: false });
  const exact = keys.find(({ id, aliases }) => id === which || aliases.includes(which));
  if (exact !== undefined) return exact;
  const [key, another, ...others] = keys.filter(({ name }) => name === which);
  if (another === undefined) return key;
  throw new Failure(
    'refused',
    `${others.length + 2} root keys are named ${JSON.stringify(which)}; name the one by its id.`,
  );
}

/** @throws Failure `refused` when there is none, or a name means several. */
export async function getRootKey(client: ManagementClient, which: string): Promise<RootKey> {
  const key = await findRootKey(client, which);
  if (key !== undefined) return key;
  throw new Failure(
    'refused',
    `There is no root key ${JSON.stringify(which)}; \`claviger key list\` shows all.`,
  );
}
