/**
 * Key Values under another key of the adapter (1.4 §2.1.5, §2.1.6). A MAC or a signature is over what the
 * method makes before it: the encoded Key Value, or that encrypted; it stands beside the Key Value.
 */

import {
  type Attribute,
  attributeText,
  ClavigerError,
  type CryptographicParameters,
  decodeItem,
  encodeItem,
  isAtLeast,
  type KeyBlock,
  KeyValue,
  type KeyWrappingData,
  type KeyWrappingSpecification,
  MASKS,
  type ManagedObject as ProtocolObject,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { decryptWithPrivateKey, encryptWithPublicKey } from '../cryptography/asymmetric-cipher.ts';
import { isAuthenticated, openDecryption, openEncryption } from '../cryptography/cipher.ts';
import { hmacDigest, macsEqual, openMac } from '../cryptography/mac.ts';
import { openSignature, openVerification, signatureScheme } from '../cryptography/signature.ts';
import { isArchived } from '../lifecycle/archive.ts';
import { assertUsable, countUse, type Usage } from '../lifecycle/cryptographic-usage.ts';
import { isDestroyed } from '../lifecycle/state.ts';
import type { FoundObject, OperationContext } from '../operations/operation-handler.ts';
import { isWrapped, keyBlockOf, withKeyBlock } from './key-material.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';
import { openKey, type UsableKey } from './usable-key.ts';

const NEWEST: Version = '2.1';

interface WrappingKey {
  readonly found: FoundObject;
  readonly parameters: CryptographicParameters;
  readonly key: UsableKey;
}

/**
 * Wraps the Key Value of an object.
 *
 * @param attributes - of the object, of which the specification may name some to travel along.
 * @throws ClavigerError `wrapping-key-...`, `unsuitable-key`, `usage-not-permitted`, `wrong-state`,
 * `parameters-not-found`, `encoding-option-not-supported`, `illegal-operation`, `invalid-field`.
 */
export async function wrapKeyValue(
  context: OperationContext,
  content: ProtocolObject,
  specification: KeyWrappingSpecification,
  attributes: readonly Attribute[],
): Promise<ProtocolObject> {
  const block = keyBlockOf(content);
  if (block === undefined) {
    throw new ClavigerError('illegal-operation', 'the object has no Key Value to be wrapped');
  }
  const { wrappingMethod, encryptionKeyInformation, macSignatureKeyInformation } = specification;
  const steps = stepsOf(wrappingMethod, specification);
  let bytes = context.wipeLater(encodeKeyValue(context, block, specification, attributes));
  let data: KeyWrappingData = {
    wrappingMethod,
    ...(encryptionKeyInformation !== undefined && { encryptionKeyInformation }),
    ...(macSignatureKeyInformation !== undefined && { macSignatureKeyInformation }),
    ...(specification.encodingOption !== undefined && {
      encodingOption: specification.encodingOption,
    }),
  };
  for (const step of steps) {
    if (step === 'encrypt') {
      const wrapping = await wrappingKey(context, encryptionKeyInformation, 'WrapKey');
      const encrypted = encrypt(context, wrapping, bytes);
      bytes = encrypted.data;
      if (encrypted.iv !== undefined) data = { ...data, ivCounterNonce: encrypted.iv };
    } else {
      const wrapping = await wrappingKey(context, macSignatureKeyInformation, 'sign');
      data = { ...data, macSignature: sign(wrapping, bytes) };
    }
  }
  return withKeyBlock(content, { ...block, keyValue: bytes, keyWrappingData: data });
}

/**
 * Takes the wrapping off; what is not wrapped is answered as it is.
 * @throws ClavigerError as {@link wrapKeyValue}, and `cryptographic-failure`.
 */
export async function unwrapKeyValue(
  context: OperationContext,
  content: ProtocolObject,
): Promise<ProtocolObject> {
  const block = keyBlockOf(content);
  if (block === undefined || !isWrapped(block)) return content;
  const { keyWrappingData: data, ...rest } = block;
  const wrapped = wrappedBytes(block);
  if (data === undefined || wrapped === undefined) {
    throw new ClavigerError('key-wrap-not-supported', 'nothing says how the Key Value is wrapped');
  }
  let bytes = wrapped;
  for (const step of stepsOf(data.wrappingMethod, data).reverse()) {
    if (step === 'encrypt') {
      const wrapping = await wrappingKey(context, data.encryptionKeyInformation, 'UnwrapKey');
      bytes = context.wipeLater(decrypt(wrapping, data, bytes));
    } else {
      const wrapping = await wrappingKey(context, data.macSignatureKeyInformation, 'verify');
      assertSigned(wrapping, data.macSignature, bytes);
    }
  }
  const keyValue =
    data.encodingOption === 'NoEncoding'
      ? { keyMaterial: bytes, attributes: [] }
      : decodeKeyValue(bytes);
  return withKeyBlock(content, { ...rest, keyValue });
}

/**
 * The wrapping keys after they have wrapped: those with Usage Limits have less of them left.
 *
 * @param wrapped - What {@link wrapKeyValue} has made; limits in bytes count those of its Key Value.
 * @throws ClavigerError `usage-limit-exceeded`.
 */
export async function usedWrappingKeys(
  context: OperationContext,
  specification: KeyWrappingSpecification,
  wrapped: ProtocolObject,
): Promise<readonly ManagedObject[]> {
  const block = keyBlockOf(wrapped);
  const bytes = (block === undefined ? undefined : wrappedBytes(block))?.length ?? 0;
  const ids = [specification.encryptionKeyInformation, specification.macSignatureKeyInformation]
    .map((information) => information?.uniqueIdentifier)
    .filter((id) => id !== undefined);
  const used: ManagedObject[] = [];
  for (const id of new Set(ids)) {
    const found = await context.read(id);
    const counted = found === undefined ? undefined : countUse(found.object, bytes);
    if (counted !== undefined) used.push(counted);
  }
  return used;
}

/** Wrapped bytes stand in the place of the Key Value, or, as some clients send them, of its Key Material. */
function wrappedBytes({ keyValue }: KeyBlock): Uint8Array | undefined {
  if (keyValue === undefined || keyValue instanceof Uint8Array) return keyValue;
  return keyValue.keyMaterial instanceof Uint8Array ? keyValue.keyMaterial : undefined;
}

type Step = 'encrypt' | 'sign';

function stepsOf(
  method: KeyWrappingData['wrappingMethod'],
  keys: Pick<KeyWrappingData, 'encryptionKeyInformation' | 'macSignatureKeyInformation'>,
): Step[] {
  const steps = STEPS[method];
  if (steps === undefined) {
    throw new ClavigerError(
      'key-wrap-not-supported',
      `the Wrapping Method ${method} is not supported; use Encrypt or MAC/sign, or both`,
    );
  }
  const isGiven = (step: Step) =>
    (step === 'encrypt' ? keys.encryptionKeyInformation : keys.macSignatureKeyInformation) !==
    undefined;
  if (!steps.every(isGiven)) {
    throw new ClavigerError(
      'invalid-field',
      `the Wrapping Method ${method} needs the information on its key`,
    );
  }
  return [...steps];
}

const STEPS: { readonly [method in KeyWrappingData['wrappingMethod']]?: readonly Step[] } = {
  Encrypt: ['encrypt'],
  MACSign: ['sign'],
  EncryptThenMACSign: ['encrypt', 'sign'],
  MACSignThenEncrypt: ['sign', 'encrypt'],
};

function encodeKeyValue(
  { version }: OperationContext,
  { keyValue }: KeyBlock,
  { encodingOption, attributeName }: KeyWrappingSpecification,
  attributes: readonly Attribute[],
): Uint8Array {
  if (keyValue === undefined || keyValue instanceof Uint8Array) {
    // 1.x has an older reason for it here (1.4 §11.12).
    const code = isAtLeast(version, '2.0') ? 'key-value-not-present' : 'illegal-operation';
    throw new ClavigerError(code, 'the server does not have the Key Value');
  }
  if (encodingOption === 'NoEncoding') {
    if (attributeName.length > 0 || !(keyValue.keyMaterial instanceof Uint8Array)) {
      throw new ClavigerError(
        'encoding-option-not-supported',
        'without encoding only bytes can be wrapped, and no attributes with them; use TTLV Encoding',
      );
    }
    return Uint8Array.from(keyValue.keyMaterial);
  }
  const named = attributes.filter((each) => attributeName.includes(attributeText(each)));
  // Whoever takes the wrapping off reads attributes in the form of this version.
  return encodeTtlv(encodeItem(KeyValue, { ...keyValue, attributes: named }, version));
}

function decodeKeyValue(bytes: Uint8Array): KeyValue {
  try {
    const item = decodeTtlv(bytes);
    const isOld = item.type === 'Structure' && item.value.some(({ tag }) => tag === TAGS.Attribute);
    return decodeItem(KeyValue, item, isOld ? '1.4' : NEWEST);
  } catch (cause) {
    throw new ClavigerError(
      'cryptographic-failure',
      'what was wrapped is no Key Value; was it wrapped by this key, and without encoding?',
      { cause },
    );
  }
}

type Purpose = 'WrapKey' | 'UnwrapKey' | 'sign' | 'verify';

async function wrappingKey(
  context: OperationContext,
  information: KeyWrappingData['macSignatureKeyInformation'],
  purpose: Purpose,
): Promise<WrappingKey> {
  const id = information?.uniqueIdentifier;
  const found = id === undefined ? undefined : await context.read(id);
  if (found === undefined) {
    throw new ClavigerError(
      'wrapping-key-not-found',
      'there is no wrapping key of this identifier',
    );
  }
  const { object, state } = found;
  if (isDestroyed(state)) {
    throw new ClavigerError('wrapping-key-destroyed', 'the wrapping key has been destroyed');
  }
  if (isArchived(object)) {
    throw new ClavigerError(
      'wrapping-key-archived',
      'the wrapping key is archived; recover it first',
    );
  }
  if (!/Key$|Certificate$/.test(object.objectType)) {
    throw new ClavigerError('illegal-operation', 'the object named as wrapping key is no key');
  }
  const parameters = parametersOf(found, information?.cryptographicParameters);
  const key = openKey(context, object);
  const isMac = key.kind === 'secret';
  assertUsable(found, usageOf(purpose, isMac, found), context.nowSeconds);
  return { found, parameters, key };
}

function usageOf(purpose: Purpose, isMac: boolean, { object }: FoundObject): Usage {
  switch (purpose) {
    case 'WrapKey':
      return { bit: 'WrapKey', purpose: 'protect' };
    case 'UnwrapKey': {
      // What a symmetric key wraps for the clients of the adapter, it may unwrap for them.
      const mask = attributeValue(object, 'CryptographicUsageMask') ?? 0;
      const unwraps = (mask & MASKS.CryptographicUsageMask.bits.UnwrapKey) !== 0;
      return { bit: unwraps || !isMac ? 'UnwrapKey' : 'WrapKey', purpose: 'process' };
    }
    case 'sign':
      return { bit: isMac ? 'MACGenerate' : 'Sign', purpose: 'protect' };
    case 'verify':
      return { bit: isMac ? 'MACVerify' : 'Verify', purpose: 'process' };
  }
}

/** What is asked for must be one of the instances that the key has; the first is the default (1.4 §2.1.6). */
function parametersOf(
  { object }: FoundObject,
  asked: CryptographicParameters | undefined,
): CryptographicParameters {
  const instances = object.attributes.flatMap((each) =>
    each.kind === 'standard' && each.name === 'CryptographicParameters' ? [each.value] : [],
  );
  const match =
    asked === undefined ? instances[0] : instances.find((each) => includes(each, asked));
  if (match !== undefined) return match;
  throw new ClavigerError(
    'parameters-not-found',
    'the wrapping key has no Cryptographic Parameters that fit; add them to the key',
  );
}

function includes(instance: CryptographicParameters, asked: CryptographicParameters): boolean {
  const values: Readonly<Record<string, unknown>> = { ...instance };
  return Object.entries(asked).every(([name, value]) => {
    const other = values[name];
    return value instanceof Uint8Array && other instanceof Uint8Array
      ? Buffer.compare(value, other) === 0
      : value === undefined || value === other;
  });
}

function encrypt(
  context: OperationContext,
  { found, parameters, key }: WrappingKey,
  data: Uint8Array,
): { readonly data: Uint8Array; readonly iv: Uint8Array | undefined } {
  if (key.kind === 'public') {
    return {
      data: encryptWithPublicKey(key.key, parameters, data, context.randomBytes),
      iv: undefined,
    };
  }
  if (key.kind === 'private') throw unsuitable('a private key does not wrap; use the public one');
  const request = cipherRequest(found, parameters, key.bytes, undefined);
  const cipher = openEncryption(
    { ...request, parameters: { ...parameters, randomIV: true } },
    { totalBytes: data.length },
    context.randomBytes,
  );
  const wrapped = Buffer.concat([cipher.update(data), cipher.final().data]);
  return { data: wrapped, iv: cipher.chosenIv };
}

function decrypt(
  { found, parameters, key }: WrappingKey,
  { ivCounterNonce }: KeyWrappingData,
  data: Uint8Array,
): Uint8Array {
  if (key.kind === 'private') return decryptWithPrivateKey(key.key, parameters, data);
  if (key.kind === 'public') throw unsuitable('a public key does not unwrap; use the private one');
  const cipher = openDecryption(
    { ...cipherRequest(found, parameters, key.bytes, ivCounterNonce), tag: undefined },
    { totalBytes: data.length },
  );
  const parts = [cipher.update(data)];
  try {
    parts.push(cipher.final().data);
    return Buffer.concat(parts);
  } finally {
    for (const part of parts) part.fill(0);
  }
}

function cipherRequest(
  { object }: FoundObject,
  parameters: CryptographicParameters,
  key: Uint8Array,
  iv: Uint8Array | undefined,
) {
  const algorithm = attributeValue(object, 'CryptographicAlgorithm');
  if (isAuthenticated({ algorithm, parameters, key })) {
    // Key Wrapping Data has no place for a tag.
    throw new ClavigerError(
      'key-wrap-not-supported',
      'a mode with a tag cannot wrap keys; use NIST Key Wrap or AES Key Wrap Padding',
    );
  }
  return { algorithm, parameters, key, iv, additionalData: undefined };
}

function sign({ found, parameters, key }: WrappingKey, data: Uint8Array): Uint8Array {
  if (key.kind === 'secret') return macOf(found, parameters, key.bytes, data);
  if (key.kind === 'public') throw unsuitable('a public key does not sign; use the private one');
  const scheme = signatureScheme(key.key, parameters, { isDigest: false, purpose: 'sign' });
  const signature = openSignature(key.key, scheme);
  signature.update(data);
  return signature.sign();
}

function assertSigned(
  { found, parameters, key }: WrappingKey,
  given: Uint8Array | undefined,
  data: Uint8Array,
): void {
  if (given !== undefined && isSigned(found, parameters, key, given, data)) return;
  throw new ClavigerError(
    'cryptographic-failure',
    'the MAC/Signature of the Key Value is not right',
  );
}

function isSigned(
  found: FoundObject,
  parameters: CryptographicParameters,
  key: UsableKey,
  given: Uint8Array,
  data: Uint8Array,
): boolean {
  if (key.kind === 'secret') return macsEqual(macOf(found, parameters, key.bytes, data), given);
  if (key.kind === 'private') throw unsuitable('a private key does not verify; use the public one');
  const scheme = signatureScheme(key.key, parameters, { isDigest: false, purpose: 'verify' });
  const verification = openVerification(key.key, scheme);
  verification.update(data);
  return verification.verify(given);
}

function macOf(
  { object }: FoundObject,
  { cryptographicAlgorithm }: CryptographicParameters,
  key: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const ofKey = attributeValue(object, 'CryptographicAlgorithm');
  const algorithm = hmacDigest(ofKey) === undefined ? cryptographicAlgorithm : ofKey;
  return openMac(algorithm, key).update(data).digest();
}

function unsuitable(message: string): ClavigerError {
  return new ClavigerError('unsuitable-key', message);
}
