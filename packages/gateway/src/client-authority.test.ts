import { chmod, copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientCertificateIssuer } from '@claviger/management-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAuthorityOf } from './client-authority.ts';
import { loadSettings } from './config/load-settings.ts';
import { dataDirectoryAt } from './data-directory.ts';
import { aTemporaryDirectory } from './gateway.fixtures.ts';
import { ensurePki } from './server-certificate.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

async function settingsOf(environment: Record<string, string> = {}) {
  return await loadSettings({
    environment: { ...directory.environment, ...environment },
    overrides: [],
    workingDirectory: directory.path,
  });
}

let folders = 0;
const aDataDirectory = () => dataDirectoryAt(join(directory.path, `data-${folders++}`));
const now = () => Date.now();
const fingerprintOf = async (issuer: ClientCertificateIssuer) =>
  (await issuer.authority()).certificate.fingerprintSha256;

describe('the authority of the data directory', () => {
  it('is made when it is needed first, and signs the server too', async () => {
    const data = aDataDirectory();
    const settings = await settingsOf();
    const issuer = await clientAuthorityOf(settings, data, now);
    await expect(stat(data.pkiPath)).rejects.toThrow('ENOENT');
    const { certificate, privateKeyPem } = await issuer.authority();
    expect(certificate.isCa).toBe(true);
    expect(privateKeyPem).toContain('PRIVATE KEY');
    const { ca } = await ensurePki(settings, data, now);
    expect(ca.certificate.fingerprintSha256).toBe(certificate.fingerprintSha256);
  });

  it('is not used when others can read its key', async () => {
    const data = aDataDirectory();
    const issuer = await clientAuthorityOf(await settingsOf(), data, now);
    await issuer.authority();
    await chmod(join(data.pkiPath, 'ca.key'), 0o640);
    await expect(issuer.authority()).rejects.toThrow(/ca\.key is open to others.*chmod 600/);
  });
});

describe('an authority from files', () => {
  async function files() {
    const data = aDataDirectory();
    const pki = await ensurePki(await settingsOf(), data, now);
    const paths = {
      certificate: join(directory.path, `ca-${folders}.crt`),
      key: join(directory.path, `ca-${folders}.key`),
    };
    await copyFile(pki.ca.certificatePath, paths.certificate);
    await copyFile(pki.ca.keyPath, paths.key);
    const environment = {
      CLAVIGER_CLIENTS__AUTHORITY_CERTIFICATE_FILE: paths.certificate,
      CLAVIGER_CLIENTS__AUTHORITY_KEY_FILE: paths.key,
    };
    return {
      pki,
      paths,
      issuer: await clientAuthorityOf(await settingsOf(environment), data, now),
    };
  }

  it('is read at each use', async () => {
    const { issuer, pki, paths } = await files();
    expect(await fingerprintOf(issuer)).toBe(pki.ca.certificate.fingerprintSha256);
    const other = await ensurePki(await settingsOf(), aDataDirectory(), now);
    await copyFile(other.ca.certificatePath, paths.certificate);
    await expect(issuer.authority()).rejects.toThrow(/is not the private key of/);
    await rm(paths.key);
    await copyFile(other.ca.keyPath, paths.key);
    expect(await fingerprintOf(issuer)).toBe(other.ca.certificate.fingerprintSha256);
  });

  it('is refused when it is no authority', async () => {
    const { issuer, pki, paths } = await files();
    await copyFile(pki.client.certificatePath, paths.certificate);
    await writeFile(paths.key, '');
    await copyFile(pki.client.keyPath, paths.key);
    await expect(issuer.authority()).rejects.toThrow(/is no certificate authority/);
  });

  it('is refused when it is not there', async () => {
    const { issuer, paths } = await files();
    await rm(paths.key);
    await expect(issuer.authority()).rejects.toThrow(/private key .* cannot be read \(ENOENT\)/);
  });
});

it('what is issued lives no longer than the setting allows', async () => {
  const settings = await settingsOf({ CLAVIGER_CLIENTS__MAX_VALIDITY_DAYS: '90' });
  const { maxValidityDays, profile } = await clientAuthorityOf(settings, aDataDirectory(), now);
  expect({ maxValidityDays, byDefault: profile.validityDays }).toEqual({
    maxValidityDays: 90,
    byDefault: 90,
  });
});
