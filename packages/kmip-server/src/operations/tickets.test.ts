import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { CREDENTIAL_VALUES, encodeItem, type RequestHeader } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { aMessage, parseAnswer, type RequestedItem, successOf } from '../messages.fixtures.ts';
import { create, QUERY } from '../requests.fixtures.ts';
import { MAX_TICKET_SECONDS } from '../tickets/login-tickets.ts';
import { MAX_LOG_MESSAGE_LENGTH } from './log.ts';

type Login = Extract<RequestedItem, { operation: 'Login' }>['payload'];

const PING: RequestedItem = { operation: 'Ping', payload: {} };
const logging = (logMessage: string): RequestedItem => ({
  operation: 'Log',
  payload: { logMessage },
});

let rig: MessageRig;
beforeEach(async () => {
  let last = 0;
  const bytes = (count: number) => new Uint8Array(count).fill(++last);
  rig = await startMessageRig({ randomness: { bytes } });
});

async function login(payload: Partial<Login> = {}): Promise<Uint8Array> {
  const [answer] = await rig.send('2.1', [
    { operation: 'Login', payload: { usageLimits: undefined, ...payload } },
  ]);
  return successOf('Login', answer).ticket.ticketValue;
}

function withTicket(ticketValue: Uint8Array): { readonly header: Partial<RequestHeader> } {
  const ticket = { ticketType: 'Login', ticketValue } as const;
  const credentialValue = encodeItem(CREDENTIAL_VALUES.Ticket, { ticket }, '2.1');
  const credential = [{ credentialType: 'Ticket', credentialValue } as const];
  return { header: { authentication: { credential } } };
}

async function outcome(ticket: Uint8Array, item: RequestedItem = QUERY) {
  const [answer] = await rig.send('2.1', [item], withTicket(ticket));
  return answer?.resultReason ?? answer?.resultStatus;
}

describe('a ticket', () => {
  it('is good for as many messages as were asked for', async () => {
    const ticket = await login({ requestCount: 2 });
    expect([await outcome(ticket), await outcome(ticket), await outcome(ticket)]).toEqual([
      'Success',
      'Success',
      'AuthenticationNotSuccessful',
    ]);
  });

  it('is good for its time; without one for a day', async () => {
    const short = await login({ leaseTime: 60 });
    const long = await login({ leaseTime: 0 });
    rig.clock.advance(60_000);
    expect(await outcome(short)).toBe('AuthenticationNotSuccessful');
    expect(await outcome(long)).toBe('Success');
    rig.clock.advance(MAX_TICKET_SECONDS * 1000);
    expect(await outcome(long)).toBe('AuthenticationNotSuccessful');
  });

  it('is good for neither more nor less when somebody sets the clock', async () => {
    const ticket = await login({ leaseTime: 60 });
    const { clock } = rig;
    clock.set(clock.now() + 5 * 3_600_000);
    expect(await outcome(ticket)).toBe('Success');
    clock.set(clock.now() - 10 * 3_600_000);
    clock.advance(60_000);
    expect(await outcome(ticket)).toBe('AuthenticationNotSuccessful');
  });

  it('is good until Logout, and cannot be ended twice', async () => {
    const ticketValue = await login();
    const logout: RequestedItem = {
      operation: 'Logout',
      payload: { ticket: { ticketType: 'Login', ticketValue } },
    };
    const answers = [...(await rig.send('2.1', [logout])), ...(await rig.send('2.1', [logout]))];
    expect(answers.map(({ resultReason }) => resultReason)).toEqual([undefined, 'InvalidTicket']);
    expect(await outcome(ticketValue)).toBe('AuthenticationNotSuccessful');
  });

  it('that nobody gave out lets nothing happen, and leaves its event', async () => {
    expect(await outcome(new Uint8Array(32), create())).toBe('AuthenticationNotSuccessful');
    expect(await rig.countObjects()).toBe(0);
    const event = (await rig.events()).at(-1);
    assertValidEvent(event);
    expect(event).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'failure',
      reason: { reasonCode: 401 },
    });
  });

  it('is good for the certificate that it was given to, and no other', async () => {
    const ticket = await login();
    const { principal, ...source } = rig.source;
    const { certificate } = principal.record;
    const other = { ...certificate, fingerprintSha256: 'f'.repeat(64) };
    const stranger = { ...principal, record: { ...principal.record, certificate: other } };
    const bytes = aMessage('2.1', [QUERY], withTicket(ticket));
    const processed = await rig.process(bytes, { ...source, principal: stranger });
    expect(processed.kind === 'answer' && parseAnswer(processed.bytes).items).toMatchObject([
      { resultReason: 'AuthenticationNotSuccessful' },
    ]);
  });

  it.each<[string, Partial<Login>, string]>([
    ['no messages', { requestCount: 0 }, 'InvalidField'],
    ['more than a day', { leaseTime: MAX_TICKET_SECONDS + 1 }, 'InvalidField'],
    [
      'a use of keys',
      { usageLimits: { usageLimitsTotal: 1n, usageLimitsUnit: 'Byte' } },
      'FeatureNotSupported',
    ],
  ])('is not given out for %s', async (_, payload, reason) => {
    const [answer] = await rig.send('2.1', [
      { operation: 'Login', payload: { usageLimits: undefined, ...payload } },
    ]);
    expect(answer).toMatchObject({ resultReason: reason });
  });

  it('is in no event and no line', async () => {
    const ticket = await login();
    await outcome(ticket);
    const told = JSON.stringify([await rig.events(), rig.log.lines]);
    expect(told).not.toContain(Buffer.from(ticket).toString('hex'));
    expect(told).not.toContain(Buffer.from(ticket).toString('base64'));
    expect((await rig.events()).map(({ action }) => action)).toEqual([
      'claviger.kmip-ticket.login',
      'claviger.kmip-server.query',
    ]);
  });
});

