/**
 * The four ways in which vCenter makes a KMIP server trust it, from a server that knows no client to a key
 * that was made over KMIP. Keys and certificates are made as vCenter makes them, by OpenSSL.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMIP_OPERATION_ACTIONS } from '@claviger/audit-emitter';
import { KmipClientError } from '@claviger/kmip-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import * as vcenter from '../openssl.ts';
import { apiOperator } from './api-operator.ts';
import { cliOperator } from './cli-operator.ts';
import type { IdentityFormat, Operator } from './operator.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const FORMATS: readonly (readonly [IdentityFormat, string])[] = [
  ['pem-pair', 'two PEM files'],
  ['single-pem', 'one PEM file'],
  ['pkcs12', 'a PKCS#12 file, which OpenSSL opens'],
];

describe.each([
  { way: 'the API', operatorOf: apiOperator },
  { way: 'the command line', operatorOf: cliOperator },
])('a vCenter is let in by $way', { timeout: 180_000 }, ({ operatorOf }) => {
  let gateway: GatewayProcess;
  let operator: Operator;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'claviger-trust-'));
    gateway = await startGateway();
    operator = await operatorOf(gateway);
  });
  afterAll(async () => {
    await gateway?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function createKey(files: vcenter.KeyPairFiles): Promise<string> {
    const kmip = clientOf(gateway, await vcenter.identityIn(files));
    try {
      return await kmip.create(KEY);
    } finally {
      await kmip.close();
    }
  }

  /** Makes a key over KMIP; its event has to name the certificate as OpenSSL names it. */
  async function expectLetIn(files: vcenter.KeyPairFiles): Promise<void> {
    const id = await createKey(files);
    const events = await readEvents(gateway.dataDirectory);
    const fingerprint = await vcenter.fingerprintSha256(files.certificate);
    expect(events.filter((event) => objectOf(event) === id)).toMatchObject([
      {
        action: KMIP_OPERATION_ACTIONS.Create,
        outcome: 'success',
        initiator: { id: `CertificateID-${fingerprint}` },
      },
    ]);
  }

  async function expectShutOut(files: vcenter.KeyPairFiles): Promise<void> {
    await expect(createKey(files)).rejects.toBeInstanceOf(KmipClientError);
  }

  it('with its own certificate, self-signed and without Extended Key Usage', async () => {
    const own = await vcenter.makeSelfSigned(directory, 'kmipClient20261122');
    await operator.createAdapter('own');
    await expectShutOut(own);

    await operator.addCertificate('own', own.certificate);
    await expectLetIn(own);

    await operator.removeCertificate('own');
    await expectShutOut(own);
  });

  it('with a certificate of its authority, if the subject fits', async () => {
    const authority = await vcenter.makeAuthority(directory, 'VMCA');
    const fitting = await vcenter.makeIssued(directory, authority, 'vcenter-1.example.com');
    const other = await vcenter.makeIssued(directory, authority, 'esx-1.example.com');
    const forged = await vcenter.makeIssued(
      directory,
      await vcenter.makeAuthority(directory, 'Forger'),
      'vcenter-2.example.com',
    );
    await operator.createAdapter('authority');
    await expectShutOut(fitting);

    await operator.addAuthority('authority', authority.certificate, 'CN=vcenter-*.example.com');
    await expectLetIn(fitting);
    await expectShutOut(other);
    await expectShutOut(forged);

    await operator.removeAuthority('authority');
    await expectShutOut(fitting);
  });

  it('with a certificate for its signing request', async () => {
    const { request, key } = await vcenter.makeRequest(directory, 'vcenter-csr');
    await operator.createAdapter('request');
    const certificate = await operator.signRequest('request', request, directory);

    await vcenter.openssl('verify', '-CAfile', gateway.pki.ca, certificate);
    await expectLetIn({ certificate, key });
  });

  it.each(FORMATS)('with key and certificate from the gateway: %s (%s)', async (format) => {
    await operator.createAdapter(format);
    const files = await operator.issue(format, format, directory);

    await vcenter.openssl('verify', '-CAfile', gateway.pki.ca, files.certificate);
    await expectLetIn(files);
  });
});
