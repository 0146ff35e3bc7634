import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { attribute, type EnumerationValue } from '@claviger/kmip-protocol';
import { createSelfSignedCertificate } from '@claviger/pki';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { outcomeOf, register, registerHalf, registerSecret } from './known-keys.fixtures.ts';

const PASSWORD = new TextEncoder().encode('password');
const PROFILE = {
  subject: { commonName: 'client' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 10,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
} as const;

const link = (linkType: EnumerationValue<'LinkType'>, linkedObjectIdentifier: string, index = 0) =>
  attribute('Link', { linkType, linkedObjectIdentifier }, index);
const asPkcs12 = (uniqueIdentifier: string): RequestedItem => ({
  operation: 'Get',
  payload: { uniqueIdentifier, keyFormatType: 'PKCS_12' },
});

let rig: MessageRig;
let certificate: X509Certificate;
let keyDer: Uint8Array;
let certificateId: string;
beforeEach(async () => {
  rig = await startMessageRig();
  const made = await createSelfSignedCertificate({ profile: PROFILE }, { now: () => NOW * 1000 });
  certificate = new X509Certificate(made.certificate.der);
  const key = createPrivateKey(made.privateKeyPem);
  keyDer = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  certificateId = await registerCertificate(made.certificate.der);
});

function registerCertificate(certificateValue: Uint8Array): Promise<string> {
  const held = { certificateType: 'X_509', certificateValue } as const;
  return register(rig, { objectType: 'Certificate', certificate: held }, { usage: ['Verify'] });
}

function registerPassword(isPreActive = false): Promise<string> {
  const keyBlock = {
    keyFormatType: 'Opaque',
    keyValue: { keyMaterial: PASSWORD, attributes: [] },
  } as const;
  const secretData = { secretDataType: 'Password', keyBlock } as const;
  return register(rig, { objectType: 'SecretData', secretData }, { usage: [], isPreActive });
}

const registerKeyOf = (...attributes: readonly ReturnType<typeof link>[]) =>
  registerHalf(
    rig,
    'private',
    { algorithm: 'EC', bits: 256, format: 'PKCS_8', der: keyDer },
    { usage: ['Sign'], attributes },
  );

describe('Get as PKCS#12', () => {
  it('gives a private key with its certificates, under the password that is linked', async () => {
    const id = await registerKeyOf(
      link('PKCS_12PasswordLink', await registerPassword()),
      link('PKCS_12CertificateLink', certificateId, 1),
    );
    const [answer] = await rig.send('1.4', [asPkcs12(id)]);
    const block = successOf('Get', answer).privateKey?.keyBlock;
    expect(block?.keyFormatType).toBe('PKCS_12');
    if (!(block?.keyValue instanceof Uint8Array)) throw new Error('There is no container.');
    const pfx = Buffer.from(block.keyValue);
    expect(() => createSecureContext({ pfx, passphrase: 'password' })).not.toThrow();
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow(/mac verify/);
    expect(pfx.includes(Buffer.from(certificate.raw))).toBe(false);
    expect(pfx.includes(Buffer.from(keyDer))).toBe(false);
  });

  const withCertificate = () => link('PKCS_12CertificateLink', certificateId, 1);
  it.each([
    ['no password', () => registerKeyOf(withCertificate()), 'InvalidField'],
    [
      'two passwords',
      async () =>
        registerKeyOf(
          link('PKCS_12PasswordLink', await registerPassword()),
          link('PKCS_12PasswordLink', await registerPassword(), 1),
          link('PKCS_12CertificateLink', certificateId, 2),
        ),
      'InvalidField',
    ],
    [
      'a password that is not Active',
      async () =>
        registerKeyOf(link('PKCS_12PasswordLink', await registerPassword(true)), withCertificate()),
      'PermissionDenied',
    ],
    [
      'a secret that is no password',
      async () =>
        registerKeyOf(
          link('PKCS_12PasswordLink', await registerSecret(rig, '0102', { usage: [] })),
          withCertificate(),
        ),
      'InvalidField',
    ],
    [
      'no certificate',
      async () => registerKeyOf(link('PKCS_12PasswordLink', await registerPassword())),
      'InvalidField',
    ],
    [
      'the certificate of another key',
      async () => {
        const other = await createSelfSignedCertificate(
          { profile: PROFILE },
          { now: () => NOW * 1000 },
        );
        return registerKeyOf(
          link('PKCS_12PasswordLink', await registerPassword()),
          link('PKCS_12CertificateLink', await registerCertificate(other.certificate.der), 1),
        );
      },
      'InvalidField',
    ],
    ['another object', async () => certificateId, 'KeyFormatTypeNotSupported'],
  ] as const)('refuses %s', async (_name, objectId, reason) => {
    expect(await outcomeOf(rig, '1.4', asPkcs12(await objectId()))).toBe(reason);
  });
});
