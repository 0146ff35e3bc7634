/** What the steps have in common: a client of the gateway under test, and things to work on. */

import type { KmipClient } from '@claviger/kmip-client';
import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { sendForLater } from '../asynchronous-request.ts';
import type { ClientCertificate } from '../client-certificates.ts';

/** Whom the steps ask, and as whom. */
export interface Workbench {
  readonly client: KmipClient;
  /** Another client of the same adapter, for what ends the trust in a certificate. */
  readonly other: { readonly client: KmipClient; readonly certificate: ClientCertificate };
}

export const DATA: Uint8Array = new Uint8Array(Buffer.from('sixteen bytes, 1'));

export const AES_128: readonly Attribute[] = [
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 128),
  attribute('CryptographicUsageMask', 12),
];

/** A date long ago: what has it as its Activation Date is Active. */
export const ACTIVE: Attribute = attribute('ActivationDate', 1);

export const LIMITS: Attribute = attribute('UsageLimits', {
  usageLimitsTotal: 1000n,
  usageLimitsUnit: 'Byte',
});

export const SIGNATURE = { digitalSignatureAlgorithm: 'ECDSAWithSHA256' } as const;

export function withAttributes(...attributes: readonly Attribute[]) {
  return { attributes, templateNames: [] };
}

export function aName(nameValue: string): Attribute {
  return attribute('Name', { nameValue, nameType: 'UninterpretedTextString' });
}

/** A key for AES-128 with further attributes; resolves to its identifier. */
export async function aKey(
  { client }: Workbench,
  ...attributes: readonly Attribute[]
): Promise<string> {
  const made = await client.request('Create', {
    objectType: 'SymmetricKey',
    attributes: withAttributes(...AES_128, ...attributes),
  });
  return String(made.uniqueIdentifier);
}

/** Registers bytes as a secret, or as a key; resolves to its identifier. */
export async function registered(
  { client }: Workbench,
  kind: 'derivation secret' | 'HMAC key',
): Promise<string> {
  const keyValue = { keyMaterial: DATA, attributes: [] };
  const { uniqueIdentifier } =
    kind === 'HMAC key'
      ? await client.request('Register', {
          objectType: 'SymmetricKey',
          symmetricKey: {
            keyBlock: {
              keyFormatType: 'Raw',
              keyValue,
              cryptographicAlgorithm: 'HMAC_SHA256',
              cryptographicLength: 128,
            },
          },
          attributes: withAttributes(ACTIVE, attribute('CryptographicUsageMask', 0x180)),
        })
      : await client.request('Register', {
          objectType: 'SecretData',
          secretData: { secretDataType: 'Seed', keyBlock: { keyFormatType: 'Opaque', keyValue } },
          attributes: withAttributes(ACTIVE, attribute('CryptographicUsageMask', 0x200)),
        });
  return String(uniqueIdentifier);
}

/** An Active pair for signatures. */
export async function aPair({ client }: Workbench) {
  const pair = await client.request('CreateKeyPair', {
    commonAttributes: withAttributes(
      attribute('CryptographicAlgorithm', 'ECDSA'),
      attribute('CryptographicLength', 256),
      ACTIVE,
    ),
    privateKeyAttributes: withAttributes(attribute('CryptographicUsageMask', 1)),
    publicKeyAttributes: withAttributes(attribute('CryptographicUsageMask', 2)),
  });
  return {
    privateKey: String(pair.privateKeyUniqueIdentifier),
    publicKey: String(pair.publicKeyUniqueIdentifier),
  };
}

/** A certificate for a new public key, by the authority of the adapter. */
export async function aCertificate(bench: Workbench): Promise<string> {
  const { publicKey } = await aPair(bench);
  const certified = await bench.client.request('Certify', {
    uniqueIdentifier: publicKey,
    attributes: withAttributes(attribute('CertificateType', 'X_509')),
  });
  return String(certified.uniqueIdentifier);
}

/** Three parts of a key, of which two are enough, in the order in which they were made. */
export async function parts(bench: Workbench): Promise<readonly string[]> {
  const { uniqueIdentifier } = await bench.client.request('CreateSplitKey', {
    objectType: 'SplitKey',
    uniqueIdentifier: await aKey(bench, ACTIVE),
    splitKeyParts: 3,
    splitKeyThreshold: 2,
    splitKeyMethod: 'PolynomialSharingGF2_8',
    attributes: withAttributes(),
  });
  return uniqueIdentifier.map(String);
}

/** Leaves a Create to be worked on later; resolves to its Asynchronous Correlation Value. */
export async function aWaitingRequest({ client }: Workbench): Promise<Uint8Array> {
  const accepted = await sendForLater(client, 'Create', {
    objectType: 'SymmetricKey',
    attributes: withAttributes(...AES_128),
  });
  return accepted.asynchronousCorrelationValue;
}
