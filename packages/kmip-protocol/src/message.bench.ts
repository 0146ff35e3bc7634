/** What a typical message costs with its schema: `pnpm bench:codec`. */

import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { bench, describe } from 'vitest';
import { attribute } from './attributes/attribute.ts';
import { protocolVersionOf } from './messages/header.ts';
import { RequestMessage } from './messages/message.ts';
import { OPERATION_SCHEMAS } from './operations/index.ts';
import { decodeItem } from './schema/decode.ts';
import { encodeItem } from './schema/encode.ts';

const VERSION = '1.1';
const requestPayload = encodeItem(
  OPERATION_SCHEMAS.Create.request,
  {
    objectType: 'SymmetricKey',
    attributes: {
      attributes: [
        attribute('CryptographicAlgorithm', 'AES'),
        attribute('CryptographicLength', 256),
      ],
      templateNames: [],
    },
  },
  VERSION,
);
const message = {
  requestHeader: {
    protocolVersion: protocolVersionOf(VERSION),
    attestationType: [],
    batchCount: 1,
  },
  batchItem: [{ operation: 'Create' as const, requestPayload, messageExtension: [] }],
};
const item = encodeItem(RequestMessage, message, VERSION);
const bytes = encodeTtlv(item);

describe(`Create as a message, ${bytes.length} bytes`, () => {
  bench('decode: items to message', () => {
    decodeItem(RequestMessage, item, VERSION);
  });
  bench('encode: message to items', () => {
    encodeItem(RequestMessage, message, VERSION);
  });
  bench('decode: bytes to message', () => {
    decodeItem(RequestMessage, decodeTtlv(bytes), VERSION);
  });
  bench('encode: message to bytes', () => {
    encodeTtlv(encodeItem(RequestMessage, message, VERSION));
  });
});
