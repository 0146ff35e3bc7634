/** Tokens of an issuer elsewhere, whose keys are fetched over HTTP as in earnest. */

import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, NOW, type Rig, reasonOf } from '../management-api.fixtures.ts';
import { createExternalIssuer, publishedKeys } from './external-issuer.ts';

interface PublishedKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function aKey(kid: string): PublishedKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

let published: readonly PublishedKey[];
let status: number;
let fetches: number;
let server: Server;
let origin: string;
let rig: Rig;
beforeEach(async () => {
  published = [aKey('k1')];
  status = 200;
  fetches = 0;
  server = createServer(async (_request, response) => {
    fetches += 1;
    const keys = published.map(async ({ kid, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
    }));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: await Promise.all(keys) }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // Listening on an address and port.
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  rig = aRig({ oidc: [issuerOptions()] });
});
afterEach(async () => {
  await rig.close();
  server.closeAllConnections();
  server.close();
});

function issuerOptions() {
  return {
    issuer: origin,
    jwksUrl: `${origin}/keys`,
    audience: 'kmip',
    roleClaim: 'groups',
    roles: { admins: 'Manager' },
  } as const;
}

function claims(overrides: object = {}): JWTPayload {
  const exp = NOW / 1000 + 60;
  return { iss: origin, aud: 'kmip', sub: 'alice', exp, groups: ['admins'], ...overrides };
}

function aToken(overrides?: object, key = published[0]): Promise<string> {
  if (key === undefined) throw new Error('No key is published.');
  return new SignJWT(claims(overrides))
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .sign(key.privateKey);
}

function callWith(token: string) {
  const headers = { authorization: `Bearer ${token}` };
  return rig.request('GET', '/kmip_adapters', undefined, { headers });
}

describe('a token of another issuer', () => {
  it('is taken by the keys that the issuer publishes, which are fetched once', async () => {
    expect((await callWith(await aToken())).statusCode).toBe(200);
    expect((await callWith(await aToken())).statusCode).toBe(200);
    expect(fetches).toBe(1);
    const events = await rig.newEvents();
    expect(JSON.parse(events.at(-1)?.body ?? '').initiator).toMatchObject({
      id: 'IBMid-alice',
      credential: { type: 'token' },
    });
  });

  it.each<[string, object]>([
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no expiry', { exp: undefined }],
    ['an expiry that has passed', { exp: NOW / 1000 - 1 }],
    ['a beginning that is to come', { nbf: NOW / 1000 + 60 }],
  ])('is refused with 401 for %s', async (_what, overrides) => {
    expect((await callWith(await aToken(overrides))).statusCode).toBe(401);
  });

  it('is refused when it has no group of a role', async () => {
    expect((await callWith(await aToken({ groups: ['others'] }))).statusCode).toBe(401);
  });

  it('is refused without a signature (alg none)', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none', kid: 'k1' })}.${part(claims())}.`;
    expect((await callWith(token)).statusCode).toBe(401);
  });

  it('is refused when the public key was used as a secret (HS256)', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims())}`;
    const publicKey = published[0]?.publicKey.export({ type: 'spki', format: 'pem' }) ?? '';
    const signature = createHmac('sha256', publicKey).update(text).digest('base64url');
    expect((await callWith(`${text}.${signature}`)).statusCode).toBe(401);
  });

  it('is refused when the key is not published, and the issuer is not asked each time', async () => {
    await callWith(await aToken());
    for (let count = 0; count < 5; count++) {
      expect((await callWith(await aToken({}, aKey('forged')))).statusCode).toBe(401);
    }
    expect(fetches).toBe(1);
  });

  it.each([
    [
      'answers with an error',
      () => {
        status = 500;
      },
    ],
    [
      'cannot be reached',
      () => {
        server.close();
      },
    ],
  ])('is answered with 503 and no access while the issuer %s', async (_what, breakIt) => {
    const token = await aToken();
    breakIt();
    const refused = await callWith(token);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([503, 'UNAVAILABLE_ERR']);
    expect(refused.json().resources[0].reasons[0].message).toBe(
      'The keys of the token issuer cannot be fetched; try again later.',
    );
    expect(refused.headers['retry-after']).toBe('1');
  });

  it('is taken without asking while the issuer is away for a moment', async () => {
    await callWith(await aToken());
    status = 500;
    expect((await callWith(await aToken())).statusCode).toBe(200);
  });
});

it('the keys of an issuer are fetched again when it has a new one, and the old ones are out', async () => {
  const keys = publishedKeys(issuerOptions().jwksUrl, { coolDownMs: 0 });
  const issuer = createExternalIssuer({ now: () => NOW }, issuerOptions(), keys);
  const old = await aToken();
  expect(await issuer.verify(old)).toMatchObject({ iamId: 'IBMid-alice' });
  published = [aKey('k2')];
  expect(await issuer.verify(await aToken())).toMatchObject({ iamId: 'IBMid-alice' });
  await expect(issuer.verify(old)).rejects.toMatchObject({ code: 'UNAUTHORIZED_ERR' });
  expect(fetches).toBeGreaterThanOrEqual(2);
});
