import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { activate, create, destroy, get, getAttributes, NOBODY } from '../requests.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function made(...attributes: readonly Attribute[]): Promise<string> {
  const [answer] = await rig.send('1.4', [create(...attributes)]);
  return String(successOf('Create', answer).uniqueIdentifier);
}

async function outcomes(item: RequestedItem): Promise<readonly (string | undefined)[]> {
  const answers = [...(await rig.send('1.4', [item])), ...(await rig.send('2.1', [item]))];
  return answers.map(({ resultReason, resultStatus }) => resultReason ?? resultStatus);
}

const LIMITS = attribute('UsageLimits', { usageLimitsTotal: 1000n, usageLimitsUnit: 'Byte' });
const lease = (uniqueIdentifier: string): RequestedItem => ({
  operation: 'ObtainLease',
  payload: { uniqueIdentifier },
});
const allocate = (uniqueIdentifier: string, usageLimitsCount: bigint): RequestedItem => ({
  operation: 'GetUsageAllocation',
  payload: { uniqueIdentifier, usageLimitsCount },
});
const archive = (uniqueIdentifier: string): RequestedItem => ({
  operation: 'Archive',
  payload: { uniqueIdentifier },
});
const recover = (uniqueIdentifier: string): RequestedItem => ({
  operation: 'Recover',
  payload: { uniqueIdentifier },
});

describe('Obtain Lease', () => {
  it('says for how long the object may be used, and when it changed', async () => {
    const [answer] = await rig.send('1.4', [lease(await made())]);
    expect(successOf('ObtainLease', answer)).toMatchObject({
      leaseTime: 3600,
      lastChangeDate: NOW,
    });
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-key.obtain-lease');
  });

  it('is refused for what is not there, and for what was destroyed', async () => {
    const id = await made();
    await rig.send('1.4', [destroy(id)]);
    expect(await outcomes(lease(NOBODY))).toEqual(['ItemNotFound', 'ObjectNotFound']);
    expect(await outcomes(lease(id))).toEqual(['PermissionDenied', 'WrongKeyLifecycleState']);
  });
});

describe('Get Usage Allocation', () => {
  it('takes from the limits until nothing is left', async () => {
    const id = await made(LIMITS, attribute('ActivationDate', NOW - 1));
    expect(await outcomes(allocate(id, 500n))).toEqual(['Success', 'Success']);
    expect(await outcomes(allocate(id, 1n))).toEqual(['PermissionDenied', 'PermissionDenied']);
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-key.allocate-usage');
  });
});

describe('Check', () => {
  const check = (payload: Extract<RequestedItem, { operation: 'Check' }>['payload']) =>
    ({ operation: 'Check', payload }) as const;

  it('answers the identifier when the object may be used so', async () => {
    const uniqueIdentifier = await made(LIMITS);
    const [answer] = await rig.send('1.4', [
      check({
        uniqueIdentifier,
        usageLimitsCount: 1000n,
        cryptographicUsageMask: 4,
        leaseTime: 3600,
      }),
    ]);
    expect(successOf('Check', answer)).toEqual({ uniqueIdentifier });
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-key.check');
  });

  it('answers what would be refused, and empties the ID Placeholder', async () => {
    const refused = { usageLimitsCount: 1001n, cryptographicUsageMask: 1, leaseTime: 3601 };
    const [, answer, after] = await rig.send('1.4', [create(LIMITS), check(refused), get()]);
    expect(successOf('Check', answer)).toEqual(refused);
    expect(after?.resultStatus).toBe('OperationFailed');
  });

  it('is refused for what is not there', async () => {
    expect(await outcomes(check({ uniqueIdentifier: NOBODY }))).toEqual([
      'ItemNotFound',
      'ObjectNotFound',
    ]);
  });
});

describe('Archive and Recover', () => {
  it('put an object off line and back', async () => {
    const id = await made();
    expect(await rig.send('1.4', [archive(id)])).toMatchObject([{ resultStatus: 'Success' }]);
    for (const item of [get(id), activate(id), destroy(id), archive(id)]) {
      expect(await outcomes(item)).toEqual(['ObjectArchived', 'ObjectArchived']);
    }
    expect(await outcomes(getAttributes(id))).toEqual(['Success', 'Success']);
    expect(await outcomes(recover(id))).toEqual(['Success', 'Success']);
    expect(await outcomes(get(id))).toEqual(['Success', 'Success']);
    const actions = (await rig.events()).map(({ action }) => action);
    expect(actions).toContain('claviger.kmip-key.archive');
    expect(actions).toContain('claviger.kmip-key.recover');
  });

  it('are refused for what is not there', async () => {
    expect(await outcomes(archive(NOBODY))).toEqual(['ItemNotFound', 'ObjectNotFound']);
    expect(await outcomes(recover(NOBODY))).toEqual(['ItemNotFound', 'ObjectNotFound']);
  });
});

describe('Export', () => {
  const exporting = (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Export',
    payload: { uniqueIdentifier },
  });

  it('answers the object with its attributes, and is recorded as a read', async () => {
    const id = await made();
    const [answer] = await rig.send('1.4', [exporting(id)]);
    const { symmetricKey, attributes } = successOf('Export', answer);
    expect(symmetricKey?.keyBlock.cryptographicLength).toBe(256);
    expect(attributes).toContainEqual(attribute('UniqueIdentifier', id));
    expect((await rig.events()).at(-1)?.action).toBe('hs-crypto.kmip-key.read');
  });

  it.each([
    ['sensitive', attribute('Sensitive', true), 'Sensitive'],
    ['not extractable', attribute('Extractable', false), 'NotExtractable'],
  ] as const)('is refused for what is %s', async (_, set, reason) => {
    expect(await outcomes(exporting(await made(set)))).toEqual([reason, reason]);
  });
});
