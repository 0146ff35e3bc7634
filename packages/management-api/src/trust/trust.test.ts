import { X509Certificate } from 'node:crypto';
import {
  isIssuedBy,
  issueCertificate,
  type ParsedCertificate,
  parseCertificate,
} from '@claviger/pki';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aClientCertificate,
  anAuthority,
  CERTIFICATE_REQUEST,
  CLIENT_PROFILE,
} from '../certificates.fixtures.ts';
import {
  anAdapterIn,
  aRig,
  envelope,
  logInForm,
  NOW,
  type Rig,
  reasonOf,
} from '../management-api.fixtures.ts';

const AUTHORITY = await anAuthority(NOW);
const AUTHORITIES = '/kmip_adapters/a1/client_authorities';
const REQUESTS = '/kmip_adapters/a1/certificate_requests';
const IDENTITIES = '/kmip_adapters/a1/client_identities';

let rig: Rig;
let adapterId: string;
beforeEach(async () => {
  const clientCertificates = { authority: async () => AUTHORITY, profile: CLIENT_PROFILE };
  rig = aRig({ clientCertificates });
  adapterId = await anAdapterIn(rig, 'a1');
});
afterEach(() => rig.close());

describe('the refused certificates', () => {
  async function aRefusedOne(shown?: ParsedCertificate) {
    const certificate = shown ?? (await aClientCertificate(rig.now())).certificate;
    const refused = {
      fingerprintSha256: certificate.fingerprintSha256,
      fingerprintSha1: certificate.fingerprintSha1,
      subject: certificate.subject,
      pem: certificate.pem,
      reason: 'No adapter has this certificate.',
      address: '192.0.2.7',
      adapterId: null,
      listener: '0.0.0.0:5696',
      firstAt: rig.now(),
      lastAt: rig.now(),
      attempts: 3,
    };
    const changes = [{ kind: 'record-refused-certificate', refused } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    return certificate;
  }

  it('are listed with subject, fingerprints, address, times, count and reason', async () => {
    const certificate = await aRefusedOne();
    const listed = await rig.call('GET', '/refused_certificates?totalCount=true');
    expect(listed.json()).toEqual({
      metadata: {
        collectionType: 'application/vnd.claviger.refused_certificate+json',
        collectionTotal: 1,
        totalCount: 1,
      },
      resources: [
        {
          fingerprint_sha256: certificate.fingerprintSha256,
          fingerprint_sha1: certificate.fingerprintSha1,
          subject: 'CN=vcenter.example',
          certificate: certificate.pem,
          reason: 'No adapter has this certificate.',
          address: '192.0.2.7',
          listener: '0.0.0.0:5696',
          first_at: '2026-11-22T12:00:00Z',
          last_at: '2026-11-22T12:00:00Z',
          attempts: 3,
        },
      ],
    });
  });

  it('are listed no more once they are registered by whatever way', async () => {
    const certificate = await aRefusedOne();
    await aRefusedOne();
    await rig.call(
      'POST',
      '/kmip_adapters/a1/certificates',
      envelope({ certificate: certificate.pem }),
    );
    const listed = await rig.call('GET', '/refused_certificates?totalCount=true&limit=1');
    expect(listed.json()).toMatchObject({
      metadata: { totalCount: 1 },
      resources: [{ fingerprint_sha256: expect.not.stringMatching(certificate.fingerprintSha256) }],
    });
  });

  it('are listed when they are registered and have ended', async () => {
    const certificate = await aRefusedOne();
    const body = envelope({ certificate: certificate.pem });
    await rig.call('POST', '/kmip_adapters/a1/certificates', body);
    expect((await rig.call('GET', '/refused_certificates')).json().resources).toEqual([]);
    rig.advance(certificate.notAfter - rig.now() + 1000);
    const token = await rig.api.inject({
      method: 'POST',
      url: '/identity/token',
      ...logInForm(await rig.apiKeyOf('Manager')),
    });
    const authorization = `Bearer ${token.json().access_token}`;
    const asked = { headers: { authorization } };
    const listed = await rig.call('GET', '/refused_certificates', undefined, asked);
    expect(listed.json().resources).toMatchObject([
      { fingerprint_sha256: certificate.fingerprintSha256 },
    ]);
  });

  it('are listed no more while an authority lets them in', async () => {
    const issued = { profile: CLIENT_PROFILE };
    const leaf = await issueCertificate(AUTHORITY, issued, { now: rig.now });
    await aRefusedOne(leaf.certificate);
    const other = await aRefusedOne();
    const shown = async () => {
      const listed = await rig.call('GET', '/refused_certificates');
      const { resources }: { resources: { fingerprint_sha256: string }[] } = listed.json();
      return resources.map((one) => one.fingerprint_sha256).sort();
    };
    const both = [leaf.certificate, other].map((one) => one.fingerprintSha256).sort();
    const rule = { certificate: AUTHORITY.certificate.pem, subject_rule: 'CN=esx-*' };
    await rig.call('POST', AUTHORITIES, envelope({ ...rule, name: 'esx' }));
    expect(await shown()).toEqual(both);
    await rig.call('DELETE', `${AUTHORITIES}/esx`);
    await rig.call('POST', AUTHORITIES, envelope({ ...rule, subject_rule: 'CN=vcenter.*' }));
    expect(await shown()).toEqual([other.fingerprintSha256]);
  });

  it.each(['fingerprintSha256', 'fingerprintSha1'] as const)(
    'are trusted by their %s as openssl prints it, and then are clients',
    async (algorithm) => {
      const certificate = await aRefusedOne();
      const printed = certificate[algorithm].toUpperCase().replace(/..(?!$)/g, '$&:');
      const path = `/refused_certificates/${printed}/trust`;
      const trusted = await rig.call('POST', path, envelope({ adapter: 'a1', name: 'vc' }));
      expect(trusted.statusCode).toBe(201);
      expect(trusted.json().resources[0]).toMatchObject({
        name: 'vc',
        certificate: certificate.pem,
      });
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.create',
        severity: 'critical',
        requestData: { adapterId },
        responseData: { certificateFingerprint: certificate.fingerprintSha256 },
      });
      const principal = await rig.store.findPrincipal(certificate.fingerprintSha256);
      expect(principal?.adapter.id).toBe(adapterId);
      expect((await rig.call('GET', '/refused_certificates')).json().resources).toEqual([]);
    },
  );

  it.each(['0'.repeat(64), 'nonsense'])(
    'answers 404 for the fingerprint %s',
    async (fingerprint) => {
      const path = `/refused_certificates/${fingerprint}/trust`;
      const refused = await rig.call('POST', path, envelope({ adapter: 'a1' }));
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'REFUSED_CERT_NOT_FOUND_ERR']);
    },
  );

  it('stay when the adapter is not there', async () => {
    const { fingerprintSha256 } = await aRefusedOne();
    const path = `/refused_certificates/${fingerprintSha256}/trust`;
    const refused = await rig.call('POST', path, envelope({ adapter: 'none' }));
    expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KMIP_ADAPTER_NOT_FOUND_ERR']);
    expect((await rig.call('GET', '/refused_certificates')).json().resources).toHaveLength(1);
  });
});

