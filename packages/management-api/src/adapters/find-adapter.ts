import type { AdapterRecord, KeyStore } from '@claviger/key-store';
import type { Call } from '../calls/call.ts';
import { ApiError } from '../errors/api-error.ts';

/**
 * The adapter of an id or name, and notes it for the event.
 *
 * @throws ApiError `KMIP_ADAPTER_NOT_FOUND_ERR`.
 */
export async function findAdapter(
  store: Pick<KeyStore, 'findAdapter'>,
  call: Call,
  idOrName: string,
): Promise<AdapterRecord> {
  const adapter = await store.findAdapter(idOrName);
  if (adapter === undefined) throw adapterNotFound();
  call.tell({ adapterId: adapter.id });
  return adapter;
}

export function adapterNotFound(): ApiError {
  return new ApiError(
    'KMIP_ADAPTER_NOT_FOUND_ERR',
    'There is no KMIP adapter of this id or name; list the adapters to see all.',
  );
}
