import type { AdapterRecord } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import type { Installation } from '../installation.ts';
import { type Administrator, type Deed, recordFailure } from './administrator.ts';

/** What events call an adapter. */
export const ADAPTER_RESOURCE = 'kmip_adapter';

/**
 * Finds an adapter for an action; that there is none is on the record.
 *
 * @throws ClavigerError `item-not-found`.
 */
export async function findAdapter(
  installation: Installation,
  administrator: Administrator,
  idOrName: string,
  verb: 'create' | 'delete' | 'list' | 'read',
  resourceType: string = ADAPTER_RESOURCE,
): Promise<AdapterRecord> {
  const adapter = await installation.store.findAdapter(idOrName);
  if (adapter !== undefined) return adapter;
  const error = new ClavigerError(
    'item-not-found',
    `There is no adapter ${JSON.stringify(idOrName)}; \`claviger adapter list\` shows all.`,
  );
  const deed: Deed = {
    action: `hs-crypto.kmip-management.${verb}`,
    target: { kind: 'instance' },
    requestData: { resourceType },
  };
  await recordFailure(installation, administrator, [deed], error);
  throw error;
}