describe('Log and Ping', () => {
  it('keep a sentence in the audit log, and answer', async () => {
    const answers = await rig.send('2.1', [logging('the backup has begun'), PING]);
    expect(answers.map(({ resultStatus }) => resultStatus)).toEqual(['Success', 'Success']);
    const events = await rig.events();
    for (const event of events) assertValidEvent(event);
    expect(events).toMatchObject([
      {
        action: 'claviger.kmip-server.log',
        requestData: { kmipOperation: 'Log', logMessage: 'the backup has begun' },
      },
      { action: 'claviger.kmip-server.ping' },
    ]);
  });

  it('refuse a sentence that is too long, and take one that looks like a key', async () => {
    const [long] = await rig.send('2.1', [logging('x'.repeat(MAX_LOG_MESSAGE_LENGTH + 1))]);
    expect(long).toMatchObject({ resultReason: 'InvalidField' });
    const [answer] = await rig.send('2.1', [logging('-----BEGIN PRIVATE KEY-----')]);
    expect(answer).toMatchObject({ resultStatus: 'Success' });
  });

  it('are not known in 1.4', async () => {
    const [answer] = await rig.send('1.4', [PING]);
    expect(answer).toMatchObject({ resultReason: 'OperationNotSupported' });
  });
});

describe('Interop', () => {
  const interop = (interopFunction: 'Begin' | 'End' | 'Reset'): RequestedItem => ({
    operation: 'Interop',
    payload: { interopFunction, interopIdentifier: 'TC-LOGIN-1-21' },
  });

  it('takes note of begin and end, and never resets anything', async () => {
    const reasons: (string | undefined)[] = [];
    for (const name of ['Begin', 'End', 'Reset'] as const) {
      const [answer] = await rig.send('2.1', [interop(name)]);
      reasons.push(answer?.resultReason);
    }
    expect(reasons).toEqual([undefined, undefined, 'FeatureNotSupported']);
  });

  it('is not there unless the server is for tests', async () => {
    rig = await startMessageRig({ isForTests: false });
    const [answer] = await rig.send('2.1', [interop('Begin')]);
    expect(answer).toMatchObject({ resultReason: 'OperationNotSupported' });
    const [query] = await rig.send('2.1', [QUERY]);
    expect(successOf('Query', query).operation).not.toContain('Interop');
    expect(successOf('Query', query).operation).toContain('Login');
  });
});
