import {
  type BundleSource,
  checkpointsOf,
  formatCheckpointLine,
  formatPart,
  fullSubtrees,
  hashSlices,
  linesOf,
} from '@claviger/audit-log';
import type { KeyStore } from '@claviger/key-store';
import { Failure } from '../failure.ts';
import { createLogStore, LOG_KEY_SETTING } from './log-store.ts';

/**
 * The log of a store, to be verified as an export of all that it has: up to the newest checkpoint.
 *
 * @throws Failure `data` when there is no checkpoint yet.
 */
export async function createStoreSource(store: KeyStore): Promise<BundleSource> {
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
  return {
    events: () => asBytes(linesOf(log, first, size)),
    checkpoint: async () => note,
    checkpoints: () => asBytes(checkpointLines()),
    async part() {
      const from = Math.min(first, size + 1);
      const left = await hashSlices(log.readLeaves, fullSubtrees({ begin: 0, end: from - 1 }));
      return formatPart({ from, to: size, left, right: [] });
    },
    publicKey: async () => key,
  };

  async function* checkpointLines(): AsyncGenerator<string> {
    for await (const checkpoint of checkpointsOf(log, size)) {
      yield formatCheckpointLine(checkpoint.note);
    }
  }
}

async function* asBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text, 'utf8');
}
