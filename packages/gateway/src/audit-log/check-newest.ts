/** Verifies the newest stretch of the log of a store: what a gateway can afford at each start. */
import { toLogRecord } from '@claviger/audit-emitter';
import {
  type Finding,
  HASH_BYTES,
  leafHash,
  parseLogEntry,
  type VerifierKey,
  verifyBundle,
} from '@claviger/audit-log';
import type { KeyStore } from '@claviger/key-store';
import type { Administrator } from '../administration/administrator.ts';
import type { Installation } from '../installation.ts';
import { createStoreSource } from './store-source.ts';

export interface NewestCheck {
  /** How many events were read. */
  readonly events: number;
  readonly findings: readonly Pick<Finding, 'kind' | 'message'>[];
}

/**
 * Compares the newest events with the newest checkpoints, and what is not sealed yet with its own chain.
 *
 * @param maxEvents - Of each of the two.
 * @param publicKey - The key that is trusted; without it, the one that the store names.
 * @returns undefined when nothing was sealed yet.
 */
export async function checkNewestEvents(
  store: KeyStore,
  maxEvents: number,
  publicKey: VerifierKey | undefined,
): Promise<NewestCheck | undefined> {
  const newest = await store.newestCheckpoint();
  if (newest === undefined) return undefined;
  const source = await createStoreSource(store, { maxEvents });
  const sealed = await verifyBundle(source, { publicKey, maxFindings: 10 });
  const open = await checkUnsealed(store, sealed.treeSize ?? newest.size, maxEvents);
  return {
    events: sealed.events + open.events,
    findings: [...sealed.findings, ...open.findings],
  };
}

async function checkUnsealed(store: KeyStore, size: number, limit: number): Promise<NewestCheck> {
  const events = await store.listEvents({ afterSequence: size, limit });
  const leaves = await store.leafHashes(size, events.length + 1);
  for (const [index, { sequence, body }] of events.entries()) {
    const bytes = Buffer.from(body, 'utf8');
    const leafAt = (place: number) =>
      Buffer.from(leaves.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
    const isChained = parseLogEntry(bytes)?.previousHash === leafAt(index).toString('hex');
    if (isChained && leafAt(index + 1).equals(leafHash(bytes))) continue;
    const message = `Event ${sequence}, which is not sealed yet, is not the one that was chained.`;
    return { events: index + 1, findings: [{ kind: 'changed', message }] };
  }
  return { events: events.length, findings: [] };
}

/** Puts on the record that the log is not whole. */
export async function recordFindings(
  installation: Installation,
  administrator: Administrator,
  { findings, findingCount }: { findings: NewestCheck['findings']; findingCount: number },
): Promise<void> {
  const event = installation.audit.build({
    action: 'claviger.audit-log.verify',
    outcome: {
      kind: 'failure',
      reasonCode: 500,
      reasonText: findings[0]?.message ?? 'The log is not whole.',
    },
    ...administrator,
    target: { kind: 'instance' },
    requestData: { findings: findingCount },
  });
  if (event === undefined) return;
  const record = { ...toLogRecord(event), adapterId: null };
  await installation.store.commit({ guards: [], changes: [], events: [record] });
}
