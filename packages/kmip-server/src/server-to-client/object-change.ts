/** What a message has changed of an object, and how Notify tells of it (1.4 §5.1, 2.1 §6.2.2). */

import { isDeepStrictEqual } from 'node:util';
import {
  type Attribute,
  type AttributeReference,
  attribute,
  type NotifiedAttributes,
} from '@claviger/kmip-protocol';
import { currentAttributes } from '../lifecycle/current-attributes.ts';
import { stateAt } from '../lifecycle/state.ts';
import { attributeKey } from '../objects/attribute-key.ts';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';

export interface ObjectChange {
  /** Undefined for an object that was made. */
  readonly before: ManagedObject | undefined;
  readonly after: ManagedObject;
}

/** Which changes a client wants to know. */
export type NotifiedChanges = 'all' | 'state' | 'none';

/**
 * The attributes to tell of; undefined when there is nothing that the client wants to know. Last Change Date is
 * always among them.
 *
 * @param nowSeconds - The State of an object follows its dates.
 */
export function notifiedAttributesOf(
  { before, after }: ObjectChange,
  wanted: NotifiedChanges,
  nowSeconds: number,
): NotifiedAttributes | undefined {
  if (before === undefined || wanted === 'none') return undefined;
  const old = byInstance(before, nowSeconds);
  const current = byInstance(after, nowSeconds);
  const changed = [...current].flatMap(([key, candidate]) =>
    isDeepStrictEqual(old.get(key)?.value, candidate.value) ? [] : [candidate],
  );
  const deleted = [...old].flatMap(([key, gone]) => (current.has(key) ? [] : [referenceTo(gone)]));
  const isWanted = (name: string) => name === 'State' || name === 'LastChangeDate';
  const told = wanted === 'all' ? changed : changed.filter(({ name }) => isWanted(name));
  const isNews =
    wanted === 'all'
      ? changed.length + deleted.length > 0
      : told.some(({ kind, name }) => kind === 'standard' && name === 'State');
  if (!isNews) return undefined;
  return {
    changed: withLastChange(told, after, nowSeconds),
    deleted: wanted === 'all' ? deleted : [],
  };
}

function withLastChange(
  told: readonly Attribute[],
  after: ManagedObject,
  nowSeconds: number,
): readonly Attribute[] {
  if (told.some(({ kind, name }) => kind === 'standard' && name === 'LastChangeDate')) return told;
  const date = attributeValue(after, 'LastChangeDate') ?? nowSeconds;
  return [...told, attribute('LastChangeDate', date)];
}

function byInstance(object: ManagedObject, nowSeconds: number): ReadonlyMap<string, Attribute> {
  const attributes = currentAttributes(object, stateAt(object, nowSeconds));
  return new Map(attributes.map((each) => [`${attributeKey(each)}[${each.index}]`, each]));
}

function referenceTo(gone: Attribute): AttributeReference & { readonly index: number } {
  const { index } = gone;
  return gone.kind === 'standard'
    ? { kind: 'standard', name: gone.name, index }
    : {
        kind: 'vendor',
        vendorIdentification: gone.vendorIdentification,
        name: gone.name,
        index,
      };
}
