import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadProfiles, parseProfiles } from './certificate-profile.ts';
import { AUTHORITY, aTemporaryDirectory, PROFILES } from './certificates.fixtures.ts';

const SHIPPED = fileURLToPath(new URL('../../../certs/profiles.json', import.meta.url));
const failing = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid-profile', message: expect.stringMatching(message) });

describe('loadProfiles', () => {
  it('loads the profiles in certs/', async () => {
    const { certificateAuthority, server, client } = await loadProfiles(SHIPPED);
    expect(certificateAuthority.keyUsage).toContain('keyCertSign');
    // vSphere wants an RSA key of 2048 bits or more from a server.
    expect(server).toMatchObject({ key: { algorithm: 'RSA' }, extendedKeyUsage: ['serverAuth'] });
    expect(client.extendedKeyUsage).toEqual(['clientAuth']);
  });

  it('names a file that is missing', async () => {
    await expect(loadProfiles('/no/such/profiles.json')).rejects.toThrow(
      failing(/cannot read .*\/no\/such\/profiles\.json/),
    );
  });

  it.each([
    ['no JSON', '{'],
    ['a wrong field', JSON.stringify({ ...PROFILES, client: 1 })],
  ])('names the file that has %s', async (_, text) => {
    const path = join(aTemporaryDirectory(), 'profiles.json');
    writeFileSync(path, text);
    await expect(loadProfiles(path)).rejects.toThrow(failing(/profiles\.json: /));
  });
});

describe('parseProfiles', () => {
  it('accepts what is right, unchanged', () => {
    expect(parseProfiles(structuredClone(PROFILES))).toEqual(PROFILES);
  });

  it.each<[string, unknown, RegExp]>([
    ['null', null, /the file must be an object/],
    [
      'a missing profile',
      { certificateAuthority: AUTHORITY, server: PROFILES.server },
      /^client must be an object/,
    ],
    ['an unknown profile', { ...PROFILES, root: {} }, /the file\.root is not known/],
  ])('refuses %s', (_, value, message) => {
    expect(() => parseProfiles(value)).toThrow(failing(message));
  });

  it.each<[string, object, RegExp]>([
    ['a misspelt field', { validityDay: 1 }, /^client\.validityDay is not known/],
    ['a fraction of a day', { validityDays: 1.5 }, /^client\.validityDays/],
    ['no day', { validityDays: 0 }, /^client\.validityDays/],
    ['two hundred years', { validityDays: 73_000 }, /^client\.validityDays/],
    ['a small RSA key', { key: { algorithm: 'RSA', bits: 1024 } }, /^client\.key must be/],
    [
      'an RSA key with a curve',
      { key: { algorithm: 'RSA', bits: 2048, curve: 'P-256' } },
      /^client\.key/,
    ],
    ['an unknown curve', { key: { algorithm: 'EC', curve: 'P-192' } }, /^client\.key/],
    ['an unknown usage', { keyUsage: ['everything'] }, /^client\.keyUsage must be a list of/],
    ['a usage that is no list', { extendedKeyUsage: 'clientAuth' }, /^client\.extendedKeyUsage/],
    [
      'a leaf that signs',
      { keyUsage: ['keyCertSign'] },
      /^client\.keyUsage must not include keyCertSign/,
    ],
    ['no common name', { subject: { organization: 'x' } }, /^client\.subject\.commonName/],
    ['an empty name', { subject: { commonName: '' } }, /^client\.subject\.commonName/],
    ['a long name', { subject: { commonName: 'x'.repeat(65) } }, /1 to 64 characters/],
    ['a country', { subject: { commonName: 'x', country: 'DE' } }, /^client\.subject\.country/],
  ])('refuses %s', (_, change, message) => {
    const value = { ...PROFILES, client: { ...PROFILES.client, ...change } };
    expect(() => parseProfiles(value)).toThrow(failing(message));
  });

  it('refuses an authority that may not sign', () => {
    const certificateAuthority = { ...AUTHORITY, keyUsage: ['cRLSign'] };
    expect(() => parseProfiles({ ...PROFILES, certificateAuthority })).toThrow(
      failing(/^certificateAuthority\.keyUsage must include keyCertSign/),
    );
  });
});
