import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type Attribute, attribute, type Rights } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import {
  addCredential,
  aUser,
  password,
  showing,
  ticketOf,
} from '../credentials/credential-rig.fixtures.ts';
import { aMessage, parseAnswer, type RequestedItem, successOf } from '../messages.fixtures.ts';
import { create, destroy, get, locate, QUERY } from '../requests.fixtures.ts';

type Delegation = Extract<RequestedItem, { operation: 'DelegatedLogin' }>['payload'];
type Right = Rights['right'][number];

const ANNA = password('anna', 'correct horse');

let rig: MessageRig;
let lastTicket = 0;
beforeEach(async () => {
  lastTicket = 0;
  const bytes = (count: number) => new Uint8Array(count).fill(++lastTicket);
  rig = await startMessageRig({ randomness: { bytes } });
});

function delegating(right: readonly Right[], more: Partial<Delegation> = {}): RequestedItem {
  const payload = { usageLimits: undefined, rights: { right: [...right] }, ...more };
  return { operation: 'DelegatedLogin', payload };
}

async function delegate(
  right: readonly Right[],
  options?: ReturnType<typeof showing>,
  more?: Partial<Delegation>,
): Promise<Uint8Array> {
  const [answer] = await rig.send('2.1', [delegating(right, more)], options);
  return successOf('DelegatedLogin', answer).ticket.ticketValue;
}

async function outcome(ticket: Uint8Array, item: RequestedItem) {
  const [answer] = await rig.send('2.1', [item], showing(ticketOf(ticket)));
  return answer?.resultReason ?? answer?.resultStatus;
}

async function made(...attributes: readonly Attribute[]): Promise<string> {
  const [answer] = await rig.send('2.1', [create(...attributes)]);
  return String(successOf('Create', answer).uniqueIdentifier);
}

const operations = (...operation: readonly ('Get' | 'Locate' | 'Query' | 'DelegatedLogin')[]) => ({
  operations: { operation: [...operation] },
});

