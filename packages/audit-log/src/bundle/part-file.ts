/** `proof.json` of an export: which part of the log it is, and hashes of the rest. */
import { AuditLogError } from '../audit-log-error.ts';
import type { LogPart } from '../log/verify-log.ts';
import { decodeBase64, encodeBase64 } from '../note/base64.ts';

const FORMAT = 'claviger-audit-bundle-1';
/** A tree of 2^53 leaves has no more subtrees on either side. */
const MAX_HASHES = 64;

export function formatPart({ from, to, left, right }: LogPart): string {
  const value = {
    format: FORMAT,
    from,
    to,
    left: left.map(encodeBase64),
    right: right.map(encodeBase64),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws AuditLogError `malformed`. */
export function parsePart(text: string): LogPart {
  const value = parseJsonObject(text, 'proof');
  const { format, from, to } = value;
  if (format !== FORMAT || !isSequence(from) || !isSequence(to)) throw malformed('proof');
  return { from, to, left: hashesOf(value['left']), right: hashesOf(value['right']) };
}

/** @throws AuditLogError `malformed`. */
export function hashesOf(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > MAX_HASHES) throw malformed('proof');
  return value.map((item: unknown) => {
    const bytes = typeof item === 'string' ? decodeBase64(item) : undefined;
    if (bytes?.length !== 32) throw malformed('proof');
    return bytes;
  });
}

export function isSequence(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** @throws AuditLogError `malformed`, naming `what`. */
export function parseJsonObject(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    // An object that JSON.parse made has no other members than its own.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // What the parser says repeats the text.
  }
  throw malformed(what);
}

export function malformed(what: string): AuditLogError {
  return new AuditLogError('malformed', `The ${what} is not of its form.`);
}
