/** An operator who uses the command line. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { clavigerJson, type GatewayProcess } from '../gateway-process.ts';
import type { IdentityFormat, Operator } from './operator.ts';
import { unpackPkcs12 } from './unpack-pkcs12.ts';

const Named = z.object({ id: z.string() });
const Refused = z.object({
  subject: z.string(),
  fingerprintSha256: z.string(),
  fingerprintSha1: z.string(),
  address: z.string(),
  reason: z.string(),
  attempts: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
});

const PASSWORD = 'a password for one file';
const FORM_OPTIONS: Readonly<Record<IdentityFormat, readonly string[]>> = {
  'pem-pair': [],
  'single-pem': ['--single'],
  pkcs12: ['--p12', '--password-file'],
};

export async function cliOperator({ dataDirectory }: GatewayProcess): Promise<Operator> {
  const claviger = (...args: readonly string[]) =>
    clavigerJson([...args, '--data-dir', dataDirectory]);

  /** Of what a command lists for an adapter. */
  async function onlyId(...args: readonly string[]): Promise<string> {
    const [list] = z.tuple([z.tuple([Named])]).parse(await claviger(...args));
    return list[0].id;
  }

  return {
    async createAdapter(name) {
      await claviger('adapter', 'create', name, '--root-key', `${name}-root`);
    },

    async addCertificate(adapter, path) {
      await claviger('cert', 'add', adapter, path);
    },

    async removeCertificate(adapter) {
      const id = await onlyId('cert', 'list', '--adapter', adapter);
      await claviger('cert', 'remove', id, '--adapter', adapter);
    },

    async addAuthority(adapter, path, rule) {
      await claviger('cert', 'authority', 'add', adapter, path, '--subject-rule', rule);
    },

    async removeAuthority(adapter) {
      const id = await onlyId('cert', 'authority', 'list', '--adapter', adapter);
      await claviger('cert', 'authority', 'remove', adapter, id);
    },

    async signRequest(adapter, request, directory) {
      const certificate = join(directory, `${adapter}-signed.crt`);
      await claviger('cert', 'sign', adapter, request, '--years', '2', '--out', certificate);
      return certificate;
    },

    async issue(adapter, format, directory) {
      const stem = join(directory, `${adapter}-issued`);
      const passwordFile = `${stem}.password`;
      await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
      const form = [...FORM_OPTIONS[format], ...(format === 'pkcs12' ? [passwordFile] : [])];
      await claviger('cert', 'issue', adapter, `${adapter}-client`, '--out', stem, ...form);
      if (format === 'pkcs12') return await unpackPkcs12(`${stem}.p12`, PASSWORD);
      if (format === 'single-pem') return { certificate: `${stem}.pem`, key: `${stem}.pem` };
      return { certificate: `${stem}.crt`, key: `${stem}.key` };
    },

    async refusedCertificates() {
      const [list] = z.tuple([z.array(Refused)]).parse(await claviger('cert', 'refused'));
      return list;
    },

    async trust(fingerprint, adapter) {
      await claviger('cert', 'trust', fingerprint, '--adapter', adapter);
    },
  };
}
