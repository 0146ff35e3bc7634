/** What a real vCenter Server 7.0.3 sent, and what it was answered, through the schemas and back. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { throughSchemas } from './through-schemas.fixtures.ts';

interface Capture {
  readonly requests: readonly {
    readonly label: string;
    readonly request_hex: string;
    readonly response_hex: string | null;
  }[];
  readonly scenarios: readonly {
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
  // The form of the file is stated beside it.
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
    const { hex, operations } = again(request.request_hex);
    expect(hex).toBe(request.request_hex);
    expect(operations).toHaveLength(request.label.startsWith('batch of 3') ? 3 : 1);
  });

  it.each(capture.requests.filter(({ response_hex }) => response_hex !== null))(
    'reads an answer that the schemas write alike: $label',
    ({ response_hex }) => {
      const { hex, operations } = again(response_hex ?? '');
      expect(hex).toBe(response_hex);
      expect(operations).toHaveLength(1);
    },
  );

  it('is read and written alike, request and answer, in every scenario', () => {
    for (const { request_hex, response_hex } of messages) {
      expect([again(request_hex).hex, again(response_hex).hex]).toEqual([
        request_hex,
        response_hex,
      ]);
    }
  });
});

function again(hex: string) {
  const { item, operations } = throughSchemas(decodeTtlv(Buffer.from(hex, 'hex')), '1.1');
  return { hex: Buffer.from(encodeTtlv(item)).toString('hex'), operations };
}
