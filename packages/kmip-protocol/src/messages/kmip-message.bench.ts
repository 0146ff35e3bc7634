/** What schemas cost: the Create request of vCenter, between items and values, and with the bytes. */

import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { bench, describe } from 'vitest';
import { attribute } from '../attributes/attribute.ts';
import { Create } from '../operations/create.ts';
import type { RequestOf } from '../operations/operation.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { protocolVersionOf } from './header.ts';
import { RequestMessage } from './message.ts';

const VERSION = '1.1';
const payload: RequestOf<typeof Create> = {
  objectType: 'SymmetricKey',
  attributes: {
    attributes: [
      attribute('CryptographicAlgorithm', 'AES'),
      attribute('CryptographicUsageMask', 12),
      attribute('CryptographicLength', 256),
    ],
    templateNames: [],
  },
};

function encode() {
  const requestHeader = {
    protocolVersion: protocolVersionOf(VERSION),
    attestationType: [],
    batchCount: 1,
  };
  const requestPayload = encodeItem(Create.request, payload, VERSION);
  const batchItem = [{ operation: 'Create', requestPayload, messageExtension: [] }] as const;
  return encodeItem(RequestMessage, { requestHeader, batchItem }, VERSION);
}

function decode(item: ReturnType<typeof encode>) {
  const message = decodeItem(RequestMessage, item, VERSION);
  return message.batchItem.map((each) => decodeItem(Create.request, each.requestPayload, VERSION));
}

const item = encode();
const bytes = encodeTtlv(item);

describe('a Create request', () => {
  bench('items to values', () => {
    decode(item);
  });
  bench('values to items', () => {
    encode();
  });
  bench('bytes to values', () => {
    decode(decodeTtlv(bytes));
  });
  bench('values to bytes', () => {
    encodeTtlv(encode());
  });
});
