/** Bytes that are no KMIP request at all: there is nobody to answer. */

import { TAGS } from '@claviger/kmip-protocol';
import { encodeTtlv } from '@claviger/ttlv-codec';
import { createRandom } from '../seeded-random.ts';
import { batchItem, header, integer, request, structure } from '../ttlv-request.ts';

const GIBIBYTE = 2 ** 30;
const DEFAULT_LIMIT = 2 ** 20;

const ascii = (text: string) => new TextEncoder().encode(text);

/** The beginning of a request message that announces a length. */
function announcing(length: number): Uint8Array {
  const start = new Uint8Array(8);
  const view = new DataView(start.buffer);
  view.setUint32(0, (TAGS.RequestMessage << 8) | 0x01);
  view.setUint32(4, length);
  return start;
}

/** By what they are. Each is to end its connection, and no more than that. */
export const UNREADABLE: Readonly<Record<string, Uint8Array>> = {
  'one byte': Uint8Array.of(0xff),
  'random bytes': createRandom(7).bytes(4096),
  'random bytes after a good first one': Uint8Array.of(0x42, ...createRandom(8).bytes(999)),
  'an HTTP request': ascii('GET / HTTP/1.1\r\nHost: kmip.example\r\n\r\n'),
  // Tags of vendors begin with 0x54, which is a T.
  'an HTTP request that begins like a tag': ascii('TRACE / HTTP/1.1\r\n\r\n'),
  'a TLS handshake inside TLS': Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc),
  zeros: new Uint8Array(64),
  'a message of 2 GiB': announcing(2 * GIBIBYTE),
  'a message of nearly 4 GiB': announcing(4 * GIBIBYTE - 8),
  'a message just above the limit': announcing(DEFAULT_LIMIT),
  'a length that is no multiple of eight': announcing(61),
  'an item that is no structure': encodeTtlv(integer('BatchCount', 1)),
  'a structure of another kind': encodeTtlv(structure('TemplateAttribute', header([1, 4]))),
  'a response': encodeTtlv(structure('ResponseMessage', header([1, 4]), batchItem('Query'))),
  'a request without a header': encodeTtlv(structure('RequestMessage', batchItem('Query'))),
  'a request with nothing in it': encodeTtlv(structure('RequestMessage')),
  'a header without a version': encodeTtlv(
    structure('RequestMessage', structure('RequestHeader', integer('BatchCount', 1))),
  ),
  'a header whose length runs out of the message': request([1, 4], 'Query').map((byte, at) =>
    at === 14 ? 0x7f : byte,
  ),
};
