/** Seals the log as it is: continues the tree from the newest checkpoint and signs its root. */
import { AuditLogError } from '../audit-log-error.ts';
import { createFrontier, type Frontier, restoreFrontier } from '../merkle/frontier.ts';
import { equalHashes, HASH_BYTES } from '../merkle/hashes.ts';
import { isSignedBy, parseNote, signNote } from '../note/signed-note.ts';
import type { NoteSigner } from '../note/signer.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { formatCheckpoint, originOf, parseCheckpoint } from './checkpoint.ts';
import type { KeptCheckpoint, LogReader } from './log-reader.ts';

export interface CheckpointStore extends LogReader {
  /**
   * Keeps a checkpoint, and hands over to `succeededBy` in the same transaction when that is given.
   *
   * @param signedBy - Text of the key that must still be the one of the log.
   * @returns false when somebody kept one of this size or a larger one, or the key is another by now.
   */
  appendCheckpoint(
    checkpoint: KeptCheckpoint,
    signedBy: string,
    succeededBy?: string,
  ): Promise<boolean>;
}

const PAGE_LEAVES = 4096;

/**
 * Makes a checkpoint over all events, unless there is one.
 *
 * @param now - Milliseconds since the epoch.
 * @returns the newest checkpoint; undefined for an empty log, and when somebody else was faster.
 * @throws AuditLogError `contradiction` when the newest checkpoint does not fit what is kept with it:
 * then nothing is signed.
 */
export async function makeCheckpoint(
  store: CheckpointStore,
  signer: NoteSigner,
  now: number,
): Promise<KeptCheckpoint | undefined> {
  const { node, last } = await store.extent();
  const newest = await store.newestCheckpoint();
  if (last === 0 || newest?.size === last) return newest;
  const tree = await growTree(store, newest, signer.verifierKey, last);
  const text = formatCheckpoint({
    origin: originOf(node),
    size: tree.size,
    rootHash: tree.root(),
    succession: undefined,
  });
  const checkpoint = keptCheckpoint(tree, signNote(text, [signer]), now, false);
  return (await store.appendCheckpoint(checkpoint, signer.verifierKey.text))
    ? checkpoint
    : undefined;
}

/**
 * Hands the log over to another key: a checkpoint over all events that both sign, or only the new one
 * when all that is left of the old is its public key. The log must have events after its newest
 * checkpoint, e.g. the one that tells of this.
 *
 * @returns undefined when somebody else made a checkpoint meanwhile: then try again with a new event.
 * @throws AuditLogError `contradiction`, as `makeCheckpoint`.
 */
export async function handOver(
  store: CheckpointStore,
  signers: { readonly from: NoteSigner | VerifierKey; readonly to: NoteSigner },
  now: number,
): Promise<KeptCheckpoint | undefined> {
  const { from, to } = signers;
  const isLost = !('verifierKey' in from);
  const oldKey = isLost ? from : from.verifierKey;
  const { node, last } = await store.extent();
  const newest = await store.newestCheckpoint();
  if (last === (newest?.size ?? 0)) return undefined;
  const tree = await growTree(store, newest, oldKey, last);
  const text = formatCheckpoint({
    origin: originOf(node),
    size: tree.size,
    rootHash: tree.root(),
    succession: { from: oldKey, to: to.verifierKey, isLost },
  });
  const note = signNote(text, isLost ? [to] : [from, to]);
  const checkpoint = keptCheckpoint(tree, note, now, true);
  const isKept = await store.appendCheckpoint(checkpoint, oldKey.text, to.verifierKey.text);
  return isKept ? checkpoint : undefined;
}

async function growTree(
  store: LogReader,
  newest: KeptCheckpoint | undefined,
  key: VerifierKey,
  size: number,
): Promise<Frontier> {
  const tree = newest === undefined ? createFrontier() : restoreTree(newest, key);
  while (tree.size < size) {
    const page = await store.readLeaves(tree.size, Math.min(PAGE_LEAVES, size - tree.size));
    if (page.length === 0) throw contradiction(`it has no hash of event ${tree.size + 1}`);
    for (let at = 0; at < page.length; at += HASH_BYTES) {
      tree.append(page.subarray(at, at + HASH_BYTES));
    }
  }
  return tree;
}

/** What was signed last must be what is continued: otherwise a changed store would be sealed. */
function restoreTree({ size, note, frontier }: KeptCheckpoint, key: VerifierKey): Frontier {
  const signed = parseNote(note);
  const checkpoint = parseCheckpoint(signed.text);
  if (!isSignedBy(signed, key)) {
    throw contradiction('its newest checkpoint was signed with another key');
  }
  const tree = restoreFrontier(size, frontier);
  if (checkpoint.size !== size || !equalHashes(tree.root(), checkpoint.rootHash)) {
    throw contradiction('its newest checkpoint does not fit the tree that is kept with it');
  }
  return tree;
}

function keptCheckpoint(
  tree: Frontier,
  note: string,
  createdAt: number,
  isSuccession: boolean,
): KeptCheckpoint {
  return { size: tree.size, note, frontier: tree.toBytes(), isSuccession, createdAt };
}

function contradiction(reason: string): AuditLogError {
  return new AuditLogError(
    'contradiction',
    `The log is not sealed: ${reason}. Export it and run \`claviger audit verify\` on the export.`,
  );
}
