/** What a real vCenter Server 7.0.3 sent, and what it was answered, through the schemas and back. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { OPERATION_SCHEMAS } from '../operations/index.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import type { Schema } from '../schema/schema.ts';
import { isDescribed } from './described.fixtures.ts';
import { RequestMessage, ResponseMessage } from './message.ts';

interface Capture {
  readonly requests: readonly {
    readonly label: string;
    readonly request_hex: string;
    readonly response_hex: string | null;
  }[];
  readonly scenarios: readonly {
    readonly id: string;
    readonly connections: readonly {
      readonly messages?: readonly {
        readonly request_hex: string;
        readonly response_hex: string;
      }[];
    }[];
  }[];
}

const CAPTURE = join(import.meta.dirname, '../../../../../shared/kmip/captures/vcenter-7.0.3.json');
const isThere = existsSync(CAPTURE);

describe.skipIf(!isThere)('a recorded vCenter (needs ../shared/kmip/captures)', () => {
  // The file is ours and its form is stated beside it.
  const capture: Capture = isThere
    ? (JSON.parse(readFileSync(CAPTURE, 'utf8')) as Capture)
    : { requests: [], scenarios: [] };
  const messages = capture.scenarios
    .flatMap(({ connections }) => connections)
    .flatMap((connection) => connection.messages ?? []);

  it('sent 26 distinct requests and 48 messages in all', () => {
    expect([capture.requests.length, messages.length]).toEqual([26, 48]);
  });

  it.each(capture.requests)('sends what the schemas read and write alike: $label', (request) => {
    expect(throughSchemas('request', request.request_hex)).toBe(request.request_hex);
  });

  it.each(capture.requests.filter(({ response_hex }) => response_hex !== null))(
    'reads an answer that the schemas write alike: $label',
    ({ response_hex }) => {
      expect(throughSchemas('response', response_hex ?? '')).toBe(response_hex);
    },
  );

  it('is read and written alike, request and answer, in every scenario', () => {
    for (const { request_hex, response_hex } of messages) {
      expect(throughSchemas('request', request_hex)).toBe(request_hex);
      expect(throughSchemas('response', response_hex)).toBe(response_hex);
    }
  });
});

/** Decodes bytes to values, payloads included, and encodes the values again. */
function throughSchemas(direction: 'request' | 'response', hex: string): string {
  const item = decodeTtlv(Buffer.from(hex, 'hex'));
  const again = direction === 'request' ? requestAgain(item) : responseAgain(item);
  return Buffer.from(encodeTtlv(again)).toString('hex');
}

function requestAgain(item: TtlvItem): TtlvItem {
  const message = decodeItem(RequestMessage, item, '1.1');
  const batchItem = message.batchItem.map((each) => {
    expect(isDescribed(each.operation)).toBe(true);
    if (!isDescribed(each.operation)) return each;
    const { request } = OPERATION_SCHEMAS[each.operation];
    return { ...each, requestPayload: again(request, each.requestPayload) };
  });
  return encodeItem(RequestMessage, { ...message, batchItem }, '1.1');
}

function responseAgain(item: TtlvItem): TtlvItem {
  const message = decodeItem(ResponseMessage, item, '1.1');
  const batchItem = message.batchItem.map((each) => {
    if (each.responsePayload === undefined || each.operation === undefined) return each;
    expect(isDescribed(each.operation)).toBe(true);
    if (!isDescribed(each.operation)) return each;
    const { response } = OPERATION_SCHEMAS[each.operation];
    return { ...each, responsePayload: again(response, each.responsePayload) };
  });
  return encodeItem(ResponseMessage, { ...message, batchItem }, '1.1');
}

function again(schema: Schema, item: TtlvItem): TtlvItem {
  return encodeItem(schema, decodeItem(schema, item, '1.1'), '1.1');
}
