/**
 * Values that a request leaves to an item before it (2.1 §4.58, §7.9): a Unique Identifier or Data as an
 * Enumeration, which names the operation that gave it, or as an Integer, which counts those that were given.
 * They are put in place before the item is read, so that no operation knows of them.
 */

import {
  ClavigerError,
  ENUMERATIONS,
  isAtLeast,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';

/** What an item of the message that succeeded has answered. */
export interface EarlierAnswer {
  readonly operation: string;
  readonly payload: TtlvItem;
}

/** Where a name looks: at the newest answer to an operation, in a field of it. */
interface Source {
  readonly operation: string;
  readonly tag: number;
}

const IDENTIFIER_TAGS: readonly number[] = [
  TAGS.UniqueIdentifier,
  TAGS.PrivateKeyUniqueIdentifier,
  TAGS.PublicKeyUniqueIdentifier,
];
/** Places where an identifier of an object may stand as such a reference. */
const REFERRING_TAGS: readonly number[] = [TAGS.UniqueIdentifier, TAGS.LinkedObjectIdentifier];
const DATA_TAGS: readonly number[] = [TAGS.Data, TAGS.MACData, TAGS.SignatureData];

/** Names that are not those of their operations; of a key pair without more the private key is meant. */
const NAMED_OTHERWISE: Readonly<Record<string, Source>> = {
  CreateKeyPair: { operation: 'CreateKeyPair', tag: TAGS.PrivateKeyUniqueIdentifier },
  CreateKeyPairPrivateKey: { operation: 'CreateKeyPair', tag: TAGS.PrivateKeyUniqueIdentifier },
  CreateKeyPairPublicKey: { operation: 'CreateKeyPair', tag: TAGS.PublicKeyUniqueIdentifier },
  ReKeyKeyPair: { operation: 'ReKeyKeyPair', tag: TAGS.PrivateKeyUniqueIdentifier },
  ReKeyKeyPairPrivateKey: { operation: 'ReKeyKeyPair', tag: TAGS.PrivateKeyUniqueIdentifier },
  ReKeyKeyPairPublicKey: { operation: 'ReKeyKeyPair', tag: TAGS.PublicKeyUniqueIdentifier },
  MACMACData: { operation: 'MAC', tag: TAGS.MACData },
  SignSignatureData: { operation: 'Sign', tag: TAGS.SignatureData },
};

/**
 * A payload with the values in the place of its references. The ID Placeholder stays where it names the object of
 * the operation; a Link is kept, and needs the identifier itself.
 *
 * @param earlier - In the order of the items.
 * @param idPlaceholder - Its value; none where it has none.
 * @throws ClavigerError `invalid-field` when nothing before has given such a value.
 */
export function withoutReferences(
  payload: TtlvItem,
  earlier: readonly EarlierAnswer[],
  version: Version,
  idPlaceholder?: string | null,
): TtlvItem {
  if (!isAtLeast(version, '2.0')) return payload;
  return resolve(payload, earlier, idPlaceholder ?? undefined);
}

function resolve(
  item: TtlvItem,
  earlier: readonly EarlierAnswer[],
  idPlaceholder: string | undefined,
): TtlvItem {
  const { tag } = item;
  if (item.type === 'Structure') {
    return { ...item, value: item.value.map((child) => resolve(child, earlier, idPlaceholder)) };
  }
  if (!REFERRING_TAGS.includes(tag) && tag !== TAGS.Data) return item;
  if (item.type === 'Integer') {
    const given = earlier.flatMap(({ payload }) =>
      childrenOf(payload, tag === TAGS.Data ? DATA_TAGS : IDENTIFIER_TAGS),
    );
    return { ...found(given.at(item.value)), tag };
  }
  if (item.type !== 'Enumeration') return item;
  const name = nameOf(tag === TAGS.Data ? 'Data' : 'UniqueIdentifier', item.value);
  if (name === 'IDPlaceholder') {
    if (tag === TAGS.UniqueIdentifier) return item;
    return found(idPlaceholder === undefined ? undefined : textItem(tag, idPlaceholder));
  }
  const given = tag === TAGS.Data ? tag : TAGS.UniqueIdentifier;
  const source = NAMED_OTHERWISE[name] ?? { operation: name, tag: given };
  const answer = earlier.findLast(({ operation }) => operation === source.operation);
  const [value] = answer === undefined ? [] : childrenOf(answer.payload, [source.tag]);
  return { ...found(value), tag };
}

function textItem(tag: number, value: string): TtlvItem {
  return { tag, type: 'TextString', value };
}

function nameOf(enumeration: 'Data' | 'UniqueIdentifier', number: number): string {
  const entries = Object.entries(ENUMERATIONS[enumeration].values);
  return entries.find(([, value]) => value === number)?.[0] ?? '';
}

function childrenOf(payload: TtlvItem, tags: readonly number[]): readonly TtlvItem[] {
  return payload.type === 'Structure' ? payload.value.filter(({ tag }) => tags.includes(tag)) : [];
}

function found(value: TtlvItem | undefined): TtlvItem {
  if (value !== undefined) return value;
  throw new ClavigerError(
    'invalid-field',
    'a value is left to another batch item, and none before this one has given it',
  );
}
