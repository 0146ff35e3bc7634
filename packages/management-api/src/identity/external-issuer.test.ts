import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, exportJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createExternalIssuer } from './external-issuer.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const OPTIONS = {
  issuer: 'https://login.example',
  jwksUrl: 'https://login.example/keys',
  audience: 'kmip',
  roleClaim: 'groups',
  roles: { 'key-admins': 'Manager', auditors: 'Reader' },
} as const;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEYS = createLocalJWKSet({
  keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }],
});

function aToken(claims: object = {}) {
  const standing = {
    iss: OPTIONS.issuer,
    aud: 'kmip',
    sub: 'alice',
    exp: NOW / 1000 + 60,
    groups: ['key-admins', 'other'],
  };
  return new SignJWT({ ...standing, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .sign(privateKey);
}

const issuer = createExternalIssuer({ now: () => NOW }, OPTIONS, KEYS);

describe('tokens of another issuer', () => {
  it('make their subject a person with the roles of its groups', async () => {
    expect(await issuer.verify(await aToken({ name: 'Alice' }))).toEqual({
      iamId: 'IBMid-alice',
      name: 'Alice',
      kind: 'user',
      credential: 'token',
      roles: ['Manager'],
    });
  });

  it('keep the IAM id of a service, and have no role without a known group', async () => {
    const token = await aToken({ iam_id: 'iam-ServiceId-1', groups: 'constructor' });
    expect(await issuer.verify(token)).toMatchObject({
      iamId: 'iam-ServiceId-1',
      kind: 'service-id',
      roles: [],
    });
  });

  it.each([
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no subject', { sub: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry that has passed', { exp: NOW / 1000 - 1 }],
    ['a subject too long to name', { sub: 'a'.repeat(300) }],
  ])('are refused with %s', async (_what, claims) => {
    const refused = issuer.verify(await aToken(claims));
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED_ERR' });
  });

  it('are answered with 503 while the keys cannot be fetched', async () => {
    const unreachable = createExternalIssuer({ now: () => NOW }, OPTIONS, async () => {
      throw new TypeError('fetch failed');
    });
    const refused = unreachable.verify(await aToken());
    await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE_ERR' });
  });
});
