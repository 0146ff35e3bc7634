/**
 * A private key that is registered as a PKCS#12 container (1.4 §3.45, §4.3): the key in it is kept as PKCS#8, and
 * its certificates become objects of their own, each linked to the one that has issued it.
 */

import { createPrivateKey } from 'node:crypto';
import {
  type Attribute,
  attribute,
  ClavigerError,
  type EnumerationValue,
  type ManagedObject as ProtocolObject,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { type OpenedPkcs12, openPkcs12, type ParsedCertificate, PkiError } from '@claviger/pki';
import { keyAlgorithm, keyLengthBits } from '../cryptography/asymmetric-keys.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { keyBlockOf } from './key-material.ts';
import { withLink } from './links.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';
import { attributesOfMaterial } from './material-attributes.ts';
import { newObject } from './new-object.ts';
import { passwordOfContainer } from './pkcs12-password.ts';

export interface RegisteredContainer {
  /** The private key alone. */
  readonly content: ProtocolObject;
  /** What the container says of the key. */
  readonly known: readonly StandardAttribute[];
  /** From the certificate of the key on. */
  readonly certificates: readonly ManagedObject[];
}

/** Algorithms of keys on the same curves: the client says which of them the key is for. */
const OF_CURVES: readonly EnumerationValue<'CryptographicAlgorithm'>[] = [
  'EC',
  'ECDSA',
  'ECDH',
  'ECMQV',
];

/**
 * Opens the container in a request; undefined where there is none.
 *
 * @param asked - The attributes of the request, with the link to the password and, maybe, the friendly name.
 * @throws ClavigerError as {@link passwordOfContainer}; `bad-password` for one that does not open it; `invalid-field`
 * for a container that is damaged, or has not the key; `feature-not-supported` for one that is encrypted in a way that
 * is not opened here.
 */
export async function openContainer(
  context: OperationContext,
  { privateKey }: ProtocolObject,
  asked: readonly Attribute[],
): Promise<RegisteredContainer | undefined> {
  const container = privateKey && containerOf(privateKey);
  if (container === undefined) return undefined;
  const password = await passwordOfContainer(context, { attributes: asked });
  const friendlyName = attributeValue({ attributes: asked }, 'PKCS_12FriendlyName');
  const opened = await open(container, { password, friendlyName });
  context.wipeLater(opened.privateKey);
  const { friendlyName: alias } = opened;
  const known = alias === undefined ? [] : [attribute('PKCS_12FriendlyName', alias)];
  return {
    content: privateKeyOf(opened.privateKey, asked),
    known,
    certificates: await certificatesOf(context, opened.chain, known),
  };
}

function containerOf(privateKey: NonNullable<ProtocolObject['privateKey']>) {
  const { keyFormatType, keyValue, keyWrappingData } = keyBlockOf({ privateKey }) ?? {};
  if (keyFormatType !== 'PKCS_12' || keyWrappingData !== undefined) return undefined;
  const material = keyValue instanceof Uint8Array ? keyValue : keyValue?.keyMaterial;
  return material instanceof Uint8Array ? material : undefined;
}

async function open(
  container: Uint8Array,
  options: Parameters<typeof openPkcs12>[1],
): Promise<OpenedPkcs12> {
  try {
    return await openPkcs12(container, options);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    const code =
      cause.code === 'wrong-password'
        ? 'bad-password'
        : cause.code === 'unsupported-encryption'
          ? 'feature-not-supported'
          : 'invalid-field';
    throw new ClavigerError(code, cause.message, { cause });
  }
}

function privateKeyOf(der: Uint8Array, asked: readonly Attribute[]): ProtocolObject {
  const input = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const key = createPrivateKey({ key: input, format: 'der', type: 'pkcs8' });
  const found = keyAlgorithm(key);
  const said = attributeValue({ attributes: asked }, 'CryptographicAlgorithm');
  const isSaid = found === 'ECDSA' && said !== undefined && OF_CURVES.includes(said);
  const algorithm = isSaid ? said : found;
  const bits = keyLengthBits(key);
  return {
    privateKey: {
      keyBlock: {
        keyFormatType: 'PKCS_8',
        keyValue: { keyMaterial: der, attributes: [] },
        ...(algorithm !== undefined && { cryptographicAlgorithm: algorithm }),
        ...(bits !== undefined && { cryptographicLength: bits }),
      },
    },
  };
}

/** @param ofFirst - Attributes of the certificate of the key. */
async function certificatesOf(
  context: OperationContext,
  chain: readonly ParsedCertificate[],
  ofFirst: readonly StandardAttribute[],
): Promise<readonly ManagedObject[]> {
  const ids = chain.map(() => context.newIdentifier());
  const objects: ManagedObject[] = [];
  for (const [index, { der }] of chain.entries()) {
    const certificate = { certificateType: 'X_509', certificateValue: der } as const;
    const object = await newObject(context, {
      id: ids[index] ?? context.newIdentifier(),
      objectType: 'Certificate',
      asked: [],
      implied: attributesOfMaterial({ certificate }),
      usual: index === 0 ? ofFirst : [],
      content: { certificate },
    });
    const issuer = ids[index + 1];
    objects.push(
      issuer === undefined ? object : withLink(object, 'CertificateLink', issuer, context.version),
    );
  }
  return objects;
}
