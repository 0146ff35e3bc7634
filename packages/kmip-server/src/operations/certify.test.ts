import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type Attribute, attribute, type StandardAttribute } from '@claviger/kmip-protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName, NOW } from '../objects/managed-object.fixtures.ts';
import { attributeValue, fromRecord, type ManagedObject } from '../objects/managed-object.ts';
import { destroy, get, NOBODY } from '../requests.fixtures.ts';
import { A_REQUEST, A_REQUEST_PEM, CERTIFIED_KEY } from './certificate-requests.fixtures.ts';
import { outcomeOf, register, registerHalf, registerKey } from './known-keys.fixtures.ts';

type Certify = Extract<RequestedItem, { operation: 'Certify' }>['payload'];
type ReCertify = Extract<RequestedItem, { operation: 'ReCertify' }>['payload'];

const X509 = attribute('CertificateType', 'X_509');
const withAttributes = (...attributes: readonly Attribute[]) => ({
  attributes: { attributes, templateNames: [] },
});
const PKCS_10 = { certificateRequestType: 'PKCS_10', certificateRequest: A_REQUEST } as const;

const certifying = (payload: Certify): RequestedItem => ({ operation: 'Certify', payload });
const reCertifying = (payload: ReCertify): RequestedItem => ({ operation: 'ReCertify', payload });

let rig: MessageRig;
let publicId: string;
/** Shared, for the authority of an adapter is an RSA key, which takes long to make. */
beforeAll(async () => {
  rig = await startMessageRig();
});
beforeEach(async () => {
  publicId = await registerPublicKey(CERTIFIED_KEY);
});

/** For a test after which the authority is not as the others expect it. */
async function inOwnAdapter(test: () => Promise<void>): Promise<void> {
  const shared = rig;
  rig = await startMessageRig();
  try {
    publicId = await registerPublicKey(CERTIFIED_KEY);
    await test();
  } finally {
    rig = shared;
  }
}

function registerPublicKey(der: Uint8Array, bits = 256): Promise<string> {
  const key = { algorithm: bits === 256 ? 'EC' : 'RSA', bits, format: 'X_509', der } as const;
  return registerHalf(rig, 'public', key, { usage: ['Verify'] });
}

async function certify(payload: Certify, version: '1.4' | '2.1' = '1.4'): Promise<string> {
  const [answer] = await rig.send(version, [certifying(payload)]);
  return String(successOf('Certify', answer).uniqueIdentifier);
}
async function reCertify(payload: ReCertify): Promise<string> {
  const [answer] = await rig.send('1.4', [reCertifying(payload)]);
  return String(successOf('ReCertify', answer).uniqueIdentifier);
}

async function stored(id: string): Promise<ManagedObject> {
  const record = await rig.store.readObject(rig.source.principal.record.adapter.id, id);
  if (record === undefined) throw new Error('There is no such object.');
  return fromRecord(record);
}
async function certificateOf(id: string): Promise<X509Certificate> {
  const [answer] = await rig.send('1.4', [get(id)]);
  const { certificate } = successOf('Get', answer);
  if (certificate === undefined) throw new Error('There is no certificate.');
  return new X509Certificate(certificate.certificateValue);
}
async function linksOf(id: string) {
  const { attributes } = await stored(id);
  return attributes
    .filter((each): each is StandardAttribute<'Link'> => each.name === 'Link')
    .map(({ value }) => [value.linkType, value.linkedObjectIdentifier]);
}
/** The certificate of the adapter's authority, found as a client finds it. */
async function authorityIds(): Promise<readonly unknown[]> {
  const attributes = [attribute('CertificateSubjectCN', 'Claviger KMIP Certify')];
  const [answer] = await rig.send('1.4', [{ operation: 'Locate', payload: { attributes } }]);
  return successOf('Locate', answer).uniqueIdentifier;
}

