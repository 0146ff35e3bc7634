/**
 * What every operation leaves behind when something beneath it fails: the store's reads, the randomness, the keys, the
 * commit; each at every call of it that the operation makes.
 */

import { kmipOperationAction } from '@claviger/audit-emitter';
import { describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { aMessage, type RequestedItem } from '../messages.fixtures.ts';
import { rulesSetting } from '../objects/object-rules.ts';
import { type HandledOperation, OPERATION_HANDLERS } from './index.ts';
import { prepare } from './one-of-each.fixtures.ts';

const HANDLED = Object.keys(OPERATION_HANDLERS) as HandledOperation[]; // the keys of the table

const BENEATH = ['reads', 'randomness', 'keys', 'commit'] as const;
type Beneath = (typeof BENEATH)[number];

/** The first that is random is the correlation id, without which there is no message. */
const firstCall = (beneath: Beneath) => (beneath === 'randomness' ? 2 : 1);

/** What a fault says of itself, which nobody but the log may see. */
const DETAIL = 'disk 7 of the cellar is on fire';

/** What each operation relies on, beside the commit, which all need for their event. */
const REACHED: Readonly<Record<HandledOperation, readonly Beneath[]>> = {
  Activate: ['reads'],
  AddAttribute: ['reads'],
  AdjustAttribute: ['reads'],
  Archive: ['reads'],
  Cancel: ['reads'],
  Certify: ['reads', 'randomness', 'keys'],
  Check: ['reads'],
  Create: ['reads', 'randomness', 'keys'],
  CreateKeyPair: ['reads', 'randomness', 'keys'],
  CreateSplitKey: ['reads', 'randomness', 'keys'],
  Decrypt: ['reads', 'keys'],
  DelegatedLogin: ['randomness'],
  DeleteAttribute: ['reads'],
  DeriveKey: ['reads', 'randomness', 'keys'],
  Destroy: ['reads'],
  DiscoverVersions: [],
  Encrypt: ['reads', 'randomness', 'keys'],
  Export: ['reads', 'keys'],
  Get: ['reads', 'keys'],
  GetAttributeList: ['reads'],
  GetAttributes: ['reads'],
  GetConstraints: ['reads'],
  GetUsageAllocation: ['reads'],
  Hash: [],
  Import: ['reads', 'randomness', 'keys'],
  Interop: [],
  JoinSplitKey: ['reads', 'randomness', 'keys'],
  Locate: ['reads'],
  Log: [],
  Login: ['randomness'],
  Logout: [],
  MAC: ['reads', 'keys'],
  MACVerify: ['reads', 'keys'],
  ModifyAttribute: ['reads'],
  ObtainLease: ['reads'],
  PKCS_11: ['randomness'],
  Ping: [],
  Poll: ['reads', 'keys'],
  Process: ['reads'],
  Query: [],
  QueryAsynchronousRequests: ['reads'],
  RNGRetrieve: ['randomness'],
  RNGSeed: [],
  ReCertify: ['reads', 'randomness', 'keys'],
  ReKey: ['reads', 'randomness', 'keys'],
  ReKeyKeyPair: ['reads', 'randomness', 'keys'],
  ReProvision: ['reads', 'randomness', 'keys'],
  Recover: ['reads'],
  Register: ['reads', 'randomness', 'keys'],
  Revoke: ['reads'],
  SetAttribute: ['reads'],
  SetConstraints: ['reads'],
  SetDefaults: ['reads'],
  SetEndpointRole: [],
  Sign: ['reads', 'keys'],
  SignatureVerify: ['reads', 'keys'],
  Validate: ['reads', 'keys'],
};

const READS = [
  'readObject',
  'locateObjects',
  'readSetting',
  'findCredentialOfIdentity',
  'listCredentials',
  'findPrincipal',
  'findAuthorityPrincipal',
  'listClientAuthorities',
  'findAdapter',
  'findRootKey',
  'readQueuedRequest',
  'listQueuedRequests',
] as const satisfies readonly (keyof MessageRig['store'])[];

/** Lets one call fail, of one of what is beneath the operations. */
function createFaults() {
  let armed: { readonly beneath: Beneath; readonly fault: Error; callsLeft: number } | undefined;
  return {
    /** @param call - Which call from now on, from 1. */
    arm(beneath: Beneath, call: number): Error {
      const fault = new Error(DETAIL);
      armed = { beneath, fault, callsLeft: call };
      return fault;
    },
    /** @returns whether the fault has struck. */
    disarm(): boolean {
      const hasStruck = armed !== undefined && armed.callsLeft <= 0;
      armed = undefined;
      return hasStruck;
    },
    /** Makes a function that may fail of one that does not. */
    beneath<Arguments extends unknown[], Result>(
      beneath: Beneath,
      call: (...given: Arguments) => Result,
    ): (...given: Arguments) => Result {
      return (...given) => {
        if (armed?.beneath === beneath && --armed.callsLeft === 0) throw armed.fault;
        return call(...given);
      };
    },
  };
}

async function startFaultyRig() {
  const faults = createFaults();
  let lastByte = 0;
  let lastId = 0;
  const rig = await startMessageRig({
    wrapStore: (store) => {
      const reads = READS.map((name) => {
        const read = store[name] as (...given: unknown[]) => unknown; // each with its own arguments
        return [name, faults.beneath('reads', read)] as const;
      });
      return {
        ...store,
        ...Object.fromEntries(reads),
        commit: faults.beneath('commit', store.commit),
      };
    },
    wrapKeys: ({ seal, open }) => ({
      seal: faults.beneath('keys', seal),
      open: faults.beneath('keys', open),
    }),
    randomness: {
      uuid: faults.beneath(
        'randomness',
        () => `0a0b0c0d-0000-4000-8000-${String(++lastId).padStart(12, '0')}`,
      ),
      bytes: faults.beneath('randomness', (count) => new Uint8Array(count).fill(++lastByte)),
    },
  });
  return { faults, rig };
}

/** All that an operation can change of what is kept. */
async function keptBy({ source, store }: MessageRig) {
  const { id } = source.principal.record.adapter;
  const page = { offset: 0, limit: 100 };
  const { ids } = await store.locateObjects(id, { where: { kind: 'and', of: [] }, ...page });
  return {
    objects: await Promise.all(ids.map((objectId) => store.readObject(id, objectId))),
    requests: await store.listQueuedRequests(id),
    rules: await store.readSetting(rulesSetting(id)),
    certificates: (await store.pageCertificates(id, page)).items,
  };
}

/** Sends a request that is struck once. @returns undefined when the request did not get as far. */
async function strike(
  { faults, rig }: Awaited<ReturnType<typeof startFaultyRig>>,
  item: RequestedItem,
  beneath: Beneath,
  call: number,
) {
  const kept = await keptBy(rig);
  const eventsBefore = (await rig.events()).length;
  const linesBefore = rig.log.lines.length;
  const fault = faults.arm(beneath, call);
  const { header, items } = await rig.answer(aMessage('2.1', [item]));
  if (!faults.disarm()) return { kind: 'missed', items } as const;
  return {
    kind: 'struck',
    fault,
    items,
    correlationId: header.serverCorrelationValue,
    events: (await rig.events()).slice(eventsBefore),
    lines: rig.log.lines.slice(linesBefore),
    before: kept,
    after: await keptBy(rig),
  } as const;
}

describe.each(HANDLED)('%s', (operation) => {
  it.each(BENEATH)('leaves nothing half done when one call fails: %s', async (beneath) => {
    const struckRig = await startFaultyRig();
    const item = await prepare(struckRig.rig, operation);
    let strikes = 0;
    for (;;) {
      const struck = await strike(struckRig, item, beneath, firstCall(beneath) + strikes);
      if (struck.kind === 'missed') {
        expect(struck.items).toMatchObject([{ resultStatus: 'Success' }]);
        break;
      }
      strikes++;
      const { fault, correlationId } = struck;
      expect(struck.items).toMatchObject([
        { operation, resultStatus: 'OperationFailed', resultReason: 'GeneralFailure' },
      ]);
      expect(struck.items[0]?.payload).toBeUndefined();
      expect(struck.items[0]?.resultMessage).toContain(correlationId);
      expect(struck.items[0]?.resultMessage).not.toContain(DETAIL);
      expect(struck.lines.filter(({ fields }) => 'err' in fields)).toMatchObject([
        { level: 'error', fields: { correlationId, err: fault } },
      ]);
      expect(struck.events).toMatchObject([
        { action: kmipOperationAction(operation), outcome: 'failure', correlationId },
      ]);
      expect(JSON.stringify(struck.events)).not.toContain(DETAIL);
      expect(struck.after).toEqual(struck.before);
    }
    const isReached = beneath === 'commit' || REACHED[operation].includes(beneath);
    expect(strikes > 0).toBe(isReached);
  });
});
