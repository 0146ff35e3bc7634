import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { CREDENTIAL_VALUES, type Credential, encodeItem } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { aMessage, type RequestedItem, successOf } from '../messages.fixtures.ts';
import { create, destroy, get, locate, QUERY } from '../requests.fixtures.ts';
import { addCredential, aUser, password, showing, ticketOf } from './credential-rig.fixtures.ts';
import { FAILURE_WINDOW_MS, MAX_FAILURES } from './failed-attempts.ts';
import { hashedHalves, hashedPassword, serverHashedPassword } from './hashed-password.ts';
import { oneTimePasswordAt, stepAt } from './one-time-password.ts';

const ANNA = password('anna', 'correct horse');
const BERT = password('bert', 'battery staple');
/** What the maker of the rig takes for random bytes. */
const ONE_TIME_SECRET = new Uint8Array(20).fill(7);

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function outcome(credential: Credential | undefined, item: RequestedItem = QUERY) {
  const options = credential && showing(credential);
  const [answer] = await rig.send('2.1', [item], options);
  return answer?.resultReason ?? answer?.resultStatus;
}

async function createdBy(credential: Credential | undefined): Promise<string> {
  const [answer] = await rig.send('2.1', [create()], credential && showing(credential));
  return String(successOf('Create', answer).uniqueIdentifier);
}

async function locatedBy(credential: Credential | undefined): Promise<readonly string[]> {
  const [answer] = await rig.send('2.1', [locate()], credential && showing(credential));
  return successOf('Locate', answer).uniqueIdentifier.map(String).sort();
}

function device(fields: object): Credential {
  return {
    credentialType: 'Device',
    credentialValue: encodeItem(CREDENTIAL_VALUES.Device, fields, '2.1'),
  };
}

function oneTime(username: string, secret: string | undefined, code: string): Credential {
  const value = { username, password: secret, oneTimePassword: code };
  return {
    credentialType: 'OneTimePassword',
    credentialValue: encodeItem(CREDENTIAL_VALUES.OneTimePassword, value, '2.1'),
  };
}

function hashed(username: string, secret: string, timeStamp: bigint): Credential {
  const halves = hashedHalves('SHA_256', username, secret);
  const value = {
    username,
    timeStamp,
    hashedPassword: hashedPassword('SHA_256', halves, timeStamp),
  };
  return {
    credentialType: 'HashedPassword',
    credentialValue: encodeItem(CREDENTIAL_VALUES.HashedPassword, value, '2.1'),
  };
}