describe('Certify', () => {
  it('signs a request by the authority of the adapter, and links key and certificate', async () => {
    const id = await certify({
      uniqueIdentifier: publicId,
      ...PKCS_10,
      ...withAttributes(aName('web')),
    });
    const certificate = await certificateOf(id);
    const [authorityId] = await authorityIds();
    const authority = await certificateOf(String(authorityId));
    expect(certificate.subject).toBe('C=US\nO=Example\nCN=web.example');
    expect(certificate.subjectAltName).toBe('DNS:web.example');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toBeUndefined();
    expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(
      true,
    );
    expect(await linksOf(id)).toEqual([['PublicKeyLink', publicId]]);
    expect(await linksOf(publicId)).toEqual([['CertificateLink', id]]);
    const object = await stored(id);
    expect(attributeValue(object, 'CertificateSubjectCN')).toBe('web.example');
    expect(attributeValue(object, 'OriginalCreationDate')).toBe(NOW);
    expect(attributeValue(object, 'State')).toBe('PreActive');
    expect(attributeValue(object, 'Digest')?.hashingAlgorithm).toBe('SHA_256');
  });

  it('tells of it as of a key that is made', async () => {
    const id = await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
    const event = (await rig.events()).at(-1);
    assertValidEvent(event);
    expect(event).toMatchObject({ action: 'hs-crypto.kmip-key.create', outcome: 'success' });
    expect(JSON.stringify(event)).toContain(id);
  });

  it('puts the certificate in the ID Placeholder', async () => {
    const answers = await rig.send('1.4', [
      certifying({ uniqueIdentifier: publicId, ...PKCS_10 }),
      get(),
    ]);
    expect(successOf('Get', answers[1]).uniqueIdentifier).toBe(
      successOf('Certify', answers[0]).uniqueIdentifier,
    );
  });

  it('reads requests in PEM, too', async () => {
    const certificateRequest = new TextEncoder().encode(A_REQUEST_PEM);
    const request = { certificateRequestType: 'PEM', certificateRequest } as const;
    const id = await certify({ uniqueIdentifier: publicId, ...request });
    expect((await certificateOf(id)).subject).toContain('CN=web.example');
  });

  it.each([
    { attributes: [], subject: () => `CN=${publicId}` },
    { attributes: [attribute('CertificateSubjectCN', 'mail')], subject: () => 'CN=mail' },
  ])('certifies a public key without a request', async ({ attributes, subject }) => {
    const id = await certify(
      { uniqueIdentifier: publicId, ...withAttributes(X509, ...attributes) },
      '2.1',
    );
    const certificate = await certificateOf(id);
    expect(certificate.subject).toBe(subject());
    const spki = { key: Buffer.from(CERTIFIED_KEY), format: 'der', type: 'spki' } as const;
    expect(certificate.publicKey.equals(createPublicKey(spki))).toBe(true);
  });

  it('certifies a request alone, or one that the server holds, since 2.0', async () => {
    const id = await certify(PKCS_10, '2.1');
    expect((await certificateOf(id)).subject).toContain('CN=web.example');
    expect(await linksOf(id)).toEqual([]);
    const certificateRequest = {
      certificateRequestType: 'PKCS_10',
      certificateRequestValue: A_REQUEST,
    } as const;
    const payload = {
      objectType: 'CertificateRequest',
      certificateRequest,
      ...withAttributes(),
    } as const;
    const [answer] = await rig.send('2.1', [{ operation: 'Register', payload }]);
    const { uniqueIdentifier } = successOf('Register', answer);
    const other = await certify({ uniqueIdentifier }, '2.1');
    expect((await certificateOf(other)).subject).toContain('CN=web.example');
  });

  it('lets the request say what the certificate is, whatever the attributes say', async () => {
    const wishes = [attribute('CertificateSubjectCN', 'other'), X509];
    const id = await certify(
      { uniqueIdentifier: publicId, ...PKCS_10, ...withAttributes(...wishes) },
      '2.1',
    );
    expect(attributeValue(await stored(id), 'CertificateSubjectCN')).toBe('web.example');
  });

  it('keeps one authority, whose key leaves the server in no way', async () => {
    await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
    await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
    const ids = await authorityIds();
    expect(ids).toHaveLength(1);
    const [[, keyId] = []] = await linksOf(String(ids[0]));
    expect(await outcomeOf(rig, '1.4', get(String(keyId)))).toBe('NotExtractable');
    const data = new Uint8Array(8);
    const sign = { operation: 'Sign', payload: { uniqueIdentifier: String(keyId), data } } as const;
    expect(await outcomeOf(rig, '1.4', sign)).toBe('PermissionDenied');
  });

  it('makes a new authority when the certificate of the old one is revoked', () =>
    inOwnAdapter(async () => {
      await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
      const [before] = await authorityIds();
      const revocationReason = { revocationReasonCode: 'CessationOfOperation' } as const;
      const payload = { uniqueIdentifier: String(before), revocationReason };
      await rig.send('1.4', [{ operation: 'Revoke', payload }]);
      await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
      expect(await authorityIds()).toHaveLength(2);
    }));

  it('leaves nothing behind when it fails', async () => {
    const before = await rig.countObjects();
    const payload = {
      uniqueIdentifier: publicId,
      ...PKCS_10,
      ...withAttributes(attribute('State', 'Active')),
    };
    expect(await outcomeOf(rig, '1.4', certifying(payload))).toBe('PermissionDenied');
    expect(await rig.countObjects()).toBe(before);
  });
});

