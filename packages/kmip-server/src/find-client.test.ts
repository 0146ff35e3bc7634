import { randomUUID } from 'node:crypto';
import {
  type CertificateProfile,
  type CertifiedKey,
  createCertificateAuthority,
  issueCertificate,
} from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findClient } from './find-client.ts';
import { type Rig, startRig } from './server.fixtures.ts';

const profile: CertificateProfile = {
  subject: { commonName: 'Authority of vCenter' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 30,
  keyUsage: ['keyCertSign'],
  extendedKeyUsage: [],
};
const deps = { now: Date.now };

let rig: Rig;
let authority: CertifiedKey;
let other: CertifiedKey;
beforeAll(async () => {
  rig = await startRig();
  authority = await createCertificateAuthority(profile, deps);
  other = await createCertificateAuthority(profile, deps);
});
afterAll(() => rig.close());

function aLeaf(commonName: string, issuer = authority): Promise<CertifiedKey> {
  const request = {
    profile: { ...profile, keyUsage: ['digitalSignature' as const] },
    subject: { commonName },
    validityDays: 10,
  };
  return issueCertificate(issuer, request, deps);
}

/** Registers the authority with an adapter, under a name of its own; its id. */
async function admit(subjectRule: string | null = null): Promise<string> {
  const { certificate } = authority;
  const id = randomUUID();
  const outcome = await rig.store.commit({
    guards: [],
    changes: [
      {
        kind: 'insert-client-authority',
        authority: {
          id,
          adapterId: rig.adapters.first.id,
          name: id,
          pem: certificate.pem,
          fingerprintSha256: certificate.fingerprintSha256,
          subject: certificate.subject,
          subjectRule,
          notBefore: certificate.notBefore,
          notAfter: certificate.notAfter,
          createdAt: Date.now(),
          createdBy: 'somebody',
        },
      },
    ],
    events: [],
  });
  expect(outcome.kind).toBe('committed');
  return id;
}

async function remove(id: string): Promise<void> {
  const changes = [{ kind: 'delete-client-authority', id } as const];
  await rig.store.commit({ guards: [], changes, events: [] });
}

const AES = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] } as const;
const REFUSED = { name: 'KmipClientError' };

describe('a client authority', () => {
  it('lets in whom it has issued, who stays the initiator, until it is removed', async () => {
    const id = await admit();
    const leaf = await aLeaf('vcenter-1.example');
    const client = rig.client(leaf);
    const objectId = await client.create(AES);
    expect((await rig.events()).at(-1)?.initiator).toMatchObject({
      id: `CertificateID-${leaf.certificate.fingerprintSha256}`,
    });
    const summary = await rig.store.readObjectSummary(rig.adapters.first.id, objectId);
    expect(summary?.created).toMatchObject({
      actor: 'somebody',
      authorityId: id,
      fingerprintSha256: leaf.certificate.fingerprintSha256,
    });
    await remove(id);
    await expect(client.get(objectId)).rejects.toMatchObject(REFUSED);
    // The client may try again on a connection of its own: as a stranger.
    const refusals = async () =>
      (await rig.events()).map(({ requestData }) => requestData['refusal']);
    await expect.poll(refusals).toContain('authority-removed');
  });

  it('lets in nobody else: another issuer of its name, another subject, after its own end', async () => {
    const id = await admit('CN=vcenter-*.example');
    const refused = [await aLeaf('vcenter-2.example', other), await aLeaf('backup.example')];
    for (const leaf of refused) {
      await expect(rig.client(leaf).discoverVersions()).rejects.toMatchObject(REFUSED);
    }
    const fitting = await aLeaf('vcenter-3.example');
    await rig.client(fitting).discoverVersions();
    rig.clock.advance(31 * 86_400_000);
    await expect(rig.client(fitting).discoverVersions()).rejects.toMatchObject(REFUSED);
    await remove(id);
  });
});

describe('findClient', () => {
  it('does not parse the certificate of a registered client: each connection would', async () => {
    const { fingerprintSha256 } = rig.adapters.first.certificate.certificate;
    const peer = {
      fingerprintSha256,
      get certificate(): never {
        throw new Error('parsed');
      },
    };
    expect(await findClient(rig.store, peer, rig.clock.now())).toMatchObject({
      certificate: { fingerprintSha256 },
    });
  });
});
