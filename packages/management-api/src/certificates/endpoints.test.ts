import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aClientCertificate,
  SHA1_CERTIFICATE,
  sha256Of,
  WEAK_CERTIFICATE,
} from '../certificates.fixtures.ts';
import { anAdapterIn, aRig, envelope, type Rig, reasonOf } from '../management-api.fixtures.ts';

const TYPE = 'application/vnd.ibm.kms.kmip_client_certificate+json';
const DAY_MS = 24 * 3_600_000;
const PATH = '/kmip_adapters/a1/certificates';

let rig: Rig;
let adapterId: string;
beforeEach(async () => {
  rig = aRig();
  adapterId = await anAdapterIn(rig, 'a1');
});
afterEach(() => rig.close());

async function aPem(): Promise<string> {
  return (await aClientCertificate(rig.now())).certificate.pem;
}

function add(fields: object, path = PATH) {
  return rig.call('POST', path, envelope(fields, TYPE));
}

describe('POST .../certificates', () => {
  it.each([
    ['as it is', (pem: string) => pem],
    ['with CRLF', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['with blank lines around it', (pem: string) => `\n\n${pem}\n \n`],
    ['without the last line feed', (pem: string) => pem.trimEnd()],
  ])('answers the PEM byte for byte as it was sent: %s', async (_what, change) => {
    const certificate = change(await aPem());
    const added = await add({ name: 'vc', certificate });
    expect(added.statusCode).toBe(201);
    expect(added.json()).toEqual({
      metadata: { collectionType: TYPE, collectionTotal: 1 },
      resources: [
        {
          id: expect.any(String),
          name: 'vc',
          certificate,
          created_by: expect.stringMatching(/^iam-ServiceId-/),
          created_at: '2026-11-22T12:00:00Z',
        },
      ],
    });
    expect((await rig.call('GET', `${PATH}/vc`)).json()).toEqual(added.json());
  });

  it('is critical in the log, with the fingerprint that events of the client will have', async () => {
    const made = await aClientCertificate(rig.now());
    const added = await add({ certificate: made.certificate.pem });
    const { id, name } = added.json().resources[0];
    expect(name).toMatch(/^kmip_cert_[0-9a-f]{8}$/);
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.kmip-management.create',
      severity: 'critical',
      target: { id: expect.stringMatching(`:certificate:${id}$`) },
      requestData: { resourceType: 'certificate', adapterId },
      responseData: { certificateId: id, certificateFingerprint: sha256Of(made) },
    });
  });

  it('moves updated_at of the adapter', async () => {
    rig.advance(5000);
    await add({ certificate: await aPem() });
    const adapter = await rig.call('GET', '/kmip_adapters/a1');
    expect(adapter.json().resources[0]).toMatchObject({
      created_at: '2026-11-22T12:00:00Z',
      updated_at: '2026-11-22T12:00:05Z',
    });
  });

  it('refuses what is no certificate, naming the field', async () => {
    for (const certificate of [
      'invalidPEM',
      '',
      7,
      SHA1_CERTIFICATE,
      WEAK_CERTIFICATE,
      `# mine\n${await aPem()}`,
    ]) {
      const refused = await add({ certificate });
      expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
      const { target } = refused.json().resources[0].reasons[0];
      expect(target).toEqual({ type: 'field', name: 'certificate' });
      expect(rig.lastEvent().action).toBe('hs-crypto.kmip-management.default');
    }
  });

  it('refuses two certificates in one PEM', async () => {
    const refused = await add({ certificate: (await aPem()) + (await aPem()) });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
  });

  it('says that a private key is one, and repeats it nowhere', async () => {
    const { privateKeyPem } = await aClientCertificate(rig.now());
    const refused = await add({ certificate: privateKeyPem });
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toMatch(/private key/i);
    const secret = privateKeyPem.split('\n')[1] ?? '-';
    expect(refused.body + JSON.stringify(rig.logged)).not.toContain(secret);
  });

  it('refuses a certificate that has expired, and says when', async () => {
    const certificate = (await aClientCertificate(rig.now() - 2 * DAY_MS, 1)).certificate.pem;
    const refused = await add({ certificate });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
    expect(refused.body).toContain('expired on 2026-11-21');
  });

  it('warns of what is accepted, beside the resource and in the event', async () => {
    const { certificate } = await aClientCertificate(rig.now(), 30);
    const added = await add({ name: 'soon', certificate: certificate.pem });
    expect(added.json().metadata.warnings).toEqual([
      { code: 'expires-soon', message: 'The certificate expires in 30 days.' },
    ]);
    expect(rig.lastEvent().responseData).toMatchObject({ warnings: ['expires-soon'] });
    const read = await rig.call('GET', `${PATH}/soon`);
    expect(read.json().resources).toEqual(added.json().resources);
    expect(read.json().metadata).not.toHaveProperty('warnings');
    const later = (await aClientCertificate(rig.now() + 2 * DAY_MS)).certificate.pem;
    const codes = (await add({ certificate: later })).json().metadata.warnings;
    expect(codes).toMatchObject([{ code: 'not-yet-valid' }]);
    const fine = await add({ certificate: await aPem() });
    expect(fine.json().metadata).not.toHaveProperty('warnings');
  });

  it.each([
    ['a short key', WEAK_CERTIFICATE, 'weak-key'],
    ['a SHA-1 signature', SHA1_CERTIFICATE, 'weak-signature'],
  ])('takes %s only when that is switched on', async (_what, certificate, code) => {
    const refused = await add({ certificate });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
    const lenient = aRig({ allowWeakCertificates: true });
    await anAdapterIn(lenient, 'a1');
    const added = await lenient.call('POST', PATH, envelope({ certificate }, TYPE));
    expect(added.statusCode).toBe(201);
    expect(added.json().metadata.warnings[0].code).toBe(code);
    await lenient.close();
  });

  it('refuses a certificate that is registered, on this adapter or another, however it is written', async () => {
    await anAdapterIn(rig, 'a2');
    const certificate = await aPem();
    await add({ certificate });
    for (const adapter of ['a1', 'a2']) {
      const again = { certificate: `\n${certificate}` };
      const refused = await add(again, `/kmip_adapters/${adapter}/certificates`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_CERT_DUPLICATE_ERR']);
    }
  });

  it('refuses a name that is taken in the adapter, and allows it in another', async () => {
    await anAdapterIn(rig, 'a2');
    await add({ name: 'vc', certificate: await aPem() });
    const refused = await add({ name: 'vc', certificate: await aPem() });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_CERT_DUPLICATE_NAME_ERR']);
    const other = { name: 'vc', certificate: await aPem() };
    expect((await add(other, '/kmip_adapters/a2/certificates')).statusCode).toBe(201);
  });

  it('lets one of two that come at once win', async () => {
    const body = envelope({ certificate: await aPem() }, TYPE);
    const answers = await Promise.all([
      rig.request('POST', PATH, body),
      rig.request('POST', PATH, body),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
  });

  it('refuses the 201st certificate of an adapter with KMIP_CERT_QUOTA_ERR', async () => {
    const { certificate } = await aClientCertificate(rig.now());
    const changes = Array.from({ length: 200 }, (_, index) => ({
      kind: 'insert-certificate' as const,
      certificate: {
        id: crypto.randomUUID(),
        adapterId,
        name: `c${index}`,
        pem: '-',
        fingerprintSha256: `${index}`,
        fingerprintSha1: `${index}`,
        subject: '',
        notBefore: 0,
        notAfter: 0,
        createdAt: index,
      },
    }));
    await rig.store.commit({ guards: [], changes, events: [] });
    const refused = await add({ certificate: certificate.pem });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_CERT_QUOTA_ERR']);
  });
});

describe('GET and DELETE .../certificates', () => {
  it('lists what a person compares, and the end of validity, with details', async () => {
    const { certificate } = await aClientCertificate(rig.now());
    await add({ name: 'c1', certificate: certificate.pem });
    const listed = await rig.call('GET', `${PATH}?details=true`);
    expect(listed.json().resources).toEqual([
      {
        id: expect.any(String),
        name: 'c1',
        created_by: expect.any(String),
        created_at: expect.any(String),
        subject: certificate.subject,
        fingerprint_sha256: certificate.fingerprintSha256,
        fingerprint_sha1: certificate.fingerprintSha1,
        not_before: new Date(certificate.notBefore).toISOString().replace('.000', ''),
        not_after: new Date(certificate.notAfter).toISOString().replace('.000', ''),
      },
    ]);
  });

  it('lists without the PEM, page by page', async () => {
    await add({ name: 'c1', certificate: await aPem() });
    rig.advance(1);
    await add({ name: 'c2', certificate: await aPem() });
    const listed = await rig.call('GET', `${PATH}?limit=1&offset=1&totalCount=true`);
    expect(listed.json()).toEqual({
      metadata: { collectionType: TYPE, collectionTotal: 1, totalCount: 2 },
      resources: [
        {
          id: expect.any(String),
          name: 'c2',
          created_by: expect.any(String),
          created_at: expect.any(String),
        },
      ],
    });
  });

  it('deletes by name with 204 and no body; then it is gone and can be registered elsewhere', async () => {
    const certificate = await aPem();
    await add({ name: 'vc', certificate });
    const deleted = await rig.call('DELETE', `${PATH}/vc`);
    expect([deleted.statusCode, deleted.rawPayload.length]).toEqual([204, 0]);
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.kmip-management.delete',
      severity: 'critical',
      responseData: { certificateFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await anAdapterIn(rig, 'a2');
    expect((await add({ certificate }, '/kmip_adapters/a2/certificates')).statusCode).toBe(201);
  });

  it('frees the certificates of an adapter that is deleted', async () => {
    const certificate = await aPem();
    await add({ certificate });
    expect((await rig.call('DELETE', '/kmip_adapters/a1')).statusCode).toBe(204);
    await anAdapterIn(rig, 'a1');
    expect((await add({ certificate })).statusCode).toBe(201);
  });

  it.each([
    ['GET', `${PATH}/none`, 'KMIP_CERT_NOT_FOUND_ERR'],
    ['DELETE', `${PATH}/none`, 'KMIP_CERT_NOT_FOUND_ERR'],
    ['GET', '/kmip_adapters/none/certificates', 'KMIP_ADAPTER_NOT_FOUND_ERR'],
    ['GET', '/kmip_adapters/none/certificates/vc', 'KMIP_ADAPTER_NOT_FOUND_ERR'],
    ['DELETE', '/kmip_adapters/none/certificates/vc', 'KMIP_ADAPTER_NOT_FOUND_ERR'],
  ] as const)('answers %s %s with 404 %s', async (method, path, code) => {
    const refused = await rig.call(method, path);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([404, code]);
  });
});