describe('Certify refuses', () => {
  const rows: readonly (readonly [string, () => Promise<Certify> | Certify, string, string])[] = [
    [
      'an unknown key',
      () => ({ uniqueIdentifier: NOBODY, ...PKCS_10 }),
      'ItemNotFound',
      'ObjectNotFound',
    ],
    [
      'a request for another key',
      async () => {
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
        const der = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
        return { uniqueIdentifier: await registerPublicKey(der), ...PKCS_10 };
      },
      'InvalidField',
      'InvalidCSR',
    ],
    [
      'a request that is damaged',
      () => ({
        uniqueIdentifier: publicId,
        certificateRequestType: 'PKCS_10',
        certificateRequest: A_REQUEST.subarray(0, -1),
      }),
      'InvalidField',
      'InvalidCSR',
    ],
    [
      'DER that is said to be PEM',
      () => ({ uniqueIdentifier: publicId, ...PKCS_10, certificateRequestType: 'PEM' }),
      'InvalidField',
      'InvalidCSR',
    ],
    [
      'a request of a type that is not supported',
      () => ({ uniqueIdentifier: publicId, ...PKCS_10, certificateRequestType: 'CRMF' }),
      'FeatureNotSupported',
      'FeatureNotSupported',
    ],
    [
      'a request without its type',
      () => ({ uniqueIdentifier: publicId, certificateRequest: A_REQUEST }),
      'InvalidField',
      'InvalidField',
    ],
    [
      'a key alone without the Certificate Type',
      () => ({ uniqueIdentifier: publicId }),
      'InvalidField',
      'InvalidField',
    ],
    [
      'another certificate than X.509',
      () => ({
        uniqueIdentifier: publicId,
        ...PKCS_10,
        ...withAttributes(attribute('CertificateType', 'PGP')),
      }),
      'FeatureNotSupported',
      'FeatureNotSupported',
    ],
    [
      'an object that is no public key',
      async () => ({
        uniqueIdentifier: await registerKey(rig, 'AES', '00'.repeat(16), { usage: ['Encrypt'] }),
        ...PKCS_10,
      }),
      'PermissionDenied',
      'InvalidObjectType',
    ],
    [
      'a key that is too weak',
      async () => {
        const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
        const der = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
        return { uniqueIdentifier: await registerPublicKey(der, 1024), ...withAttributes(X509) };
      },
      'PermissionDenied',
      'InvalidObjectType',
    ],
    [
      'a destroyed key',
      async () => {
        const uniqueIdentifier = await registerHalf(
          rig,
          'public',
          { algorithm: 'EC', bits: 256, format: 'X_509', der: CERTIFIED_KEY },
          { usage: ['Verify'], isPreActive: true },
        );
        await rig.send('1.4', [destroy(uniqueIdentifier)]);
        return { uniqueIdentifier, ...PKCS_10 };
      },
      'ItemNotFound',
      'ObjectDestroyed',
    ],
    [
      'an archived key',
      async () => {
        await rig.send('1.4', [{ operation: 'Archive', payload: { uniqueIdentifier: publicId } }]);
        return { uniqueIdentifier: publicId, ...PKCS_10 };
      },
      'ObjectArchived',
      'ObjectArchived',
    ],
    [
      'a Name that is taken',
      async () => {
        await certify({
          uniqueIdentifier: publicId,
          ...PKCS_10,
          ...withAttributes(aName('taken')),
        });
        return { uniqueIdentifier: publicId, ...PKCS_10, ...withAttributes(aName('taken')) };
      },
      'InvalidField',
      'NonUniqueNameAttribute',
    ],
  ];
  it.each(rows)('%s', async (_name, payload, before, since2) => {
    const item = certifying(await payload());
    expect(await outcomeOf(rig, '1.4', item)).toBe(before);
    expect(await outcomeOf(rig, '2.1', item)).toBe(since2);
  });
});