describe('client authorities', () => {
  it('are added, listed and deleted', async () => {
    const { pem } = AUTHORITY.certificate;
    const request = { name: 'ca', certificate: pem, subject_rule: 'CN=vcenter-*.example.com' };
    const added = await rig.call('POST', AUTHORITIES, envelope(request));
    expect(added.statusCode).toBe(201);
    expect(added.json().resources[0]).toMatchObject({
      ...request,
      subject: 'CN=Clients of Example',
    });
    expect(rig.lastEvent()).toMatchObject({
      severity: 'critical',
      requestData: { resourceType: 'certificate', certificateRole: 'client-authority' },
    });
    const listed = await rig.call('GET', `${AUTHORITIES}?totalCount=true`);
    expect(listed.json().metadata.totalCount).toBe(1);
    expect(listed.json().resources).toEqual(added.json().resources);
    expect((await rig.call('DELETE', `${AUTHORITIES}/ca`)).statusCode).toBe(204);
    const gone = await rig.call('DELETE', `${AUTHORITIES}/ca`);
    expect([gone.statusCode, reasonOf(gone)]).toEqual([404, 'CLIENT_AUTHORITY_NOT_FOUND_ERR']);
  });

  it('refuses a certificate that is no authority, and a rule that is none', async () => {
    const leaf = (await aClientCertificate(rig.now())).certificate.pem;
    const noAuthority = await rig.call('POST', AUTHORITIES, envelope({ certificate: leaf }));
    expect([noAuthority.statusCode, reasonOf(noAuthority)]).toEqual([400, 'INVALID_FIELD_ERR']);
    const request = { certificate: AUTHORITY.certificate.pem, subject_rule: 'vcenter' };
    const noRule = await rig.call('POST', AUTHORITIES, envelope(request));
    expect(noRule.json().resources[0].reasons[0].target.name).toBe('subject_rule');
  });

  it('refuses the same authority twice, and a 21st', async () => {
    const request = envelope({ certificate: AUTHORITY.certificate.pem });
    await rig.call('POST', AUTHORITIES, request);
    const again = await rig.call('POST', AUTHORITIES, request);
    expect([again.statusCode, reasonOf(again)]).toEqual([409, 'CLIENT_AUTHORITY_DUPLICATE_ERR']);
    const [first] = await rig.store.listClientAuthorities(adapterId);
    if (first === undefined) throw new Error('It was added.');
    const changes = Array.from({ length: 19 }, (_, index) => ({
      kind: 'insert-client-authority' as const,
      authority: {
        ...first,
        id: crypto.randomUUID(),
        name: `ca${index}`,
        fingerprintSha256: `${index}`,
      },
    }));
    await rig.store.commit({ guards: [], changes, events: [] });
    const full = await rig.call('POST', AUTHORITIES, request);
    expect([full.statusCode, reasonOf(full)]).toEqual([409, 'CLIENT_AUTHORITY_QUOTA_ERR']);
  });
});

