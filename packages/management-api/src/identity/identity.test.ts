import { generateKeyPairSync } from 'node:crypto';
import { StoreError } from '@claviger/key-store';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aRig,
  INSTANCE_ID,
  ISSUER,
  logInForm,
  NOW,
  type Rig,
  reasonOf,
} from '../management-api.fixtures.ts';
import { TOKEN_PATHS } from './token-routes.ts';

let rig: Rig;
beforeEach(() => {
  rig = aRig();
});
afterEach(() => rig.close());

function logIn(apiKey: string, url: string = TOKEN_PATHS[0]) {
  return rig.api.inject({ method: 'POST', url, ...logInForm(apiKey) });
}

describe('the token endpoints', () => {
  it.each(TOKEN_PATHS)('gives a token for an API key at %s', async (url) => {
    const answer = await logIn(await rig.apiKeyOf('Manager'), url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      expires_in: 3600,
      expiration: NOW / 1000 + 3600,
      scope: 'ibm openid',
    });
  });

  it('issues the claims that IBM clients read', async () => {
    const { access_token } = (await logIn(await rig.apiKeyOf('Manager'))).json();
    expect(decodeProtectedHeader(access_token)).toEqual({ alg: 'RS256', kid: 'test' });
    const claims = decodeJwt(access_token);
    expect(claims).toMatchObject({
      iam_id: expect.stringMatching(/^iam-ServiceId-/),
      id: claims['iam_id'],
      realmid: 'iam',
      identifier: expect.any(String),
      sub: expect.any(String),
      sub_type: 'ServiceId',
      account: { bss: '0123456789abcdef0123456789abcdef' },
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
      iss: ISSUER,
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      scope: 'ibm openid',
      client_id: expect.any(String),
    });
  });

  it('publishes the key by which its tokens can be checked, and only its public part', async () => {
    const { access_token } = (await logIn(await rig.apiKeyOf('Reader'))).json();
    const keySet = (await rig.api.inject({ url: '/identity/keys' })).json();
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(keySet), {
      currentDate: new Date(NOW),
    });
    expect(payload.iss).toBe(ISSUER);
    expect(Object.keys(keySet.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it.each([
    ['a form without an API key', 'grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey'],
    ['another grant', 'grant_type=password&apikey=x'],
    ['an API key of no form', logInForm('wrong').payload],
    ['an unknown API key', logInForm(`clv-${'0'.repeat(32)}-${'A'.repeat(43)}`).payload],
    ['JSON', '{"apikey":"x"}'],
    ['nothing', ''],
  ])('refuses %s with 400 and a request id', async (_what, payload) => {
    const refused = await rig.api.inject({
      method: 'POST',
      url: '/identity/token',
      payload: payload ?? '',
    });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toEqual({
      errorCode: expect.stringMatching(/^BXNIM\d{4}E$/),
      errorMessage: expect.any(String),
      context: { requestId: refused.headers['correlation-id'] },
    });
  });

  it('refuses an API key of which one character differs', async () => {
    const apiKey = await rig.apiKeyOf('Manager');
    const changed = apiKey.slice(0, 40) + (apiKey[40] === 'A' ? 'B' : 'A') + apiKey.slice(41);
    expect((await logIn(changed)).statusCode).toBe(400);
  });

  it('keeps no API key, only a salted hash', async () => {
    const apiKey = await rig.apiKeyOf('Manager');
    const [record] = await rig.store.listApiKeys();
    expect(record?.saltedHash).toHaveLength(32);
    expect(record?.salt).toHaveLength(16);
    expect(JSON.stringify(record)).not.toContain(apiKey.slice(-43));
  });

  it('makes who fails ten times wait a minute, right key or wrong', async () => {
    const apiKey = await rig.apiKeyOf('Manager');
    for (let count = 0; count < 10; count++) expect((await logIn('wrong')).statusCode).toBe(400);
    const limited = await logIn(apiKey);
    expect([limited.statusCode, limited.headers['retry-after']]).toEqual([429, '60']);
    rig.advance(60_000);
    expect((await logIn(apiKey)).statusCode).toBe(200);
  });

  it('logs failed log-ins without the key that was shown', async () => {
    await logIn('a-secret-typed-wrong');
    expect(rig.logged).toContainEqual(expect.objectContaining({ level: 'warn' }));
    expect(JSON.stringify(rig.logged)).not.toContain('a-secret-typed-wrong');
  });
});

describe('events of log-ins', () => {
  const ACTION = 'claviger.apikey.login';
  const events = async () => (await rig.newEvents()).map(({ body }) => JSON.parse(body));

  it('tell who has logged in, by the id of the API key', async () => {
    const apiKey = await rig.apiKeyOf('Manager');
    const [record] = await rig.store.listApiKeys();
    await logIn(apiKey);
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: ACTION,
      outcome: 'success',
      severity: 'normal',
      reason: { reasonCode: 200 },
      initiator: { id: `iam-ServiceId-${record?.id}`, credential: { type: 'apikey' } },
      target: { id: expect.stringMatching(`:apikey:${record?.id}$`), name: 'a Manager' },
      responseData: { expiration: '2026-11-22T13:00:00Z' },
    });
  });

  it('tell why it failed, which the answer does not', async () => {
    const apiKey = await rig.apiKeyOf('Manager');
    const [record] = await rig.store.listApiKeys();
    await logIn(`${apiKey.slice(0, -1)}${apiKey.endsWith('A') ? 'B' : 'A'}`);
    const [wrong] = await events();
    expect(wrong).toMatchObject({
      action: ACTION,
      outcome: 'failure',
      severity: 'critical',
      initiator: { id: 'anonymous' },
      target: { id: expect.stringMatching(`:apikey:${record?.id}$`) },
      reason: { reasonCode: 401, reasonForFailure: 'The secret part of the API key is wrong.' },
    });
    const by = { at: rig.now(), actor: 'somebody' };
    const changes = [{ kind: 'revoke-api-key', id: record?.id ?? '', by } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    await logIn(apiKey);
    const [revoked] = await events();
    expect(revoked.reason.reasonForFailure).toBe('The API key is revoked.');
    expect(JSON.stringify([wrong, revoked])).not.toContain(apiKey.slice(-20));
  });

  it('bundle a flood from one place into one event a minute and reason, losing no count', async () => {
    for (let count = 0; count < 50; count++) await logIn('wrong');
    const [first, limited, ...others] = await events();
    expect([first.reason.reasonCode, limited.reason.reasonCode]).toEqual([401, 429]);
    expect(others).toEqual([]);
    rig.advance(60_000);
    await logIn('wrong');
    const bundled = await events();
    expect(
      bundled.map(({ reason, requestData }) => [reason.reasonCode, requestData.attempts]),
    ).toEqual([
      [401, 9],
      [429, 39],
      [401, undefined],
    ]);
    expect(bundled[0].requestData).toMatchObject({
      firstAttempt: '2026-11-22T12:00:00.00+0000',
      lastAttempt: '2026-11-22T12:00:00.00+0000',
    });
  });

  it('are written when the server closes, at the latest', async () => {
    for (let count = 0; count < 3; count++) await logIn('wrong');
    await rig.api.close();
    expect((await events()).map(({ requestData }) => requestData.attempts)).toEqual([undefined, 2]);
  });

  it('are a condition of the token: without a record there is none', async () => {
    const broken = aRig({
      wrapStore: (store) => ({
        ...store,
        async commit(unit) {
          if (unit.events.length > 0) throw new StoreError('unavailable', 'disk full');
          return await store.commit(unit);
        },
      }),
    });
    const refused = await broken.api.inject({
      method: 'POST',
      url: TOKEN_PATHS[0],
      ...logInForm(await broken.apiKeyOf('Manager')),
    });
    expect(refused.statusCode).toBe(503);
    expect(refused.body).not.toContain('access_token');
    await broken.close();
  });
});

describe('calls without a token', () => {
  it('are bundled as well, while those of somebody known never are', async () => {
    const anonymous = { headers: { authorization: undefined } };
    for (let count = 0; count < 20; count++) {
      await rig.request('GET', '/keys', undefined, anonymous);
    }
    expect(await rig.newEvents()).toHaveLength(2);
    const reader = { role: 'Reader' } as const;
    for (let count = 0; count < 3; count++) {
      expect((await rig.call('GET', '/kmip_adapters', undefined, reader)).statusCode).toBe(401);
    }
  });
});

describe('who may call', () => {
  const ADAPTERS = '/kmip_adapters';

  it.each([
    ['no Authorization header', undefined, 401],
    ['an empty one', '', 401],
    ['something that is no token', 'Bearer nonsense', 400],
    ['Basic authentication', 'Basic Yng6Yng=', 400],
  ])('refuses %s with %s, by nobody known', async (_what, authorization, status) => {
    const refused = await rig.call('GET', ADAPTERS, undefined, { headers: { authorization } });
    expect(refused.statusCode).toBe(status);
    expect(rig.lastEvent()).toMatchObject({
      outcome: 'failure',
      initiator: { id: 'anonymous', credential: { type: 'public-access' } },
    });
  });

  it('answers 401 with an errorMsg and no reasons', async () => {
    const headers = { authorization: undefined };
    const refused = await rig.call('GET', ADAPTERS, undefined, { headers });
    expect(refused.json()).toEqual({
      metadata: { collectionType: 'application/vnd.ibm.kms.error+json', collectionTotal: 1 },
      resources: [
        { errorMsg: 'Unauthorized: The user does not have access to the specified resource' },
      ],
    });
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.kmip-management.list',
      severity: 'critical',
      reason: { reasonCode: 401 },
    });
  });

  it.each(['Bearer', 'bearer', 'BEARER', ''])(
    'takes the token with the scheme "%s"',
    async (scheme) => {
      const authorization = `${scheme} ${await rig.tokenOf('Manager')}`.trim();
      const answer = await rig.call('GET', ADAPTERS, undefined, { headers: { authorization } });
      expect(answer.statusCode).toBe(200);
    },
  );

  it('refuses a token without a subject with BEARER_SUB_EXTRACTION_ERR', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = await new SignJWT({ iss: ISSUER })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey);
    const headers = { authorization: `Bearer ${token}` };
    const refused = await rig.call('GET', ADAPTERS, undefined, { headers });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'BEARER_SUB_EXTRACTION_ERR']);
    expect(rig.lastEvent().action).toBe('hs-crypto.kmip-management.default');
  });

  it('refuses a token that another key has signed', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const genuine = decodeJwt(await rig.tokenOf('Manager'));
    const token = await new SignJWT(genuine)
      .setProtectedHeader({ alg: 'RS256', kid: 'test' })
      .sign(privateKey);
    const headers = { authorization: `Bearer ${token}` };
    expect((await rig.call('GET', ADAPTERS, undefined, { headers })).statusCode).toBe(401);
  });

  it('refuses a token without a signature', async () => {
    const claims = decodeJwt(await rig.tokenOf('Manager'));
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const headers = { authorization: `Bearer ${part({ alg: 'none' })}.${part(claims)}.` };
    expect((await rig.call('GET', ADAPTERS, undefined, { headers })).statusCode).toBe(401);
  });

  it('refuses a token that has expired', async () => {
    await rig.tokenOf('Manager');
    rig.advance(3_600_001);
    expect((await rig.call('GET', ADAPTERS)).statusCode).toBe(401);
  });

  it('refuses a token at once when its API key is revoked', async () => {
    await rig.tokenOf('Manager');
    const [apiKey] = await rig.store.listApiKeys();
    const by = { at: rig.now(), actor: 'somebody' };
    const changes = [{ kind: 'revoke-api-key', id: apiKey?.id ?? '', by } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    expect((await rig.call('GET', ADAPTERS)).statusCode).toBe(401);
  });

  it('refuses another instance with 401, and a request that names none with 400', async () => {
    const other = await rig.call('GET', ADAPTERS, undefined, {
      headers: { 'bluemix-instance': '00000000-0000-4000-8000-000000000000' },
    });
    expect(other.statusCode).toBe(401);
    const none = await rig.call('GET', ADAPTERS, undefined, {
      headers: { 'bluemix-instance': undefined },
    });
    expect([none.statusCode, reasonOf(none)]).toEqual([400, 'INVALID_HEADER_ERR']);
    const upper = await rig.call('GET', ADAPTERS, undefined, {
      headers: { 'bluemix-instance': INSTANCE_ID.toUpperCase() },
    });
    expect(upper.statusCode).toBe(200);
  });
});
