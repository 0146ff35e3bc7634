export { AuditLogError, type AuditLogErrorCode } from './audit-log-error.ts';
export {
  type BundleSource,
  openBundleDirectory,
  readSmallFile,
} from './bundle/bundle-source.ts';
export { formatCheckpointLine } from './bundle/checkpoint-lines.ts';
export {
  makeInclusionProof,
  type ProvenEvent,
  verifyInclusionProof,
} from './bundle/inclusion-proof.ts';
export { formatPart } from './bundle/part-file.ts';
export { type Verification, type VerifyOptions, verifyBundle } from './bundle/verify-bundle.ts';
export { type BundleOptions, writeBundle } from './bundle/write-bundle.ts';
export {
  type Checkpoint,
  formatCheckpoint,
  type KeySuccession,
  originOf,
  parseCheckpoint,
} from './log/checkpoint.ts';
export {
  type Checkpointer,
  type CheckpointerOptions,
  createCheckpointer,
} from './log/checkpointer.ts';
export type { Finding, FindingKind } from './log/finding.ts';
export { followKeys, type KeyHistory, openCheckpoint } from './log/key-history.ts';
export { type LogEntry, parseLogEntry } from './log/log-entry.ts';
export { checkpointsOf, type KeptCheckpoint, type LogReader, linesOf } from './log/log-reader.ts';
export { type CheckpointStore, handOver, makeCheckpoint } from './log/make-checkpoint.ts';
export { createFrontier, type Frontier, restoreFrontier } from './merkle/frontier.ts';
export { HASH_BYTES, leafHash } from './merkle/hashes.ts';
export { verifyConsistency, verifyInclusion } from './merkle/proofs.ts';
export {
  consistencySlices,
  fullSubtrees,
  hashSlices,
  inclusionSlices,
  type ReadLeaves,
} from './merkle/slices.ts';
export { isSignedBy, parseNote, type SignedNote, signNote } from './note/signed-note.ts';
export { createSigner, generateSigningKey, type NoteSigner } from './note/signer.ts';
export { parseVerifierKey, type VerifierKey } from './note/verifier-key.ts';