describe('a credential', () => {
  it('counts for nothing where the adapter has none', async () => {
    expect(await outcome(password('administrator', 'whatever'))).toBe('Success');
  });

  it('must be good as soon as the adapter has one', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    expect(await outcome(ANNA)).toBe('Success');
    expect(await outcome(undefined)).toBe('Success');
    for (const wrong of [
      password('anna', 'wrong'),
      password('anna'),
      BERT,
      device({ deviceIdentifier: 'd' }),
    ]) {
      expect(await outcome(wrong, create())).toBe('AuthenticationNotSuccessful');
    }
    expect(await rig.countObjects()).toBe(0);
  });

  it('that is wrong leaves an event with 401, and no password anywhere', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    await outcome(password('anna', 'tr0ub4dor'), create());
    await outcome(ANNA, create());
    const events = await rig.events();
    for (const event of events) assertValidEvent(event);
    expect(events).toMatchObject([
      { outcome: 'failure', reason: { reasonCode: 401 } },
      { outcome: 'success', requestData: { credential: 'anna' } },
    ]);
    const told = JSON.stringify([
      events,
      rig.log.lines,
      await rig.store.listCredentials(rig.source.principal.record.adapter.id),
    ]);
    expect(told).not.toMatch(/tr0ub4dor|correct horse/);
  });

  it('is good for nothing once it was removed, nor are its tickets', async () => {
    const { id } = await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    await addCredential(rig, 'bert', aUser('bert', 'battery staple'));
    const login: RequestedItem = { operation: 'Login', payload: { usageLimits: undefined } };
    const [answer] = await rig.send('2.1', [login], showing(ANNA));
    const ticket = ticketOf(successOf('Login', answer).ticket.ticketValue);
    expect([await outcome(ANNA), await outcome(ticket)]).toEqual(['Success', 'Success']);
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'delete-credential', id }],
      events: [],
    });
    const refused = 'AuthenticationNotSuccessful';
    expect([await outcome(ANNA), await outcome(ticket)]).toEqual([refused, refused]);
  });

  it('must be the same where several are shown', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    await addCredential(rig, 'bert', aUser('bert', 'battery staple'));
    const [both] = await rig.send('2.1', [QUERY], showing(ANNA, BERT));
    expect(both).toMatchObject({ resultReason: 'AuthenticationNotSuccessful' });
    const [twice] = await rig.send('2.1', [QUERY], showing(ANNA, ANNA));
    expect(twice).toMatchObject({ resultStatus: 'Success' });
  });

  it('cannot be guessed: after too many failures a certificate waits, and who was known goes on', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    await addCredential(rig, 'bert', aUser('bert', 'battery staple'));
    expect(await outcome(ANNA)).toBe('Success');
    for (let count = 0; count < MAX_FAILURES; count++) {
      expect(await outcome(password('bert', `guess ${count}`))).toBe('AuthenticationNotSuccessful');
    }
    expect(await outcome(BERT)).toBe('AuthenticationNotSuccessful');
    expect(await outcome(ANNA)).toBe('Success');
    rig.clock.set(rig.clock.now() - 5 * 3_600_000); // which makes nobody wait for hours
    rig.clock.advance(FAILURE_WINDOW_MS);
    expect(await outcome(BERT)).toBe('Success');
  }, 60_000);

  it('that many show at once is checked once', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(ANNA)));
    expect(new Set(outcomes)).toEqual(new Set(['Success']));
  }, 60_000);

  it('of an attestation is refused: none can be verified', async () => {
    const value = {
      nonce: { nonceID: Uint8Array.of(1), nonceValue: Uint8Array.of(2) },
      attestationType: 'TPMQuote',
      attestationMeasurement: Uint8Array.of(3),
    } as const;
    const attestation: Credential = {
      credentialType: 'Attestation',
      credentialValue: encodeItem(CREDENTIAL_VALUES.Attestation, value, '2.1'),
    };
    expect(await outcome(attestation)).toBe('AttestationFailed');
  });
});

describe('a device', () => {
  it('shows every field that it has, and its secret', async () => {
    const fields = { deviceIdentifier: 'd1', networkIdentifier: 'n1' };
    await addCredential(rig, 'tape', { kind: 'device', device: fields, password: 'secret' });
    await addCredential(rig, 'open', { kind: 'device', device: { mediaIdentifier: 'm1' } });
    const refused = 'AuthenticationNotSuccessful';
    const rows: readonly (readonly [object, string])[] = [
      [{ ...fields, password: 'secret' }, 'Success'],
      [{ ...fields, password: 'other' }, refused],
      [fields, refused],
      [{ deviceIdentifier: 'd1', password: 'secret' }, refused],
      [{ ...fields, machineIdentifier: 'x', password: 'secret' }, refused],
      [{ mediaIdentifier: 'm1' }, 'Success'],
      [{ mediaIdentifier: 'm1', password: 'any' }, refused],
      [{ password: 'secret' }, 'InvalidField'],
    ];
    for (const [shown, expected] of rows) expect(await outcome(device(shown))).toBe(expected);
  });
});

describe('a one-time password', () => {
  it('is good once, with the password, and not the password alone', async () => {
    await addCredential(
      rig,
      'anna',
      aUser('anna', 'correct horse', { needsOneTimePassword: true }),
    );
    const code = oneTimePasswordAt(ONE_TIME_SECRET, stepAt(rig.clock.now()));
    const refused = 'AuthenticationNotSuccessful';
    expect(await outcome(ANNA)).toBe(refused);
    expect(await outcome(oneTime('anna', undefined, code))).toBe(refused);
    expect(await outcome(oneTime('anna', 'correct horse', '000000'))).toBe(refused);
    expect(await outcome(oneTime('anna', 'correct horse', code))).toBe('Success');
    expect(await outcome(oneTime('anna', 'correct horse', code))).toBe(refused);
    rig.clock.advance(30_000);
    const next = oneTimePasswordAt(ONE_TIME_SECRET, stepAt(rig.clock.now()));
    expect(await outcome(oneTime('anna', 'correct horse', next))).toBe('Success');
  });

  // RFC 6238, appendix B, for SHA-1; its passwords have eight digits, ours are the last six.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at second %i is that of the RFC', (seconds, expected) => {
    const secret = Buffer.from('12345678901234567890', 'ascii');
    expect(oneTimePasswordAt(secret, stepAt(seconds * 1000))).toBe(expected);
  });
});