describe('certificates that are made here', () => {
  it('sign a request for as long as is asked, and make its key a client', async () => {
    const request = { name: 'vc', certificate_request: CERTIFICATE_REQUEST, validity_days: 730 };
    const signed = await rig.call('POST', REQUESTS, envelope(request));
    expect(signed.statusCode).toBe(201);
    const certificate = parseCertificate(signed.json().resources[0].certificate);
    expect(certificate.subject).toBe('CN=request.example');
    expect(isIssuedBy(certificate, AUTHORITY.certificate)).toBe(true);
    const principal = await rig.store.findPrincipal(certificate.fingerprintSha256);
    expect(principal?.certificate.name).toBe('vc');
  });

  it.each([
    ['no request', { certificate_request: 'nonsense' }, 'certificate_request'],
    [
      'a signature that does not fit',
      {
        certificate_request: CERTIFICATE_REQUEST.replace(/.(?=.{3}\n-----END)/, (c) =>
          c === 'A' ? 'B' : 'A',
        ),
      },
      'certificate_request',
    ],
    ['0 days', { certificate_request: CERTIFICATE_REQUEST, validity_days: 0 }, 'validity_days'],
  ])('refuse %s', async (_what, request, field) => {
    const refused = await rig.call('POST', REQUESTS, envelope(request));
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
    expect(refused.json().resources[0].reasons[0].target.name).toBe(field);
  });

  it('hand out a key once and keep it nowhere', async () => {
    const made = await rig.call(
      'POST',
      IDENTITIES,
      envelope({ name: 'vc', common_name: 'vc.example' }),
    );
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
    const { certificate, private_key, authority } = made.json().resources[0];
    expect(private_key).toContain('BEGIN PRIVATE KEY');
    expect(authority).toBe(AUTHORITY.certificate.pem);
    expect(new X509Certificate(certificate).subject).toBe('CN=vc.example');
    const read = await rig.call('GET', '/kmip_adapters/a1/certificates/vc');
    expect(read.body).not.toContain('PRIVATE KEY');
    expect(JSON.stringify(await rig.store.listCertificates(adapterId))).not.toContain('PRIVATE');
  });

  it('come as PKCS#12 behind a password', async () => {
    const request = { name: 'vc', format: 'pkcs12', password: 'correct horse' };
    const made = await rig.call('POST', IDENTITIES, envelope(request));
    const identity = made.json().resources[0];
    expect(Buffer.from(identity.pkcs12, 'base64')[0]).toBe(0x30);
    expect(identity).not.toHaveProperty('private_key');
    expect(JSON.stringify(rig.lastEvent())).not.toContain('correct horse');
  });

  it.each([
    { format: 'pkcs12' },
    { password: 'correct horse' },
    { format: 'pkcs12', password: 'short' },
  ])('refuse a password that is missing, unused or short: %j', async (request) => {
    const refused = await rig.call('POST', IDENTITIES, envelope(request));
    expect(refused.json().resources[0].reasons[0].target.name).toBe('password');
  });

  it('are not offered without an authority of our own', async () => {
    const without = aRig();
    await anAdapterIn(without, 'a1');
    const refused = await without.call('POST', IDENTITIES, envelope({}));
    expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'OPERATION_NOT_OFFERED_ERR']);
    await without.close();
  });
});
