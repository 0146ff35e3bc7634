/** Registered keys and secrets for tests of what computes with them. */

import { type Attribute, attribute, MASKS } from '@claviger/kmip-protocol';
import type { MessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';

type Register = Extract<RequestedItem, { operation: 'Register' }>['payload'];
type Usage = keyof typeof MASKS.CryptographicUsageMask.bits;

export interface KnownKeyOptions {
  readonly usage: readonly Usage[];
  /** Not activated by itself: an object that is Pre-Active. */
  readonly isPreActive?: boolean;
  readonly attributes?: readonly Attribute[];
}

/** Bytes from hexadecimal digits. */
export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function hex(data: Uint8Array | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data).toString('hex');
}

export function maskOf(...usage: readonly Usage[]): number {
  return usage.reduce((mask, bit) => mask | MASKS.CryptographicUsageMask.bits[bit], 0);
}

/** Registers an object, Active unless told; answers its identifier. */
export async function register(
  rig: MessageRig,
  object: Omit<Register, 'attributes' | 'protectionStorageMasks'>,
  { usage, isPreActive = false, attributes = [] }: KnownKeyOptions,
): Promise<string> {
  const all = [
    attribute('CryptographicUsageMask', maskOf(...usage)),
    ...(isPreActive ? [] : [attribute('ActivationDate', NOW - 3600)]),
    ...attributes,
  ];
  const payload = { ...object, attributes: { attributes: all, templateNames: [] } };
  const [answer] = await rig.send('1.4', [{ operation: 'Register', payload }]);
  return String(successOf('Register', answer).uniqueIdentifier);
}

export async function registerKey(
  rig: MessageRig,
  algorithm: 'AES' | 'ChaCha20' | 'HMAC_SHA256' | 'DES3',
  key: string,
  options: KnownKeyOptions,
): Promise<string> {
  const keyBlock = {
    keyFormatType: 'Raw',
    keyValue: { keyMaterial: bytes(key), attributes: [] },
    cryptographicAlgorithm: algorithm,
    cryptographicLength: key.length * 4,
  } as const;
  return await register(rig, { objectType: 'SymmetricKey', symmetricKey: { keyBlock } }, options);
}

export async function registerSecret(
  rig: MessageRig,
  secret: string,
  options: KnownKeyOptions,
): Promise<string> {
  const keyBlock = {
    keyFormatType: 'Opaque',
    keyValue: { keyMaterial: bytes(secret), attributes: [] },
  } as const;
  const secretData = { secretDataType: 'Seed', keyBlock } as const;
  return await register(rig, { objectType: 'SecretData', secretData }, options);
}

/** Registers a half of a key pair by its DER. */
export async function registerHalf(
  rig: MessageRig,
  half: 'private' | 'public',
  key: {
    readonly algorithm: 'RSA' | 'EC';
    readonly bits: number;
    readonly format: 'PKCS_1' | 'PKCS_8' | 'X_509';
    readonly der: Uint8Array;
  },
  options: KnownKeyOptions,
): Promise<string> {
  const keyBlock = {
    keyFormatType: key.format,
    keyValue: { keyMaterial: key.der, attributes: [] },
    cryptographicAlgorithm: key.algorithm,
    cryptographicLength: key.bits,
  } as const;
  const object =
    half === 'private'
      ? ({ objectType: 'PrivateKey', privateKey: { keyBlock } } as const)
      : ({ objectType: 'PublicKey', publicKey: { keyBlock } } as const);
  return await register(rig, object, options);
}

/** The Result Reason, or the Result Status of what succeeded. */
export async function outcomeOf(
  rig: MessageRig,
  version: '1.4' | '2.1',
  item: RequestedItem,
): Promise<string | undefined> {
  const [answer] = await rig.send(version, [item]);
  return answer?.resultReason ?? answer?.resultStatus;
}