describe('a hashed password', () => {
  it('is good once for each time, and the server shows that it knows the password', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse', { acceptsHashed: true }));
    const now = BigInt(rig.clock.now()) * 1000n;
    const shown = hashed('anna', 'correct horse', now);
    const { header } = await rig.answer(aMessage('2.1', [QUERY], showing(shown)));
    const halves = hashedHalves('SHA_256', 'anna', 'correct horse');
    expect(header.serverHashedPassword).toEqual(serverHashedPassword('SHA_256', halves, now));
    const refused = 'AuthenticationNotSuccessful';
    expect(await outcome(shown)).toBe(refused);
    expect(await outcome(hashed('anna', 'correct horse', now - 1n))).toBe(refused);
    expect(await outcome(hashed('anna', 'wrong', now + 1n))).toBe(refused);
    expect(await outcome(hashed('anna', 'correct horse', now + 3_600_000_000n))).toBe(refused);
    expect(await outcome(hashed('anna', 'correct horse', now + 1n))).toBe('Success');
    expect(await outcome(ANNA)).toBe('Success');
  });

  it('is not taken for a user who has none', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    const now = BigInt(rig.clock.now()) * 1000n;
    expect(await outcome(hashed('anna', 'correct horse', now))).toBe('AuthenticationNotSuccessful');
  });

  it('cannot be checked while the root key is disabled', async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse', { acceptsHashed: true }));
    await rig.setRootKeyState('disabled');
    const source = await rig.reconnect();
    const now = BigInt(rig.clock.now()) * 1000n;
    const bytes = aMessage('2.1', [QUERY], showing(hashed('anna', 'correct horse', now)));
    expect((await rig.process(bytes, source)).kind).toBe('answer');
    const event = (await rig.events()).at(-1);
    expect(event).toMatchObject({ outcome: 'failure', reason: { reasonCode: 409 } });
  });
});

describe('an object', () => {
  beforeEach(async () => {
    await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
    await addCredential(rig, 'bert', aUser('bert', 'battery staple'));
  });

  it('belongs to the credential that made it (1.4 §3.18.2)', async () => {
    const hers = await createdBy(ANNA);
    for (const item of [get(hers), destroy(hers)]) {
      expect(await outcome(BERT, item)).toBe('PermissionDenied');
      expect(await outcome(undefined, item)).toBe('PermissionDenied');
      expect(await outcome(ANNA, item)).toBe('Success');
    }
    expect((await rig.events()).filter(({ reason }) => reason.reasonCode === 403)).toHaveLength(4);
  });

  it('belongs to every client of the adapter when it was made without one', async () => {
    const open = await createdBy(undefined);
    for (const credential of [ANNA, BERT, undefined]) {
      expect(await outcome(credential, get(open))).toBe('Success');
    }
  });

  it('is found by those who may use it', async () => {
    const open = await createdBy(undefined);
    const hers = await createdBy(ANNA);
    const his = await createdBy(BERT);
    expect(await locatedBy(ANNA)).toEqual([open, hers].sort());
    expect(await locatedBy(BERT)).toEqual([open, his].sort());
    expect(await locatedBy(undefined)).toEqual([open]);
  });

  it('goes on to belong to it when another of the same name takes its place', async () => {
    const hers = await createdBy(ANNA);
    const changes = [{ kind: 'delete-credential', id: 'credential anna' } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    await addCredential(rig, 'anna', aUser('anna', 'another one'));
    expect(await outcome(password('anna', 'another one'), get(hers))).toBe('Success');
  });
});
