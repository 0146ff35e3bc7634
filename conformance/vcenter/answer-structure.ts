/** What an answer looks like when everything that differs from server to server is left out. */

import { createKmipNames, TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

const { tagName } = createKmipNames();

/** Their values are the server's own. */
const OWN_TYPES: ReadonlySet<TtlvItem['type']> = new Set(['TextString', 'ByteString', 'DateTime']);
/** Which versions there are, and in which an answer to a version list is, says nothing of its form. */
const OWN_TAGS: ReadonlySet<number> = new Set([
  TAGS.ProtocolVersionMajor,
  TAGS.ProtocolVersionMinor,
]);

/**
 * A message as lines: tag, type, and the value of numbers, enumerations and booleans; what lies in a
 * structure is indented. Equal structures that follow each other stand there once.
 */
export function answerStructure(message: Uint8Array): string[] {
  return linesOf(decodeTtlv(message), '');
}

function linesOf(item: TtlvItem, indent: string): string[] {
  const line = `${indent}${tagName(item.tag) ?? item.tag} ${item.type}`;
  if (item.type !== 'Structure') {
    const isOwn = OWN_TYPES.has(item.type) || OWN_TAGS.has(item.tag);
    return [isOwn ? line : `${line} ${item.value}`];
  }
  const parts = item.value.map((part) => linesOf(part, `${indent}  `));
  const distinct = parts.filter((part, at) => part.join() !== parts[at - 1]?.join());
  return [line, ...distinct.flat()];
}
