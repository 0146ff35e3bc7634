import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, aRootKeyIn, type Rig, reasonOf } from '../management-api.fixtures.ts';

const PLAINTEXT = Buffer.from('a key of some program').toString('base64');
const AS_READER = { role: 'Reader' } as const;

describe('data of clients', () => {
  let rig: Rig;
  let id: string;
  beforeEach(async () => {
    rig = aRig();
    id = await aRootKeyIn(rig);
  });
  afterEach(() => rig.close());

  const act = (action: string, body?: unknown, keyId = id) =>
    rig.call('POST', `/keys/${keyId}/actions/${action}`, body, AS_READER);
  const wrapped = async (body: object = {}): Promise<string> =>
    (await act('wrap', { plaintext: PLAINTEXT, ...body })).json().ciphertext;

  it('is wrapped and unwrapped by the newest version', async () => {
    const answer = await act('wrap', { plaintext: PLAINTEXT });
    expect(answer.statusCode).toBe(200);
    const { ciphertext, keyVersion } = answer.json();
    expect(answer.json()).toEqual({
      ciphertext: expect.any(String),
      keyVersion: { id: expect.any(String) },
    });
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.wrap',
      responseData: { keyVersionId: keyVersion.id },
    });
    const unwrapped = await act('unwrap', { ciphertext });
    expect(unwrapped.json()).toEqual({ plaintext: PLAINTEXT, keyVersion });
    const versions = await rig.call('GET', `/keys/${id}/versions`);
    expect(versions.json().resources[0].id).toBe(keyVersion.id);
  });

  it.each([
    ['an empty object', {}],
    ['nothing', undefined],
    ['null', 'null'],
  ])('is made and told once when there is %s to wrap', async (_what, body) => {
    const { plaintext, ciphertext } = (await act('wrap', body)).json();
    expect(Buffer.from(plaintext, 'base64')).toHaveLength(32);
    expect((await act('unwrap', { ciphertext })).json().plaintext).toBe(plaintext);
  });

  it('comes wrapped anew when an older version had wrapped it', async () => {
    const old = await wrapped();
    const before = (await act('unwrap', { ciphertext: old })).json();
    await rig.call('POST', `/keys/${id}/actions/rotate`);
    const after = (await act('unwrap', { ciphertext: old })).json();
    expect(after).toMatchObject({ plaintext: PLAINTEXT, keyVersion: before.keyVersion });
    expect(after.rewrappedKeyVersion).not.toEqual(before.keyVersion);
    const fresh = (await act('unwrap', { ciphertext: after.ciphertext })).json();
    expect(fresh).toEqual({ plaintext: PLAINTEXT, keyVersion: after.rewrappedKeyVersion });
    const rewrapped = (await act('rewrap', { ciphertext: old })).json();
    expect(rewrapped).toMatchObject({
      keyVersion: before.keyVersion,
      rewrappedKeyVersion: after.rewrappedKeyVersion,
    });
    expect(rig.lastEvent().responseData).toMatchObject({
      rewrappedKeyVersionId: after.rewrappedKeyVersion.id,
    });
    expect((await act('unwrap', { ciphertext: rewrapped.ciphertext })).json()).toEqual(fresh);
  });

  it('needs the same additional data in the same order', async () => {
    const ciphertext = await wrapped({ aad: ['one', 'two'] });
    expect((await act('unwrap', { ciphertext, aad: ['one', 'two'] })).statusCode).toBe(200);
    for (const aad of [['two', 'one'], ['one'], ['onetwo'], undefined]) {
      const refused = await act('unwrap', { ciphertext, aad });
      expect([refused.statusCode, reasonOf(refused)]).toEqual([
        422,
        'UNPROCESSABLE_CIPHERTEXT_ERR',
      ]);
      expect(rig.lastEvent().reason.reasonCode).toBe(422);
    }
  });

  it('stays wrapped when the ciphertext is of another key, changed, or none at all', async () => {
    const ciphertext = await wrapped();
    const other = await aRootKeyIn(rig);
    const parts = JSON.parse(Buffer.from(ciphertext, 'base64').toString('utf8'));
    const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
    const refusals = [
      await act('unwrap', { ciphertext }, other),
      await act('unwrap', { ciphertext: packed({ ...parts, ciphertext: 'AAAA' }) }),
      await act('unwrap', { ciphertext: packed({ ...parts, handle: other }) }),
      await act('rewrap', { ciphertext: packed([]) }),
      await act('unwrap', { ciphertext: 'AAAA' }),
    ];
    expect(refusals.map(({ statusCode }) => statusCode)).toEqual(refusals.map(() => 422));
  });

  it.each([
    ['wrap', 'plaintext', { plaintext: '%' }, 'INVALID_FIELD_ERR'],
    ['unwrap', 'ciphertext', { ciphertext: 7 }, 'INVALID_FIELD_ERR'],
    ['unwrap', 'ciphertext', {}, 'INVALID_FIELD_ERR'],
    ['wrap', 'aad', { aad: [''] }, 'INVALID_FIELD_ERR'],
    ['wrap', 'aad', { aad: ['\ud800'] }, 'INVALID_FIELD_ERR'],
    ['wrap', undefined, { other: 1 }, 'BAD_BODY_ERR'],
    ['unwrap', undefined, undefined, 'NO_BODY_ERR'],
  ])('is refused with 400 when %s has a wrong %s: %j', async (action, field, body, code) => {
    const refused = await act(action, body);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, code]);
    expect(refused.json().resources[0].reasons[0].target?.name).toBe(field);
  });

  it('is out of reach while the key is disabled, and when it is deleted', async () => {
    const ciphertext = await wrapped();
    await rig.call('POST', `/keys/${id}/actions/disable`);
    const disabled = await act('unwrap', { ciphertext });
    expect([disabled.statusCode, reasonOf(disabled)]).toEqual([
      409,
      'KEY_ACTION_INVALID_STATE_ERR',
    ]);
    await rig.call('DELETE', `/keys/${id}`);
    const deleted = await act('unwrap', { ciphertext });
    expect([deleted.statusCode, reasonOf(deleted)]).toEqual([410, 'KEY_DELETED_ERR']);
    expect(rig.lastEvent().reason).toMatchObject({ reasonCode: 410, reasonType: 'Gone' });
  });

  it('is told to no log', async () => {
    const { plaintext, ciphertext } = (await act('wrap')).json();
    await act('unwrap', { ciphertext });
    const events = await rig.store.listEvents({ afterSequence: 0, limit: 100 });
    const text = events.map(({ body }) => body).join();
    expect(text).not.toContain(plaintext);
    expect(text).not.toContain(ciphertext);
  });
});

describe('the old form of actions', () => {
  it('does the same as the new one, and the event tells the path that was called', async () => {
    const rig = aRig();
    const id = await aRootKeyIn(rig);
    const ask = (query: string, body?: unknown) => rig.call('POST', `/keys/${id}?${query}`, body);
    const { ciphertext, plaintext } = (await ask('action=wrap', {})).json();
    expect((await ask('action=unwrap', { ciphertext })).json().plaintext).toBe(plaintext);
    for (const action of ['rotate', 'disable']) {
      expect((await ask(`action=${action}`)).statusCode).toBe(204);
    }
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.disable',
      requestData: { requestURI: `/api/v2/keys/${id}` },
    });
    rig.advance(30_000);
    expect((await ask('action=enable')).statusCode).toBe(204);
    const unknown = await ask('action=nonsense');
    expect([unknown.statusCode, reasonOf(unknown)]).toEqual([404, 'OPERATION_NOT_OFFERED_ERR']);
    for (const query of ['action=', 'action=../x', 'other=1']) {
      const refused = await ask(query);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([405, 'METHOD_NOT_ALLOWED_ERR']);
    }
    await rig.close();
  });
});
