import {
  type BundleSource,
  checkpointsOf,
  formatCheckpointLine,
  formatPart,
  fullSubtrees,
  HASH_BYTES,
  hashSlices,
  type KeptCheckpoint,
  linesOf,
} from '@claviger/audit-log';
import type { KeyStore } from '@claviger/key-store';
import { Failure } from '../failure.ts';
import { createLogStore, LOG_KEY_SETTING } from './log-store.ts';

/**
 * The log of a store, to be verified as an export: up to the newest checkpoint.
 *
 * @param maxEvents - The newest events, from a checkpoint on; all of them unless told.
 * @throws Failure `data` when there is no checkpoint yet.
 */
export async function createStoreSource(
  store: KeyStore,
  { maxEvents = Infinity }: { readonly maxEvents?: number } = {},
): Promise<BundleSource> {
  const log = createLogStore(store);
  const [newest, key] = await Promise.all([
    store.newestCheckpoint(),
    store.readSetting(LOG_KEY_SETTING),
  ]);
  if (newest === undefined) {
    throw new Failure('data', 'The log has no checkpoint yet: it is made while a gateway runs.');
  }
  const { size, note } = newest;
  const { first } = await log.extent();
  const before = await checkpointBefore();
  const from = before === undefined ? Math.min(first, size + 1) : before.size + 1;
  return {
    events: () => asBytes(linesOf(log, from, size)),
    checkpoint: async () => note,
    checkpoints: () => asBytes(checkpointLines()),
    async part() {
      const left =
        before === undefined
          ? await hashSlices(log.readLeaves, fullSubtrees({ begin: 0, end: from - 1 }))
          : hashesIn(before.frontier);
      return formatPart({ from, to: size, left, right: [] });
    },
    publicKey: async () => key,
  };

  /** The checkpoint after which no more than `maxEvents` stand; undefined when all are wanted. */
  async function checkpointBefore(): Promise<KeptCheckpoint | undefined> {
    const afterSize = Math.max(size - maxEvents, first - 1) - 1;
    if (size <= maxEvents) return undefined;
    const [before] = await log.listCheckpoints({ afterSize, limit: 1 });
    return before;
  }

  /** Of those before the events, what leads from one key to the next. */
  async function* checkpointLines(): AsyncGenerator<string> {
    const afterSize = before?.size ?? 0;
    for await (const { note } of checkpointsOf(log, afterSize, { successionsOnly: true })) {
      yield formatCheckpointLine(note);
    }
    for await (const { note } of checkpointsOf(log, size, { afterSize })) {
      yield formatCheckpointLine(note);
    }
  }
}

function hashesIn(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

async function* asBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text, 'utf8');
}
