/**
 * How an event becomes a line of the log: its own JSON with one more member at the end, `log`, that says
 * which node wrote it, in which place, and after what.
 *
 * The hash of a line is that of a leaf of the Merkle tree over the log (RFC 6962 §2.1), so that one
 * hash serves the chain and the tree.
 */
import { hash } from 'node:crypto';

/** The newest line of a log: what the next one is chained to. */
export interface ChainHead {
  /** 0 in an empty log. */
  readonly sequence: number;
  /** 32 bytes; zeros in an empty log. */
  readonly leafHash: Uint8Array;
}

/** A line and what the next one is chained to. */
export interface ChainedLine extends ChainHead {
  /** JSON without a line feed; what auditors and sinks are given, byte for byte. */
  readonly line: string;
}

export const LEAF_HASH_BYTES = 32;

export const EMPTY_CHAIN: ChainHead = {
  sequence: 0,
  leafHash: new Uint8Array(LEAF_HASH_BYTES),
};

/** RFC 6962 §2.1: what is hashed of a leaf begins with the byte 0, of an inner node with 1. */
const LEAF_PREFIX = '\0';

/**
 * @param body - A JSON object as text, as `isEventBody` has it.
 * @param node - Who writes: 32 hexadecimal digits.
 */
export function chainEvent(body: string, node: string, head: ChainHead): ChainedLine {
  const sequence = head.sequence + 1;
  const previousHash = hexOf(head.leafHash);
  const separator = body === '{}' ? '' : ',';
  const line = `${body.slice(0, -1)}${separator}"log":{"node":"${node}","sequence":${sequence},"previousHash":"${previousHash}"}}`;
  return { sequence, line, leafHash: leafHashOf(line) };
}

/** SHA-256(0x00 || the line in UTF-8). */
export function leafHashOf(line: string): Uint8Array {
  // Of a Buffer only the bytes count: it is cloned between threads as what it is.
  return new Uint8Array(hash('sha256', `${LEAF_PREFIX}${line}`, 'buffer'));
}

/** Whether a text can be chained: one line that begins and ends as a JSON object does. */
export function isEventBody(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}') && text.length > 1 && !/[\n\r]/.test(text);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
