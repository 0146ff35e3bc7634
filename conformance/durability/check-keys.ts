/** Compares the keys that a gateway has with what was acknowledged of them. */

import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import type { Attribute } from '@claviger/kmip-protocol';
import { digestOf, idOf } from './actions.ts';
import { describe } from './check-log.ts';
import type { TrackedKey } from './tracked-key.ts';

/** All of Storage Status Mask: also the destroyed ones, since KMIP 2.0. */
const ANY_STORAGE = 7;
const PAGE = 5000;
const AT_A_TIME = 32;

/** Every identifier in the adapter. @param client - Of KMIP 2.0 or later. */
export async function locateAll(client: KmipClient): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let offset = 0; ; offset += PAGE) {
    const page = await client.locate({
      storageStatusMask: ANY_STORAGE,
      maximumItems: PAGE,
      offsetItems: offset,
    });
    for (const id of page) ids.add(id);
    if (page.length < PAGE) return ids;
  }
}

/** Reads keys back and says what is wrong with them. The reads are added to their events. */
export async function checkKeys(
  client: KmipClient,
  keys: readonly TrackedKey[],
): Promise<string[]> {
  const waiting = [...keys];
  const problems: string[] = [];
  async function work(): Promise<void> {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      problems.push(...(await checkKey(client, key)));
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return problems;
}

async function checkKey(client: KmipClient, key: TrackedKey): Promise<string[]> {
  const attributes = await client.getAttributes(idOf(key));
  key.events.push('hs-crypto.kmip-key-attributes.retrieve success');
  const digest = await digestOfMaterial(client, key);
  key.events.push(`hs-crypto.kmip-key.read ${digest === undefined ? 'failure' : 'success'}`);

  const { name, state, marks } = key;
  const isDestroyed = state === 'Destroyed' || state === 'DestroyedCompromised';
  const expected = isDestroyed ? undefined : (key.digest ?? digestIn(attributes));
  const comparisons: readonly (readonly [what: string, found: unknown, expected: unknown])[] = [
    ['Name', nameIn(attributes), name],
    ['State', stateIn(attributes), state],
    ['x-Mark', marksIn(attributes).join(), marks.join()],
    ['digest of the key', digest, expected],
    ['Digest', digestIn(attributes), key.digest ?? digestIn(attributes)],
  ];
  key.digest ??= digest;
  return comparisons.flatMap(([what, found, wanted]) =>
    found === wanted ? [] : [`${describe(key)}: ${what} is ${found}, not ${wanted}.`],
  );
}

/** Undefined when the server says that there is no material. */
async function digestOfMaterial(client: KmipClient, key: TrackedKey): Promise<string | undefined> {
  try {
    return digestOf((await client.get(idOf(key))).material);
  } catch (error) {
    if (error instanceof KmipClientError && error.code === 'operation-failed') return undefined;
    throw error;
  }
}

function nameIn(attributes: readonly Attribute[]): string | undefined {
  for (const found of attributes) {
    if (found.kind === 'standard' && found.name === 'Name') return found.value.nameValue;
  }
  return undefined;
}

function stateIn(attributes: readonly Attribute[]): string | undefined {
  for (const found of attributes) {
    if (found.kind === 'standard' && found.name === 'State') return found.value;
  }
  return undefined;
}

function digestIn(attributes: readonly Attribute[]): string | undefined {
  for (const found of attributes) {
    if (found.kind !== 'standard' || found.name !== 'Digest') continue;
    return Buffer.from(found.value.digestValue ?? []).toString('hex');
  }
  return undefined;
}

function marksIn(attributes: readonly Attribute[]): string[] {
  return attributes
    .filter((found) => found.kind === 'vendor' && found.name === 'Mark')
    .sort((left, right) => left.index - right.index)
    .map(({ value }) => (typeof value === 'object' && 'value' in value ? String(value.value) : ''));
}
