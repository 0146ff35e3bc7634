/** Create (1.4 §4.1, 2.1 §6.1.8): the server makes a symmetric key. */

import { createHash } from 'node:crypto';
import {
  type Attribute,
  type AttributeValue,
  attribute,
  ClavigerError,
  OPERATION_SCHEMAS,
  type Version,
} from '@claviger/kmip-protocol';
import {
  allowsSeveral,
  asKept,
  assertAttributesFit,
  assertClientMaySet,
  MAX_INSTANCES,
  tooManyInstances,
} from '../lifecycle/attribute-rules.ts';
import { stateAt } from '../lifecycle/state.ts';
import { attributeKey } from '../objects/attribute-key.ts';
import { attributeLabel } from '../objects/attribute-label.ts';
import { uniqueNames } from '../objects/index-entries.ts';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';
import { chooseProtectionStorage } from '../objects/protection-storage.ts';
import { finishKey, keyLengthBytes } from '../objects/symmetric-algorithms.ts';
import { handler, type OperationContext } from './operation-handler.ts';

export const create = handler<'Create'>(OPERATION_SCHEMAS.Create, async (context, request) => {
  const { objectType } = request;
  if (objectType !== 'SymmetricKey') {
    throw new ClavigerError(
      'invalid-object-type',
      `Create makes objects of type SymmetricKey, not ${objectType}`,
    );
  }
  const [template] = request.attributes.templateNames;
  if (template !== undefined) {
    throw new ClavigerError(
      'item-not-found',
      'there is no Template of this Name; send the attributes themselves',
    );
  }
  const asked = arrange(request.attributes.attributes, context.version);
  await assertNamesFree(context, asked);
  const { algorithm, lengthBits, lengthBytes } = keyParameters({ attributes: asked });
  const storageMask = chooseProtectionStorage(
    request.protectionStorageMasks?.protectionStorageMask ?? [],
  );

  const key = context.newKeyMaterial(lengthBytes);
  finishKey(algorithm, key);
  const id = context.newIdentifier();
  const attributes = [...asked, ...setByServer(id, asked, key, storageMask, context.nowSeconds)];
  assertAttributesFit({ attributes });
  const object: ManagedObject = {
    id,
    adapterId: context.adapterId,
    version: 0,
    objectType,
    attributes,
    material: context.seal(id, {
      symmetricKey: {
        keyBlock: {
          keyFormatType: 'Raw',
          keyValue: { keyMaterial: key, attributes: [] },
          cryptographicAlgorithm: algorithm,
          cryptographicLength: lengthBits,
        },
      },
    }),
    createdAt: context.nowSeconds * 1000,
  };
  return {
    response: { objectType, uniqueIdentifier: id },
    save: [object],
    audit: { subject: { id, objectType, state: stateAt(object, context.nowSeconds) } },
    idPlaceholder: id,
  };
});

/** Checks what the client set, and numbers the instances of each attribute. */
function arrange(attributes: readonly Attribute[], version: Version): Attribute[] {
  const counts = new Map<string, number>();
  return attributes.map((candidate) => {
    const key = attributeKey(candidate);
    if (!isKeyParameter(candidate)) assertClientMaySet(candidate, 'SymmetricKey', version);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    if (index > 0 && !allowsSeveral(candidate, version)) {
      throw new ClavigerError(
        'attribute-single-valued',
        `${attributeLabel(candidate)} can have one value only`,
      );
    }
    if (index >= MAX_INSTANCES) throw tooManyInstances(candidate);
    return { ...asKept(candidate), index };
  });
}

/** Set by the server according to their tables, but from what the client asks for (1.4 §4.1). */
function isKeyParameter({ kind, name }: Attribute): boolean {
  return (
    kind === 'standard' && (name === 'CryptographicAlgorithm' || name === 'CryptographicLength')
  );
}

async function assertNamesFree(
  context: OperationContext,
  attributes: readonly Attribute[],
): Promise<void> {
  const names = uniqueNames(attributes);
  if (new Set(names).size < names.length) {
    throw new ClavigerError('name-already-exists', 'the request gives the same Name twice');
  }
  for (const name of names) {
    if (await context.isNameTaken(name)) {
      throw new ClavigerError('name-already-exists', 'an object with this Name exists already');
    }
  }
}

function keyParameters(asked: Pick<ManagedObject, 'attributes'>): {
  readonly algorithm: AttributeValue<'CryptographicAlgorithm'>;
  readonly lengthBits: number;
  readonly lengthBytes: number;
} {
  const algorithm = attributeValue(asked, 'CryptographicAlgorithm');
  const lengthBits = attributeValue(asked, 'CryptographicLength');
  if (algorithm === undefined) throw lacks('Cryptographic Algorithm');
  if (lengthBits === undefined) throw lacks('Cryptographic Length');
  if (attributeValue(asked, 'CryptographicUsageMask') === undefined) {
    throw lacks('Cryptographic Usage Mask');
  }
  const length = keyLengthBytes(algorithm, lengthBits);
  if (length.kind === 'unsupported') throw new ClavigerError('invalid-field', length.why);
  return { algorithm, lengthBits, lengthBytes: length.count };
}

function lacks(name: string): ClavigerError {
  return new ClavigerError('invalid-field', `a new key needs the attribute ${name}`);
}

/** The attributes that the server sets on a new key ("when implicitly set": 1.4 §3, 2.1 §4). */
function setByServer(
  id: string,
  asked: readonly Attribute[],
  key: Uint8Array,
  storageMask: number,
  now: number,
): Attribute[] {
  const sensitive = attributeValue({ attributes: asked }, 'Sensitive') ?? false;
  const extractable = attributeValue({ attributes: asked }, 'Extractable') ?? true;
  const activation = attributeValue({ attributes: asked }, 'ActivationDate');
  const set: Attribute[] = [
    attribute('UniqueIdentifier', id),
    attribute('ShortUniqueIdentifier', sha256(id)),
    attribute('ObjectType', 'SymmetricKey'),
    attribute('State', activation !== undefined && activation <= now ? 'Active' : 'PreActive'),
    attribute('InitialDate', now),
    attribute('OriginalCreationDate', now),
    attribute('LastChangeDate', now),
    attribute('Digest', {
      hashingAlgorithm: 'SHA_256',
      digestValue: sha256(key),
      keyFormatType: 'Raw',
    }),
    attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
    attribute('Sensitive', sensitive),
    attribute('AlwaysSensitive', sensitive),
    attribute('Extractable', extractable),
    attribute('NeverExtractable', !extractable),
    attribute('KeyFormatType', 'Raw'),
    attribute('ProtectionStorageMask', storageMask),
  ];
  const present = new Set(asked.map(attributeKey));
  return set.filter((candidate) => !present.has(attributeKey(candidate)));
}

function sha256(data: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}