describe('Re-certify', () => {
  it('makes a certificate for the same key and subject, which takes the Names over', async () => {
    const id = await certify({
      uniqueIdentifier: publicId,
      ...PKCS_10,
      ...withAttributes(aName('renewed')),
    });
    const newId = await reCertify({ uniqueIdentifier: id });
    const [before, after] = [await certificateOf(id), await certificateOf(newId)];
    expect([after.subject, after.subjectAltName]).toEqual([before.subject, before.subjectAltName]);
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(attributeValue(await stored(newId), 'Name')?.nameValue).toBe('renewed');
    expect(attributeValue(await stored(id), 'Name')).toBeUndefined();
    expect(await linksOf(publicId)).toEqual([['CertificateLink', newId]]);
    expect(await linksOf(id)).toEqual([
      ['PublicKeyLink', publicId],
      ['ReplacementObjectLink', newId],
    ]);
    expect(await linksOf(newId)).toEqual([
      ['PublicKeyLink', publicId],
      ['ReplacedObjectLink', id],
    ]);
    const event = (await rig.events()).at(-2);
    expect(event).toMatchObject({ outcome: 'success' });
  });

  it('moves the dates by an offset', async () => {
    const dates = [
      attribute('ActivationDate', NOW - 100),
      attribute('DeactivationDate', NOW + 1000),
    ];
    const id = await certify({
      uniqueIdentifier: publicId,
      ...PKCS_10,
      ...withAttributes(...dates),
    });
    const after = await stored(await reCertify({ uniqueIdentifier: id, offset: 60 }));
    expect(attributeValue(after, 'ActivationDate')).toBe(NOW + 60);
    expect(attributeValue(after, 'DeactivationDate')).toBe(NOW + 1160);
  });

  it('puts the Names of the request before those of the old certificate', async () => {
    const names = withAttributes(aName('old'));
    const id = await certify({ uniqueIdentifier: publicId, ...PKCS_10, ...names });
    const newId = await reCertify({ uniqueIdentifier: id, ...withAttributes(aName('new')) });
    const { attributes } = await stored(newId);
    expect(attributes.filter(({ name }) => name === 'Name')).toEqual([
      aName('new'),
      aName('old', 1),
    ]);
  });

  it('takes a new request for the same key', async () => {
    const id = await certify({ uniqueIdentifier: publicId, ...withAttributes(X509) });
    const newId = await reCertify({ uniqueIdentifier: id, ...PKCS_10 });
    expect((await certificateOf(newId)).subject).toContain('CN=web.example');
  });

  it.each([
    ['an unknown certificate', async () => ({ uniqueIdentifier: NOBODY }), 'ItemNotFound'],
    ['a key', async () => ({ uniqueIdentifier: publicId }), 'PermissionDenied'],
    [
      'a request that is none',
      async () => ({
        uniqueIdentifier: await certify({ uniqueIdentifier: publicId, ...PKCS_10 }),
        certificateRequestType: 'PKCS_10' as const,
        certificateRequest: new Uint8Array(9),
      }),
      'InvalidField',
    ],
    [
      'an Offset beside a date',
      async () => ({
        uniqueIdentifier: await certify({ uniqueIdentifier: publicId, ...PKCS_10 }),
        offset: 60,
        ...withAttributes(attribute('ActivationDate', NOW)),
      }),
      'InvalidMessage',
    ],
    [
      'an archived certificate',
      async () => {
        const uniqueIdentifier = await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
        await rig.send('1.4', [{ operation: 'Archive', payload: { uniqueIdentifier } }]);
        return { uniqueIdentifier };
      },
      'ObjectArchived',
    ],
    [
      'a destroyed certificate',
      async () => {
        const uniqueIdentifier = await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
        await rig.send('1.4', [destroy(uniqueIdentifier)]);
        return { uniqueIdentifier };
      },
      'PermissionDenied',
    ],
  ] as const)('refuses %s', async (_name, payload, reason) => {
    expect(await outcomeOf(rig, '1.4', reCertifying(await payload()))).toBe(reason);
  });
});

