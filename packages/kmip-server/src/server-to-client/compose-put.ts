/**
 * The Put of an object (1.4 §5.2, 2.1 §6.2.3): the object as it is kept, with its attributes, under the rules of
 * Get: a sensitive object leaves wrapped or not at all, and one that is not extractable never does.
 */

import type { Attribution, Change, Guard } from '@claviger/key-store';
import {
  ClavigerError,
  decodeStoredObject,
  type ManagedObject as ProtocolObject,
} from '@claviger/kmip-protocol';
import { rootKeyUnusable } from '../batch/item-context.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { stateAt } from '../lifecycle/state.ts';
import { adapterKeyOf, materialPlace } from '../objects/adapter-key.ts';
import { assertGivable, assertNotSensitive, handedOut } from '../objects/given-object.ts';
import { isWrapped, keyBlockOf } from '../objects/key-material.ts';
import {
  fromRecord,
  instancesOf,
  type ManagedObject,
  toRecord,
} from '../objects/managed-object.ts';
import type { AuditSubject } from '../operations/operation-handler.ts';
import type { ClientRecord } from '../principal.ts';
import type { AskedPayload } from './client-requests.ts';

/** What has to be durable before the payload leaves, and the payload. */
export interface ComposedPut {
  readonly payload: AskedPayload<'Put'>;
  readonly subject: AuditSubject;
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  /** Overwrites the material in the payload. */
  wipe(): void;
}

/**
 * @param keys - By which the object is opened.
 * @param by - To whom it is put down that the object was handed out.
 * @throws ClavigerError `item-not-found`, `root-key-unusable`, and those of `assertGivable` and
 * `assertNotSensitive`.
 */
export async function composePut(
  { clock, keys, store }: Pick<KmipServerDependencies, 'clock' | 'keys' | 'store'>,
  { adapter, rootKey }: Pick<ClientRecord, 'adapter' | 'rootKey'>,
  objectId: string,
  by: Attribution,
): Promise<ComposedPut> {
  const record = await store.readObject(adapter.id, objectId);
  if (record === undefined) {
    throw new ClavigerError('item-not-found', 'the object is not there any more');
  }
  const object = fromRecord(record);
  if (object.owner !== undefined) {
    // Nobody shows a credential here, and so it belongs to nobody who could be asked (1.4 §3.18.2).
    throw new ClavigerError('permission-denied', 'the object belongs to a credential');
  }
  const { id, material, objectType } = object;
  const state = stateAt(object, Math.floor(clock.now() / 1000));
  assertGivable({ object, state });
  if (rootKey.state !== 'enabled') throw rootKeyUnusable();
  if (material === null) throw new ClavigerError('material-destroyed', 'the object is destroyed');
  const key = keys.open(adapterKeyOf(adapter, rootKey), material, materialPlace(id));
  const wipe = () => key.wipe();
  try {
    // The payload has views of the opened bytes: they are wiped together.
    const stored = key.use((bytes) => decodeStoredObject(bytes));
    if (!isConcealed(stored)) assertNotSensitive(object);
    return {
      payload: {
        uniqueIdentifier: id,
        ...putFunctionOf(object),
        ...stored,
        attributes: currentAttributes(object, state),
      },
      subject: { id, objectType, state },
      changes: handedOut(object).map((after) => ({
        kind: 'update-object',
        object: toRecord(after),
        by,
      })),
      guards: [{ kind: 'root-key-enabled', rootKeyId: rootKey.id }],
      wipe,
    };
  } catch (error) {
    wipe();
    throw error;
  }
}

/** Wrapped by a key of the client, as it was registered. */
function isConcealed(stored: ProtocolObject): boolean {
  const block = keyBlockOf(stored);
  return block !== undefined && isWrapped(block);
}

/** An object that was made in the place of another says so by a Link. */
function putFunctionOf(
  object: ManagedObject,
): Pick<AskedPayload<'Put'>, 'putFunction' | 'replacedUniqueIdentifier'> {
  for (const link of instancesOf(object, { kind: 'standard', name: 'Link' })) {
    if (link.kind !== 'standard' || link.name !== 'Link') continue;
    const { linkType, linkedObjectIdentifier } = link.value;
    if (linkType === 'ReplacedObjectLink' && typeof linkedObjectIdentifier === 'string') {
      return { putFunction: 'Replace', replacedUniqueIdentifier: linkedObjectIdentifier };
    }
  }
  return { putFunction: 'New', replacedUniqueIdentifier: undefined };
}
