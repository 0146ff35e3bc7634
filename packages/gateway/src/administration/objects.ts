import type { ObjectRecord } from '@claviger/key-store';
import { type Attribute, ClavigerError, decodeStoredAttributes } from '@claviger/kmip-protocol';
import { type State, stateAt } from '@claviger/kmip-server';
import type { Installation } from '../installation.ts';
import { type Administrator, commitDeeds, type Deed, recordFailure } from './administrator.ts';
import { findAdapter } from './find-adapter.ts';

/** A managed object as administrators see it: everything but its material. */
export interface ObjectView {
  readonly id: string;
  readonly adapterId: string;
  readonly objectType: string;
  readonly version: number;
  /** As it is now: stored states move on by the dates that have passed. */
  readonly state: State;
  readonly attributes: readonly Attribute[];
  readonly hasMaterial: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const RESOURCE_TYPE = 'kmip_object';

/**
 * Objects, newest first, of one adapter or of all.
 *
 * @throws ClavigerError `item-not-found` when an adapter is named that is not there.
 */
export async function listObjects(
  installation: Installation,
  administrator: Administrator,
  query: { readonly adapter?: string | undefined; readonly limit: number },
): Promise<readonly ObjectView[]> {
  const adapter =
    query.adapter === undefined
      ? undefined
      : await findAdapter(installation, administrator, query.adapter, 'list', RESOURCE_TYPE);
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    adapterId: adapter?.id,
    requestData: { resourceType: RESOURCE_TYPE },
  };
  const { store, ambient } = installation;
  const objects = await store.listObjects(adapter?.id, { offset: 0, limit: query.limit });
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return objects.map((object) => toView(object, ambient.clock.now()));
}

/**
 * One object, whichever adapter it belongs to.
 *
 * @throws ClavigerError `item-not-found`.
 */
export async function readObject(
  installation: Installation,
  administrator: Administrator,
  id: string,
): Promise<ObjectView> {
  const { ambient } = installation;
  const record = await findObject(installation, id);
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.read',
    target:
      record === undefined
        ? { kind: 'instance' }
        : { kind: 'resource', resourceType: RESOURCE_TYPE, id },
    adapterId: record?.adapterId,
    requestData: { resourceType: RESOURCE_TYPE },
    responseData: record === undefined ? {} : { kmipObjectId: id },
  };
  if (record === undefined) {
    const error = new ClavigerError(
      'item-not-found',
      `There is no object ${JSON.stringify(id)}; \`claviger object list\` shows the newest.`,
    );
    await recordFailure(installation, administrator, [deed], error);
    throw error;
  }
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return toView(record, ambient.clock.now());
}

/** The store finds objects within an adapter only, on purpose; there are few adapters. */
async function findObject({ store }: Installation, id: string): Promise<ObjectRecord | undefined> {
  for (const adapter of await store.listAdapters()) {
    const object = await store.readObject(adapter.id, id);
    if (object !== undefined) return object;
  }
  return undefined;
}

function toView(record: ObjectRecord, nowMs: number): ObjectView {
  const attributes = decodeStoredAttributes(record.attributes);
  const { id, adapterId, objectType, version, createdAt } = record;
  return {
    id,
    adapterId,
    objectType,
    version,
    state: stateAt({ attributes }, Math.floor(nowMs / 1000)),
    attributes,
    hasMaterial: record.material !== null,
    createdAt,
  };
}