describe('Delegated Login', () => {
  it('gives a ticket for the operations of its Rights, and no others', async () => {
    const id = await made();
    const ticket = await delegate([operations('Get'), operations('Query')]);
    expect(await outcome(ticket, get(id))).toBe('Success');
    expect(await outcome(ticket, QUERY)).toBe('Success');
    expect(await outcome(ticket, destroy(id))).toBe('PermissionDenied');
    expect(await outcome(ticket, create())).toBe('PermissionDenied');
  });

  it('gives one for certain objects, which alone it finds', async () => {
    const mine = await made();
    const other = await made();
    const ticket = await delegate([{ objects: { uniqueIdentifier: [mine] } }]);
    expect(await outcome(ticket, get(mine))).toBe('Success');
    expect(await outcome(ticket, get(other))).toBe('PermissionDenied');
    expect(await outcome(ticket, create())).toBe('PermissionDenied');
    const [answer] = await rig.send('2.1', [locate()], showing(ticketOf(ticket)));
    expect(successOf('Locate', answer).uniqueIdentifier).toEqual([mine]);
    expect(await rig.countObjects()).toBe(2);
  });

  it('gives one for groups of objects', async () => {
    const inside = await made(attribute('ObjectGroup', 'tapes'));
    const outside = await made(attribute('ObjectGroup', 'disks'));
    const ticket = await delegate([
      { ...operations('Get', 'Locate'), objectGroups: { objectGroup: ['tapes'] } },
    ]);
    expect(await outcome(ticket, get(inside))).toBe('Success');
    expect(await outcome(ticket, get(outside))).toBe('PermissionDenied');
    const [answer] = await rig.send('2.1', [locate()], showing(ticketOf(ticket)));
    expect(successOf('Locate', answer).uniqueIdentifier).toEqual([inside]);
  });

  it('gives one to hand on: good for other certificates of the adapter', async () => {
    const ticket = await delegate([operations('Query')]);
    const { principal, ...source } = rig.source;
    const { certificate } = principal.record;
    const other = { ...certificate, fingerprintSha256: 'f'.repeat(64) };
    const colleague = { ...principal, record: { ...principal.record, certificate: other } };
    const bytes = aMessage('2.1', [QUERY], showing(ticketOf(ticket)));
    const processed = await rig.process(bytes, { ...source, principal: colleague });
    expect(processed.kind === 'answer' && parseAnswer(processed.bytes).items).toMatchObject([
      { resultStatus: 'Success' },
    ]);
  });

  it('gives no way to answers of asynchronous requests that its Rights do not have', async () => {
    const id = await made();
    const [pending] = await rig.send('2.1', [get(id)], {
      header: { asynchronousIndicator: 'Mandatory' },
    });
    const asynchronousCorrelationValue = pending?.asynchronousCorrelationValue ?? new Uint8Array();
    expect(asynchronousCorrelationValue).not.toEqual(new Uint8Array());
    const polling: RequestedItem = { operation: 'Poll', payload: { asynchronousCorrelationValue } };
    const canceling: RequestedItem = {
      operation: 'Cancel',
      payload: { asynchronousCorrelationValue },
    };
    const stranger = await delegate([
      { operations: { operation: ['Poll', 'Cancel', 'Query'] } },
      { ...operations('Get'), objects: { uniqueIdentifier: [id] } },
    ]);
    const [canceled] = await rig.send('2.1', [canceling], showing(ticketOf(stranger)));
    expect(successOf('Cancel', canceled).cancellationResult).toBe('Unavailable');
    expect(await outcome(stranger, polling)).toBe('InvalidAsynchronousCorrelationValue');
    const reader = await delegate([{ operations: { operation: ['Poll', 'Get'] } }]);
    expect(await outcome(reader, polling)).toBe('Success');
  });

  it('never gives more than who asks for it has', async () => {
    const id = await made();
    const first = await delegate([operations('Get', 'DelegatedLogin')]);
    const second = await delegate([operations('Get', 'Query')], showing(ticketOf(first)));
    expect(await outcome(second, get(id))).toBe('Success');
    expect(await outcome(second, QUERY)).toBe('PermissionDenied');
    const bound = await delegate([{ objects: { uniqueIdentifier: [id] } }]);
    expect(await outcome(bound, delegating([operations('Get')]))).toBe('PermissionDenied');
  });

  it('ends with the ticket that it hangs on, and uses that up', async () => {
    const first = await delegate([{}], undefined, { requestCount: 3 });
    const second = await delegate([operations('Query')], showing(ticketOf(first)));
    expect(await outcome(second, QUERY)).toBe('Success');
    expect(await outcome(second, QUERY)).toBe('Success');
    expect(await outcome(second, QUERY)).toBe('AuthenticationNotSuccessful');
    const third = await delegate([{}]);
    const fourth = await delegate([operations('Query')], showing(ticketOf(third)));
    const ticket = { ticketType: 'Login', ticketValue: third } as const;
    await rig.send('2.1', [{ operation: 'Logout', payload: { ticket } }]);
    expect(await outcome(fourth, QUERY)).toBe('AuthenticationNotSuccessful');
  });

  it('counts operations where Usage Limits are asked for', async () => {
    const usageLimits = { usageLimitsTotal: 3n, usageLimitsUnit: 'Object' } as const;
    const ticket = await delegate([{}], undefined, { usageLimits });
    const options = showing(ticketOf(ticket));
    expect(await rig.send('2.1', [QUERY, QUERY], options)).toHaveLength(2);
    const [answer] = await rig.send('2.1', [QUERY, QUERY], options);
    expect(answer).toMatchObject({ resultReason: 'AuthenticationNotSuccessful' });
    expect(await outcome(ticket, QUERY)).toBe('Success');
  });

  it('lets the holder use what belongs to the credential of who gave it', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    const [answer] = await rig.send('2.1', [create()], showing(ANNA));
    const hers = String(successOf('Create', answer).uniqueIdentifier);
    const ticket = await delegate([operations('Get')], showing(ANNA));
    expect(await outcome(ticket, get(hers))).toBe('Success');
    expect(await outcome(await delegate([{}]), get(hers))).toBe('PermissionDenied');
  });

  it.each<[string, readonly Right[], string]>([
    ['no Rights', [], 'InvalidField'],
    ['too many Rights', Array.from({ length: 17 }, () => ({})), 'InvalidField'],
    [
      'too many names',
      [{ objectGroups: { objectGroup: Array.from({ length: 65 }, (_, n) => `g${n}`) } }],
      'InvalidField',
    ],
    [
      'Usage Limits of a Right',
      [{ usageLimits: { usageLimitsTotal: 1n, usageLimitsUnit: 'Object' } }],
      'FeatureNotSupported',
    ],
  ])('refuses %s, and leaves its event', async (_, right, reason) => {
    const [answer] = await rig.send('2.1', [delegating(right)]);
    expect(answer).toMatchObject({ resultReason: reason });
    const event = (await rig.events()).at(-1);
    assertValidEvent(event);
    expect(event).toMatchObject({ action: 'claviger.kmip-ticket.delegate', outcome: 'failure' });
  });
});
