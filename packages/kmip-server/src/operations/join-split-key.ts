/** Join Split Key (1.4 §4.39, 2.1 §6.1.27): a key from its parts. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  type KeyBlock,
  OPERATION_SCHEMAS,
  type ManagedObject as ProtocolObject,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { joinSecret, type SplitPlan } from '../cryptography/split-key.ts';
import { stateAt } from '../lifecycle/state.ts';
import { protectionOf } from '../objects/inherited-protection.ts';
import { isWrapped, keyBytes } from '../objects/key-material.ts';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { keyLengthBytes } from '../objects/symmetric-algorithms.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type JoinRequest = RequestOf<typeof OPERATION_SCHEMAS.JoinSplitKey>;

export const joinSplitKey = handler<'JoinSplitKey'>(
  OPERATION_SCHEMAS.JoinSplitKey,
  async (context, request) => {
    const { objectType } = request;
    const parts: Part[] = [];
    for (const identifier of request.uniqueIdentifier) {
      const { object } = await context.find(identifier);
      parts.push(openPart(context, object));
    }
    const [first] = parts;
    if (first === undefined) throw cannotJoin('no parts were given');
    if (!parts.every((part) => isOfSameKey(part, first))) {
      throw cannotJoin('the parts are not all of one key');
    }
    const joined = context.wipeLater(joinSecret(parts, first.plan));
    const asked = await resolveTemplates(context, request.attributes);
    const block = blockOf(asked, first, joined);
    if (objectType === 'SymmetricKey') assertOfItsLength(block);
    const object = await newObject(context, {
      id: context.newIdentifier(),
      objectType,
      asked,
      implied: [
        ...(objectType === 'SecretData' ? [] : attributesOf(block)),
        ...protectionOf(parts.map(({ object }) => object)),
      ],
      content: contentOf(request, block),
      protectionStorageMasks: request.protectionStorageMasks?.protectionStorageMask,
    });
    return {
      response: { objectType, uniqueIdentifier: object.id },
      save: [object],
      audit: {
        subject: { id: object.id, objectType, state: stateAt(object, context.nowSeconds) },
      },
      idPlaceholder: object.id,
    };
  },
);

/** A part of a key, opened. */
interface Part {
  readonly object: ManagedObject;
  readonly plan: SplitPlan;
  readonly identifier: number;
  readonly data: Uint8Array;
  readonly block: KeyBlock;
}

function openPart(context: OperationContext, object: ManagedObject): Part {
  const { splitKey } = context.open(object);
  if (splitKey === undefined) {
    throw new ClavigerError(
      'invalid-object-type',
      `only objects of type SplitKey can be joined, not ${object.objectType}`,
    );
  }
  const { keyBlock: block } = splitKey;
  const data = isWrapped(block) ? undefined : keyBytes(block);
  if (data === undefined) throw cannotJoin('a part is wrapped, or has no material');
  const plan: SplitPlan = {
    method: splitKey.splitKeyMethod,
    parts: splitKey.splitKeyParts,
    threshold: splitKey.splitKeyThreshold,
    primeFieldSize: splitKey.primeFieldSize,
  };
  return { object, plan, identifier: splitKey.keyPartIdentifier, data, block };
}

function isOfSameKey({ plan, data }: Part, other: Part): boolean {
  return (
    plan.method === other.plan.method &&
    plan.parts === other.plan.parts &&
    plan.threshold === other.plan.threshold &&
    plan.primeFieldSize === other.plan.primeFieldSize &&
    data.length === other.data.length
  );
}

/** The block of the whole key: what the client says of it counts, then what the parts say. */
function blockOf(asked: readonly Attribute[], { plan, block }: Part, joined: Uint8Array): KeyBlock {
  const attributes = { attributes: asked };
  const algorithm =
    attributeValue(attributes, 'CryptographicAlgorithm') ?? block.cryptographicAlgorithm;
  const lengthBits = attributeValue(attributes, 'CryptographicLength') ?? block.cryptographicLength;
  const key =
    plan.method === 'PolynomialSharingPrimeField'
      ? withoutZeros(joined, algorithm, lengthBits)
      : joined;
  return {
    keyFormatType: block.keyFormatType,
    keyValue: { keyMaterial: key, attributes: [] },
    cryptographicAlgorithm: algorithm,
    cryptographicLength: lengthBits,
  };
}

/** Sharing over a prime field puts zeros before a key that is shorter than the prime. */
function withoutZeros(
  joined: Uint8Array,
  algorithm: KeyBlock['cryptographicAlgorithm'],
  lengthBits: number | undefined,
): Uint8Array {
  if (algorithm === undefined || lengthBits === undefined) return joined;
  const length = keyLengthBytes(algorithm, lengthBits);
  if (length.kind === 'unsupported') return joined; // of a key pair, whose encoding has its own length
  const surplus = joined.length - length.count;
  if (surplus < 0 || joined.subarray(0, surplus).some((byte) => byte !== 0)) {
    throw cannotJoin(`what they give is no key of ${lengthBits} bits`);
  }
  return joined.subarray(surplus);
}

function contentOf(
  { objectType, secretDataType }: JoinRequest,
  keyBlock: KeyBlock,
): ProtocolObject {
  switch (objectType) {
    case 'SymmetricKey':
      return { symmetricKey: { keyBlock } };
    case 'PrivateKey':
      return { privateKey: { keyBlock } };
    case 'SecretData':
      return { secretData: { secretDataType: secretDataType ?? 'Seed', keyBlock } };
    default:
      throw new ClavigerError(
        'invalid-object-type',
        `parts can be joined to a SymmetricKey, a PrivateKey or SecretData, not to ${objectType}`,
      );
  }
}

function attributesOf({ cryptographicAlgorithm, cryptographicLength }: KeyBlock) {
  if (cryptographicAlgorithm === undefined || cryptographicLength === undefined) {
    throw new ClavigerError(
      'invalid-field',
      'a key needs the attributes Cryptographic Algorithm and Cryptographic Length',
    );
  }
  return [
    attribute('CryptographicAlgorithm', cryptographicAlgorithm),
    attribute('CryptographicLength', cryptographicLength),
  ];
}

/** The attributes may say another length than the parts have together. */
function assertOfItsLength(block: KeyBlock): void {
  const { cryptographicAlgorithm: algorithm, cryptographicLength: bits } = block;
  const material = keyBytes(block);
  if (algorithm === undefined || bits === undefined || material === undefined) return;
  const length = keyLengthBytes(algorithm, bits);
  if (length.kind === 'bytes' && length.count === material.length) return;
  throw new ClavigerError(
    'invalid-field',
    `the parts give ${material.length * 8} bits, which is no key for ${algorithm} of ${bits} bits`,
  );
}

function cannotJoin(why: string): ClavigerError {
  return new ClavigerError('cryptographic-failure', `the key cannot be joined: ${why}`);
}