describe('Validate', () => {
  type Validate = Extract<RequestedItem, { operation: 'Validate' }>['payload'];
  const NONE: Validate = { certificate: [], uniqueIdentifier: [] };
  const validating = (payload: Partial<Validate>): RequestedItem => ({
    operation: 'Validate',
    payload: { ...NONE, ...payload },
  });
  async function verdict(payload: Partial<Validate>, version: '1.4' | '2.1' = '1.4') {
    const [answer] = await rig.send(version, [validating(payload)]);
    return successOf('Validate', answer).validityIndicator;
  }
  const asX509 = (certificateValue: Uint8Array) =>
    ({ certificateType: 'X_509', certificateValue }) as const;

  let id: string;
  beforeEach(async () => {
    id = await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
  });

  it('trusts the authorities that the adapter holds', () =>
    inOwnAdapter(async () => {
      const own = await certify({ uniqueIdentifier: publicId, ...PKCS_10 });
      const certificate = [asX509((await certificateOf(own)).raw)];
      expect(await verdict({ certificate })).toBe('Valid');
      expect(await verdict({ uniqueIdentifier: [own] }, '2.1')).toBe('Valid');
      const [authorityId] = await authorityIds();
      expect(await verdict({ uniqueIdentifier: [own, String(authorityId)] })).toBe('Valid');
      await rig.send('1.4', [
        {
          operation: 'Revoke',
          payload: {
            uniqueIdentifier: String(authorityId),
            revocationReason: { revocationReasonCode: 'CessationOfOperation' },
          },
        },
      ]);
      expect(await verdict({ certificate })).toBe('Unknown');
      expect(await verdict({ uniqueIdentifier: [own, String(authorityId)] })).toBe('Invalid');
      expect((await rig.events()).at(-1)).toMatchObject({
        action: 'claviger.kmip-certificate.validate',
        outcome: 'success',
      });
    }));

  it('looks at the Validity Date', async () => {
    const DAY = 24 * 60 * 60;
    expect(await verdict({ uniqueIdentifier: [id], validityDate: NOW + 300 * DAY })).toBe('Valid');
    expect(await verdict({ uniqueIdentifier: [id], validityDate: NOW + 400 * DAY })).toBe(
      'Invalid',
    );
    expect(await verdict({ uniqueIdentifier: [id], validityDate: NOW - DAY })).toBe('Invalid');
  });

  it('finds invalid what was changed', async () => {
    const changed = Uint8Array.from((await certificateOf(id)).raw);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(await verdict({ certificate: [asX509(changed)] })).toBe('Invalid');
  });

  it.each([
    ['no certificate', () => ({}), 'InvalidMessage'],
    ['too many', () => ({ uniqueIdentifier: Array<string>(17).fill(id) }), 'InvalidMessage'],
    ['another object', () => ({ uniqueIdentifier: [publicId] }), 'InvalidMessage'],
    ['an unknown one', () => ({ uniqueIdentifier: [NOBODY] }), 'ItemNotFound'],
    ['bytes', () => ({ certificate: [asX509(new Uint8Array(3))] }), 'InvalidField'],
    [
      'another type',
      () => ({
        certificate: [{ certificateType: 'PGP' as const, certificateValue: new Uint8Array(3) }],
      }),
      'FeatureNotSupported',
    ],
  ])('refuses %s', async (_name, payload, reason) => {
    expect(await outcomeOf(rig, '1.4', validating(payload()))).toBe(reason);
  });

  it('refuses an archived certificate', async () => {
    await rig.send('1.4', [{ operation: 'Archive', payload: { uniqueIdentifier: id } }]);
    expect(await outcomeOf(rig, '1.4', validating({ uniqueIdentifier: [id] }))).toBe(
      'ObjectArchived',
    );
  });

  it('validates certificates that clients have registered', async () => {
    const certificate = asX509((await certificateOf(id)).raw);
    const object = { objectType: 'Certificate', certificate } as const;
    const registered = await register(rig, object, { usage: ['Verify'] });
    expect(await verdict({ uniqueIdentifier: [registered] })).toBe('Valid');
  });
});
