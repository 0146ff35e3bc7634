/**
 * Good messages to begin with: requests of every operation in every version, made from the declarations
 * of the protocol, and those of the test cases and of the recording of a vCenter that are there.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createKmipNames,
  type DescribedOperation,
  encodeItem,
  isWithin,
  OPERATION_SCHEMAS,
  OPERATIONS,
  protocolVersionOf,
  RequestMessage,
  VERSIONS,
  type Version,
} from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { valueArbitrary } from '../../packages/kmip-protocol/src/attributes/attribute-arbitrary.fixtures.ts';
import { findTestCases, readTestCase } from '../oasis/read-test-case.ts';
import type { Template } from '../oasis/test-case.ts';
import { capturedScenarios } from '../vcenter/captured-scenarios.ts';

const CASE_FOLDERS = ['../oasis/cases', '../../../shared/kmip/test-cases'] as const;
const EACH = 3;

/** Request messages as items. @param seed - Decides the values of those that are made. */
export function seedMessages(seed: number): readonly TtlvItem[] {
  return [...madeMessages(seed), ...messagesOfCases(), ...capturedMessages()];
}

function madeMessages(seed: number): readonly TtlvItem[] {
  const operations = Object.keys(OPERATION_SCHEMAS) as DescribedOperation[]; // keys of a constant
  return VERSIONS.flatMap((version) =>
    operations
      .filter((operation) => hasOperation(version, operation))
      .flatMap((operation) => messagesOf(operation, version, seed)),
  );
}

function hasOperation(version: Version, operation: DescribedOperation): boolean {
  return isWithin(version, OPERATIONS[operation]);
}

function messagesOf(
  operation: DescribedOperation,
  version: Version,
  seed: number,
): readonly TtlvItem[] {
  const { request } = OPERATION_SCHEMAS[operation];
  const payloads = fc.sample(
    valueArbitrary(request, version).map((value) => encodeItem(request, value as never, version)), // its own values
    { seed, numRuns: EACH },
  );
  return payloads.map((requestPayload) =>
    encodeItem(
      RequestMessage,
      {
        requestHeader: {
          protocolVersion: protocolVersionOf(version),
          attestationType: [],
          batchCount: 1,
        },
        batchItem: [{ operation, requestPayload, messageExtension: [] }],
      },
      version,
    ),
  );
}

function messagesOfCases(): readonly TtlvItem[] {
  const names = createKmipNames();
  return CASE_FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
    .filter((folder) => existsSync(folder))
    .flatMap(findTestCases)
    .flatMap((path) => readTestCase(path, names).exchanges.map(({ request }) => itemOf(request)));
}

/** Each of them once. */
function capturedMessages(): readonly TtlvItem[] {
  const requests = capturedScenarios().flatMap(({ connections }) =>
    connections.flatMap(({ messages = [] }) => messages.map(({ request_hex }) => request_hex)),
  );
  return [...new Set(requests)].map((hex) => decodeTtlv(Buffer.from(hex, 'hex')));
}

/** With something in the place of what is only known while a case is played. */
function itemOf(template: Template): TtlvItem {
  const { tag } = template;
  if (template.kind === 'value') return template.item;
  if (template.kind === 'structure') {
    return { tag, type: 'Structure', value: template.items.map(itemOf) };
  }
  switch (template.type) {
    case 'ByteString':
      return { tag, type: 'ByteString', value: new Uint8Array(16) };
    case 'DateTime':
      return { tag, type: 'DateTime', value: 1_700_000_000n };
    default:
      return { tag, type: 'TextString', value: '0a0b0c0d-0000-4000-8000-000000000003' };
  }
}
