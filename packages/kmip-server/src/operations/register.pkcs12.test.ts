import { createPrivateKey } from 'node:crypto';
import { type Attribute, attribute, type EnumerationValue } from '@claviger/kmip-protocol';
import {
  type CertifiedKey,
  createCertificateAuthority,
  encodePkcs12,
  issueCertificate,
} from '@claviger/pki';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { outcomeOf, register } from './known-keys.fixtures.ts';

const PASSWORD = 'password';
const PROFILE = {
  subject: { commonName: 'client' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 10,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
} as const;
const AT_NOW = { now: () => NOW * 1000 };

let authority: CertifiedKey;
let client: CertifiedKey;
let container: Uint8Array;
beforeAll(async () => {
  const ofAuthority = { ...PROFILE, keyUsage: ['keyCertSign', 'cRLSign'] } as const;
  authority = await createCertificateAuthority(
    { ...ofAuthority, subject: { commonName: 'ca' } },
    AT_NOW,
  );
  client = await issueCertificate(authority, { profile: PROFILE }, AT_NOW);
  const chain = [authority.certificate];
  container = await encodePkcs12({ ...client, chain, password: PASSWORD, friendlyName: 'Mine' });
});

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const link = (linkType: EnumerationValue<'LinkType'>, linkedObjectIdentifier: string, index = 0) =>
  attribute('Link', { linkType, linkedObjectIdentifier }, index);

function registerPassword(text = PASSWORD, isPreActive = false): Promise<string> {
  const keyMaterial = new TextEncoder().encode(text);
  const keyBlock = { keyFormatType: 'Opaque', keyValue: { keyMaterial, attributes: [] } } as const;
  const secretData = { secretDataType: 'Password', keyBlock } as const;
  return register(rig, { objectType: 'SecretData', secretData }, { usage: [], isPreActive });
}

const registration = (
  keyValue: Uint8Array,
  ...attributes: readonly Attribute[]
): RequestedItem => ({
  operation: 'Register',
  payload: {
    objectType: 'PrivateKey',
    attributes: {
      attributes: [attribute('CryptographicUsageMask', 4), ...attributes],
      templateNames: [],
    },
    privateKey: { keyBlock: { keyFormatType: 'PKCS_12', keyValue } },
  },
});

async function attributesOf(uniqueIdentifier: string): Promise<Map<string, unknown[]>> {
  const [answer] = await rig.send('1.4', [
    { operation: 'GetAttributes', payload: { uniqueIdentifier, attributeReferences: [] } },
  ]);
  const byName = new Map<string, unknown[]>();
  for (const { name, value } of successOf('GetAttributes', answer).attributes) {
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return byName;
}

describe('Register of a PKCS#12 container', () => {
  it('keeps the key as PKCS#8, and its certificates as objects that lead to each other', async () => {
    const password = await registerPassword();
    const [answer] = await rig.send('1.4', [
      registration(container, link('PKCS_12PasswordLink', password)),
    ]);
    const id = String(successOf('Register', answer).uniqueIdentifier);
    const [given] = await rig.send('1.4', [
      { operation: 'Get', payload: { uniqueIdentifier: id } },
    ]);
    const block = successOf('Get', given).privateKey?.keyBlock;
    expect(block).toMatchObject({
      keyFormatType: 'PKCS_8',
      cryptographicAlgorithm: 'ECDSA',
      cryptographicLength: 256,
      keyValue: {
        keyMaterial: new Uint8Array(
          createPrivateKey(client.privateKeyPem).export({ format: 'der', type: 'pkcs8' }),
        ),
      },
    });
    const ofKey = await attributesOf(id);
    expect(ofKey.get('PKCS_12FriendlyName')).toEqual(['Mine']);
    const [, toCertificate] = ofKey.get('Link') ?? [];
    expect(toCertificate).toMatchObject({ linkType: 'PKCS_12CertificateLink' });
    const certificates = await locateCertificates();
    expect(certificates).toHaveLength(2);
    const leaf = certificates.find(({ der }) => Buffer.from(der).equals(client.certificate.der));
    const issuer = certificates.find(({ der }) =>
      Buffer.from(der).equals(authority.certificate.der),
    );
    expect(toCertificate).toMatchObject({ linkedObjectIdentifier: leaf?.id });
    expect((await attributesOf(leaf?.id ?? '')).get('Link')).toEqual([
      { linkType: 'CertificateLink', linkedObjectIdentifier: issuer?.id },
    ]);
    expect(
      (await rig.events()).filter(({ action }) => action === 'hs-crypto.kmip-key.create'),
    ).toHaveLength(2);
  });

  it('gives a new container of what it has opened', async () => {
    const password = await registerPassword();
    const [answer] = await rig.send('1.4', [
      registration(container, link('PKCS_12PasswordLink', password)),
    ]);
    const uniqueIdentifier = String(successOf('Register', answer).uniqueIdentifier);
    const [given] = await rig.send('1.4', [
      { operation: 'Get', payload: { uniqueIdentifier, keyFormatType: 'PKCS_12' } },
    ]);
    const value = successOf('Get', given).privateKey?.keyBlock.keyValue;
    if (!(value instanceof Uint8Array)) throw new Error('There is no container.');
    const [again] = await rig.send('2.1', [
      registration(value, link('PKCS_12PasswordLink', password)),
    ]);
    expect(again?.resultStatus).toBe('Success');
  });

  const damaged = () => container.subarray(0, 100);
  it.each([
    [
      'without a link to a password',
      async () => registration(container),
      'InvalidField',
      'BadPassword',
    ],
    [
      'with a link to nothing',
      async () => registration(container, link('PKCS_12PasswordLink', 'nothing')),
      'InvalidField',
      'BadPassword',
    ],
    [
      'with two links',
      async () => {
        const password = await registerPassword();
        const links = [
          link('PKCS_12PasswordLink', password),
          link('PKCS_12PasswordLink', password, 1),
        ];
        return registration(container, ...links);
      },
      'InvalidField',
      'BadPassword',
    ],
    [
      'with a password that is not Active',
      async () =>
        registration(
          container,
          link('PKCS_12PasswordLink', await registerPassword(PASSWORD, true)),
        ),
      'PermissionDenied',
      'BadPassword',
    ],
    [
      'with another password',
      async () =>
        registration(container, link('PKCS_12PasswordLink', await registerPassword('other'))),
      'InvalidField',
      'BadPassword',
    ],
    [
      'that is damaged',
      async () => registration(damaged(), link('PKCS_12PasswordLink', await registerPassword())),
      'InvalidField',
      'InvalidField',
    ],
    [
      'without a key of the friendly name',
      async () =>
        registration(
          container,
          link('PKCS_12PasswordLink', await registerPassword()),
          attribute('PKCS_12FriendlyName', 'yours'),
        ),
      'InvalidField',
      'InvalidField',
    ],
  ] as const)('refuses one %s, and keeps nothing of it', async (_, requestOf, in1x, in2x) => {
    const request = await requestOf();
    const before = await rig.countObjects();
    for (const [version, reason] of [
      ['1.4', in1x],
      ['2.1', in2x],
    ] as const) {
      expect([version, await outcomeOf(rig, version, request)]).toEqual([version, reason]);
    }
    expect(await rig.countObjects()).toBe(before);
  });
});

async function locateCertificates() {
  const [located] = await rig.send('1.4', [
    { operation: 'Locate', payload: { attributes: [attribute('ObjectType', 'Certificate')] } },
  ]);
  const ids = successOf('Locate', located).uniqueIdentifier.map(String);
  return Promise.all(
    ids.map(async (id) => {
      const [answer] = await rig.send('1.4', [
        { operation: 'Get', payload: { uniqueIdentifier: id } },
      ]);
      return {
        id,
        der: successOf('Get', answer).certificate?.certificateValue ?? new Uint8Array(),
      };
    }),
  );
}
