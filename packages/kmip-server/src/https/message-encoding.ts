/** The encodings of a message in the body of an HTTP request (KMIP Additional Message Encodings 1.0 §2.4, §4, §5). */

import { createKmipNames } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, TtlvError, type TtlvItem } from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';

/** How messages are written under one content type. */
export interface MessageEncoding {
  /** Without parameters. */
  readonly contentType: string;
  /**
   * A message in TTLV.
   *
   * @throws TtlvError when the body is none.
   */
  toTtlv(body: Uint8Array, maxMessageBytes: number): Uint8Array;
  /** @param message - A message of this server in TTLV. */
  fromTtlv(message: Uint8Array): Uint8Array;
}

/** Finds the encoding of a `Content-Type`, whatever its parameters. */
export type FindEncoding = (contentType: string | undefined) => MessageEncoding | undefined;

/** What this server writes is well-formed and as long as its limit on answers allows. */
const OWN_MESSAGE = { maxMessageBytes: Number.MAX_SAFE_INTEGER, maxItems: Number.MAX_SAFE_INTEGER };

/** Makes the three encodings; the names of XML and JSON are worked out once. */
export function createMessageEncodings(): FindEncoding {
  const names = createKmipNames();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const encoder = new TextEncoder();

  function textOf(body: Uint8Array): string {
    try {
      return decoder.decode(body);
    } catch {
      throw new TtlvError('invalid-text', 'The body is not UTF-8', undefined, '');
    }
  }

  function textual(
    contentType: string,
    read: (body: string, limits: { maxMessageBytes: number }) => TtlvItem,
    write: (message: TtlvItem) => string,
  ): MessageEncoding {
    return {
      contentType,
      toTtlv: (body, maxMessageBytes) => encodeTtlv(read(textOf(body), { maxMessageBytes })),
      fromTtlv: (message) => encoder.encode(write(decodeTtlv(message, OWN_MESSAGE))),
    };
  }

  const encodings: readonly MessageEncoding[] = [
    {
      contentType: 'application/octet-stream',
      toTtlv(body, maxMessageBytes) {
        decodeTtlv(body, { maxMessageBytes });
        return body;
      },
      fromTtlv: (message) => message,
    },
    textual(
      'text/xml',
      (body, limits) => decodeXml(body, names, limits),
      (message) => encodeXml(message, names),
    ),
    textual(
      'application/json',
      (body, limits) => decodeJsonText(body, names, limits),
      (message) => encodeJsonText(message, names),
    ),
  ];
  return (contentType) => {
    const named = contentType?.split(';')[0]?.trim().toLowerCase();
    return encodings.find((encoding) => encoding.contentType === named);
  };
}
