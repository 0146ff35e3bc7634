/** What a gateway has after a restart, against what was acknowledged before it was killed. */

import type { KmipClient } from '@claviger/kmip-client';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, runClaviger } from '../gateway-process.ts';
import { checkKeys, locateAll } from './check-keys.ts';
import { checkEvents, describe, type LogCopy, readOn } from './check-log.ts';
import type { TrackedKey } from './tracked-key.ts';

export interface Comparison {
  /** The keys that exist: those of the ledger, less the ones whose Create never happened. */
  readonly keys: TrackedKey[];
  /** Messages that were under way and turn out to have been committed. */
  readonly committedUnderWay: number;
  /** What is missing or wrong, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Compares log and keys. What was under way is settled in the ledger, as the log has it.
 *
 * @param copy - The log so far; what is new is added.
 * @param isReadBack - Which keys are read, besides being looked for.
 */
export async function compare(
  gateway: GatewayProcess,
  copy: LogCopy,
  ledger: readonly TrackedKey[],
  isReadBack: (key: TrackedKey) => boolean,
): Promise<Comparison> {
  const client = clientOf(gateway, undefined, { maxConnections: 8, pipelining: 4 });
  // KMIP 1.x has no word for destroyed objects in a search.
  const searching = clientOf(gateway, undefined, { protocolVersion: '2.1' });
  try {
    const gaps = await readOn(copy, gateway.dataDirectory);
    await identify(client, ledger);
    const settled = ledger.map((key) => checkEvents(key, copy.byKey.get(key.id ?? '') ?? []));
    const keys = ledger.filter(({ state }) => state !== undefined);
    const problems = [
      ...gaps,
      ...settled.flatMap(({ problem }) => problem ?? []),
      ...strangers(keys, copy.byKey.keys(), 'The log tells of'),
      ...(await checkStored(searching, keys)),
      ...(await checkWhole(gateway.dataDirectory)),
    ];
    // Reading back adds events, so it is left alone once something is wrong.
    if (problems.length === 0) problems.push(...(await checkKeys(client, keys.filter(isReadBack))));
    return {
      keys,
      committedUnderWay: settled.filter(({ wasCommitted }) => wasCommitted).length,
      problems,
    };
  } finally {
    await Promise.all([client.close(), searching.close()]);
  }
}

/** Finds the objects of Creates whose answers never came, by their Names. */
async function identify(client: KmipClient, ledger: readonly TrackedKey[]): Promise<void> {
  for (const key of ledger) {
    if (key.id === undefined) [key.id] = await client.locate({ name: key.name });
  }
}

async function checkStored(client: KmipClient, keys: readonly TrackedKey[]): Promise<string[]> {
  const stored = await locateAll(client);
  return [
    ...keys.flatMap((key) => (stored.has(key.id ?? '') ? [] : [`${describe(key)} is lost.`])),
    ...strangers(keys, stored, 'There is, without an event of its creation,'),
  ];
}

/** The log proves itself after each kill: what was sealed is still there, as it was. */
async function checkWhole(dataDirectory: string): Promise<string[]> {
  const verified = await runClaviger(['audit', 'verify', '--data-dir', dataDirectory]);
  return verified.exitCode === 0
    ? []
    : [`The log is not whole (${verified.exitCode}): ${verified.stdout}${verified.stderr}`];
}

function strangers(keys: readonly TrackedKey[], ids: Iterable<string>, where: string): string[] {
  const known = new Set(keys.map(({ id }) => id));
  return [...ids].flatMap((id) => (known.has(id) ? [] : [`${where} the object ${id}.`]));
}
