/** The expectation itself against the worked examples, where those lie beside the checkout. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectedEvent, fieldPaths } from './expected-event.ts';

const PAGE = fileURLToPath(
  new URL('../../../shared/reference/cadf-event-shape.md', import.meta.url),
);
const hasPage = existsSync(PAGE);

const ID = '0d2a0a6c-51d5-4d0e-9a58-1f6d4b1f8f10';
const RIG = {
  accountId: '5e1f00d5c0ffee00b01dfacade00cafe',
  instanceId: '6b1a0d9e-6f7b-4a52-8d1e-1f7f3b0f8a11',
  adapterId: '4f0c1d7e-8a9b-4c3d-9e2f-0a1b2c3d4e5f',
  requestURI: 'kmip://kmip.example:5696',
  initiator: {
    id: `CertificateID-${'a5'.repeat(32)}`,
    name: 'vcenter-prod-01',
    typeURI: 'service/security/client/certificateid',
    credential: { type: 'certificate' },
  },
} as const;
const KEY = { typeURI: 'hs-crypto/kmip-key', id: ID, version: '1.4' } as const;

/** The JSON under a heading of the page. */
function workedExample(heading: string): unknown {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split(`### ${heading} `);
  const [, json = ''] = /```json\n(.*?)\n```/s.exec(section) ?? [];
  return JSON.parse(json);
}

describe(`the expected event${hasPage ? '' : ' (skipped: the worked examples are not here)'}`, () => {
  it.skipIf(!hasPage)('of a success has the fields of the worked example, in their order', () => {
    const event = expectedEvent(RIG, {
      ...KEY,
      action: 'hs-crypto.kmip-key.create',
      words: 'create kmip-key',
      severity: 'normal',
      operation: 'Create',
      responseData: { kmipObjectId: ID, kmipObjectType: 'SymmetricKey', keyState: 0 },
    });

    expect(fieldPaths(event)).toEqual(fieldPaths(workedExample('5.1')));
  });

  it.skipIf(!hasPage)('of a failure has the fields of the worked example, in their order', () => {
    const event = expectedEvent(RIG, {
      ...KEY,
      action: 'hs-crypto.kmip-key.destroy',
      words: 'destroy kmip-key',
      severity: 'critical',
      operation: 'Destroy',
      reason: { reasonCode: 409, reasonType: 'Conflict', reasonForFailure: 'It is active.' },
      responseData: { keyState: 1 },
    });

    expect(fieldPaths(event)).toEqual(fieldPaths(workedExample('5.2')));
  });
});
