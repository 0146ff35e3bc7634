import { aClientAuthority } from '@claviger/key-store/testing';
import { createSelfSignedCertificate, parseCertificate } from '@claviger/pki';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { create } from '../requests.fixtures.ts';
import { A_REQUEST } from './certificate-requests.fixtures.ts';

type Payload = Extract<RequestedItem, { operation: 'ReProvision' }>['payload'];

const item = (payload: Payload): RequestedItem => ({ operation: 'ReProvision', payload });
const SIGN = {
  certificateRequest: { certificateRequestType: 'PKCS_10', certificateRequestValue: A_REQUEST },
} as const satisfies Payload;

async function aCertificate({ now = rig.clock.now() } = {}): Promise<Payload> {
  const { certificate } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'the next' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: () => now },
  );
  return { certificate: { certificateType: 'X_509', certificateValue: certificate.der } };
}

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

/** The registered certificates of the adapter. */
async function registered() {
  const { adapter } = rig.source.principal.record;
  return (await rig.store.pageCertificates(adapter.id, { offset: 0, limit: 10 })).items;
}

describe('Re-Provision', () => {
  it('lets the client in by the certificate that it brings, under its old name, and by the old one no more', async () => {
    const [before] = await registered();
    const payload = await aCertificate();
    const [answer] = await rig.send('2.1', [item(payload)]);
    const id = successOf('ReProvision', answer).uniqueIdentifier;
    const [after, ...others] = await registered();
    expect(others).toEqual([]);
    const brought = parseCertificate(payload.certificate?.certificateValue ?? '');
    expect(after).toMatchObject({
      name: before?.name,
      fingerprintSha256: brought.fingerprintSha256,
      pem: brought.pem,
    });
    expect(after?.id).not.toBe(before?.id);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-certificate.re-provision',
      outcome: 'success',
      severity: 'warning',
      target: { id: expect.stringContaining(String(id)) },
      responseData: { certificateFingerprint: brought.fingerprintSha256 },
    });
    expect(await rig.process(new Uint8Array(8))).toMatchObject({ kind: 'certificate-removed' });
  });

  it('signs a request, and gives the certificate out by Get in the same message', async () => {
    const answers = await rig.send('2.1', [item(SIGN), { operation: 'Get', payload: {} }]);
    const { certificate } = successOf('Get', answers[1]);
    const [after] = await registered();
    expect(after?.fingerprintSha256).toBe(
      parseCertificate(certificate?.certificateValue ?? '').fingerprintSha256,
    );
    expect(after?.subject).toContain('web.example');
  });

  it('is taken back with its batch', async () => {
    const before = await registered();
    const failing: RequestedItem = { operation: 'Get', payload: { uniqueIdentifier: 'none' } };
    await rig.send('2.1', [create(), item(SIGN), failing], {
      header: { batchErrorContinuationOption: 'Undo' },
    });
    expect(await registered()).toEqual(before);
    expect(await rig.countObjects()).toBe(0);
  });

  it('is not for clients that an authority lets in', async () => {
    const { principal, ...source } = rig.source;
    const { fingerprintSha256, notBefore, notAfter, createdBy } = principal.record.certificate;
    const authority = aClientAuthority({ adapterId: principal.record.adapter.id });
    const change = { kind: 'insert-client-authority', authority } as const;
    await rig.store.commit({ guards: [], changes: [change], events: [] });
    const certificate = { fingerprintSha256, notBefore, notAfter, createdBy };
    const record = { ...principal.record, certificate, authority };
    const [answer] = await rig.sendAs({ ...source, principal: { ...principal, record } }, '2.1', [
      item(SIGN),
    ]);
    expect(answer).toMatchObject({ resultReason: 'PermissionDenied' });
  });

  it('is not offered unless the operator says so', async () => {
    const closed = await startMessageRig({ reProvisions: false });
    const [answer] = await closed.send('2.1', [item(SIGN)]);
    expect(answer).toMatchObject({ resultReason: 'OperationNotSupported' });
  });

  const der = (payload: Payload) => payload.certificate?.certificateValue ?? new Uint8Array();
  it.each<[string, () => Promise<Payload>, string]>([
    ['without anything', async () => ({}), 'FeatureNotSupported'],
    ['with both', async () => ({ ...SIGN, ...(await aCertificate()) }), 'InvalidField'],
    ['with an expired certificate', () => aCertificate({ now: 0 }), 'InvalidField'],
    [
      'with a certificate that is none',
      async () => ({
        certificate: { certificateType: 'X_509', certificateValue: new Uint8Array([1, 2, 3]) },
      }),
      'InvalidField',
    ],
    [
      'with a PGP certificate',
      async () => ({
        certificate: { certificateType: 'PGP', certificateValue: der(await aCertificate()) },
      }),
      'InvalidField',
    ],
    [
      'with a request that is none',
      async () => ({
        certificateRequest: {
          certificateRequestType: 'PKCS_10',
          certificateRequestValue: new Uint8Array([0x30, 0]),
        },
      }),
      'InvalidCSR',
    ],
  ])(
    'is refused %s; the old certificate stays, and the event says why',
    async (_, payload, reason) => {
      const before = await registered();
      const [answer] = await rig.send('2.1', [item(await payload())]);
      expect(answer).toMatchObject({ resultStatus: 'OperationFailed', resultReason: reason });
      expect(await registered()).toEqual(before);
      expect(await rig.countObjects()).toBe(0);
      expect((await rig.events()).at(-1)).toMatchObject({
        action: 'claviger.kmip-certificate.re-provision',
        outcome: 'failure',
      });
    },
  );

  it('is refused with a certificate that lets somebody in already', async () => {
    const payload = await aCertificate();
    await rig.send('2.1', [item(payload)]);
    const [after] = await registered();
    if (after === undefined) throw new Error('The certificate was not registered.');
    const { principal, ...source } = rig.source;
    const record = { ...principal.record, certificate: after };
    const [answer] = await rig.sendAs({ ...source, principal: { ...principal, record } }, '2.1', [
      item(payload),
    ]);
    expect(answer).toMatchObject({ resultReason: 'InvalidField' });
  });
});
