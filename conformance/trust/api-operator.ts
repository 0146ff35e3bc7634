/** An operator who uses the API. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectManagement } from '../management-client.ts';
import type { IdentityFormat, Operator } from './operator.ts';
import { unpackPkcs12 } from './unpack-pkcs12.ts';

const Named = z.object({ id: z.string() });
const Signed = z.object({ certificate: z.string() });
const Pair = Signed.extend({ private_key: z.string() });
const Packed = z.object({ pkcs12: z.base64() });
const Refused = z
  .object({
    subject: z.string(),
    fingerprint_sha256: z.string(),
    fingerprint_sha1: z.string(),
    address: z.string(),
    reason: z.string(),
    attempts: z.number(),
    first_at: z.string(),
    last_at: z.string(),
  })
  .transform((entry) => ({
    ...entry,
    fingerprintSha256: entry.fingerprint_sha256,
    fingerprintSha1: entry.fingerprint_sha1,
    firstAt: entry.first_at,
    lastAt: entry.last_at,
  }));

const PASSWORD = 'a password for one file';

export async function apiOperator(gateway: GatewayProcess): Promise<Operator> {
  const api = await connectManagement(gateway);

  async function removeOnly(path: string): Promise<void> {
    const [only] = await api.list(path);
    await api.act('DELETE', `${path}/${Named.parse(only).id}`);
  }

  return {
    async createAdapter(name) {
      const type = 'application/vnd.ibm.kms.key+json';
      const key = await api.create('/keys', { type, name: `${name}-root`, extractable: false });
      const profile_data = { crk_id: Named.parse(key).id };
      await api.create('/kmip_adapters', { name, profile: 'native_1.0', profile_data });
    },

    async addCertificate(adapter, path) {
      const certificate = await readFile(path, 'utf8');
      await api.create(`/kmip_adapters/${adapter}/certificates`, { certificate });
    },

    removeCertificate: (adapter) => removeOnly(`/kmip_adapters/${adapter}/certificates`),

    async addAuthority(adapter, path, subject_rule) {
      const certificate = await readFile(path, 'utf8');
      const authorities = `/kmip_adapters/${adapter}/client_authorities`;
      await api.create(authorities, { certificate, subject_rule });
    },

    removeAuthority: (adapter) => removeOnly(`/kmip_adapters/${adapter}/client_authorities`),

    async signRequest(adapter, path, directory) {
      const certificate_request = await readFile(path, 'utf8');
      const requests = `/kmip_adapters/${adapter}/certificate_requests`;
      const signed = await api.create(requests, { certificate_request, validity_days: 730 });
      const certificate = join(directory, `${adapter}-signed.crt`);
      await writeFile(certificate, Signed.parse(signed).certificate);
      return certificate;
    },

    async issue(adapter, format, directory) {
      const made = await api.create(`/kmip_adapters/${adapter}/client_identities`, {
        common_name: adapter,
        validity_days: 730,
        ...(format === 'pkcs12' && { format, password: PASSWORD }),
      });
      return await writeIdentity(made, format, join(directory, `${adapter}-issued`));
    },

    async refusedCertificates() {
      return z.array(Refused).parse(await api.list('/refused_certificates'));
    },

    async trust(fingerprint, adapter) {
      const path = `/refused_certificates/${fingerprint}/trust`;
      await api.create(path, { adapter });
    },
  };
}

async function writeIdentity(made: object, format: IdentityFormat, stem: string) {
  if (format === 'pkcs12') {
    const file = `${stem}.p12`;
    await writeFile(file, Packed.parse(made).pkcs12, 'base64');
    return await unpackPkcs12(file, PASSWORD);
  }
  const { certificate, private_key: key } = Pair.parse(made);
  if (format === 'single-pem') {
    const file = `${stem}.pem`;
    await writeFile(file, certificate + key);
    return { certificate: file, key: file };
  }
  const files = { certificate: `${stem}.crt`, key: `${stem}.key` };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key);
  return files;
}
