/** What holds for each operation alike: its request is read strictly, and whatever is refused leaves one event. */

import { kmipOperationAction } from '@claviger/audit-emitter';
import {
  encodeItem,
  isWithin,
  OPERATIONS,
  protocolVersionOf,
  RequestMessage,
  TAGS,
  VERSIONS,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { create } from '../requests.fixtures.ts';
import { type HandledOperation, OPERATION_HANDLERS } from './index.ts';

const HANDLED = Object.keys(OPERATION_HANDLERS) as HandledOperation[]; // the keys of the table
const VENDOR_TAG = 0x54abcd;

let rig: MessageRig;
beforeAll(async () => {
  rig = await startMessageRig();
  await rig.send('2.1', [create()]);
});

interface Sent {
  readonly version: Version;
  readonly operation: HandledOperation;
  readonly payload: readonly TtlvItem[];
  readonly criticalityIndicator?: boolean;
}

function bytesOf({ version, operation, payload, criticalityIndicator }: Sent): Uint8Array {
  const requestPayload: TtlvItem = { tag: TAGS.RequestPayload, type: 'Structure', value: payload };
  const extension = { tag: TAGS.VendorExtension, type: 'Structure', value: [] } as const;
  const messageExtension =
    criticalityIndicator === undefined
      ? []
      : [{ vendorIdentification: 'Somebody', criticalityIndicator, vendorExtension: extension }];
  const message = {
    requestHeader: {
      protocolVersion: protocolVersionOf(version),
      attestationType: [],
      batchCount: 1,
    },
    batchItem: [{ operation, uniqueBatchItemID: undefined, requestPayload, messageExtension }],
  };
  return encodeTtlv(encodeItem(RequestMessage, message, version));
}

/** The reason of a refusal that has left one event, and nothing else. */
async function refusalOf(sent: Sent): Promise<string | undefined> {
  const before = { objects: await rig.countObjects(), events: (await rig.events()).length };
  const { items } = await rig.answer(bytesOf(sent));
  const events = await rig.events();
  expect(items).toMatchObject([{ resultStatus: 'OperationFailed' }]);
  expect({ objects: await rig.countObjects(), events: events.length }).toEqual({
    ...before,
    events: before.events + 1,
  });
  expect(events.at(-1)).toMatchObject({
    action: kmipOperationAction(sent.operation),
    outcome: 'failure',
  });
  return items[0]?.resultReason;
}

describe.each(HANDLED)('%s', (operation) => {
  const versions = VERSIONS.filter((version) => isWithin(version, OPERATIONS[operation]));
  const newest = versions.at(-1) ?? '2.1';

  it('is refused as Invalid Field with a field that it has not, in every version', async () => {
    const payload = [{ tag: VENDOR_TAG, type: 'Integer', value: 1 }] as const;
    for (const version of versions) {
      expect([version, await refusalOf({ version, operation, payload })]).toEqual([
        version,
        'InvalidField',
      ]);
    }
  });

  it('is refused with an identifier that is a number', async () => {
    const payload = [{ tag: TAGS.UniqueIdentifier, type: 'LongInteger', value: 1n }] as const;
    // Invalid Message where it has that field, of another type.
    expect(await refusalOf({ version: newest, operation, payload })).toMatch(
      /^Invalid(?:Field|Message)$/,
    );
  });

  it('is refused with an extension that is critical', async () => {
    const sent = { version: newest, operation, payload: [], criticalityIndicator: true } as const;
    expect(await refusalOf(sent)).toBe('FeatureNotSupported');
  });

  it('is not there before the version that brings it', async () => {
    const others = VERSIONS.filter((version) => !versions.includes(version));
    for (const version of others) {
      expect([version, await refusalOf({ version, operation, payload: [] })]).toEqual([
        version,
        'OperationNotSupported',
      ]);
    }
  });
});
