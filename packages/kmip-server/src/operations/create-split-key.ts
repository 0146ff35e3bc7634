/** Create Split Key (1.4 §4.38, 2.1 §6.1.10): a key that is here, or a new one, in parts. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  type KeyBlock,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { type SplitPlan, splitSecret } from '../cryptography/split-key.ts';
import { stateAt } from '../lifecycle/state.ts';
import { protectionOf } from '../objects/inherited-protection.ts';
import { isWrapped, keyBlockOf, keyBytes } from '../objects/key-material.ts';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { newSymmetricKey } from '../objects/symmetric-key.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { handler, type OperationContext } from './operation-handler.ts';

export const createSplitKey = handler<'CreateSplitKey'>(
  OPERATION_SCHEMAS.CreateSplitKey,
  async (context, request) => {
    const { objectType } = request;
    if (objectType !== 'SplitKey') {
      throw new ClavigerError(
        'invalid-object-type',
        `Create Split Key makes objects of type SplitKey, not ${objectType}`,
      );
    }
    const asked = await resolveTemplates(context, request.attributes);
    assertNameless(asked);
    const { source, block, secret } = await secretToSplit(context, request, asked);
    const plan: SplitPlan = {
      method: request.splitKeyMethod,
      parts: request.splitKeyParts,
      threshold: request.splitKeyThreshold,
      primeFieldSize: request.primeFieldSize,
    };
    const parts = splitSecret(secret, plan, context.newKeyMaterial);
    for (const { data } of parts) context.wipeLater(data);
    const objects: ManagedObject[] = [];
    for (const { identifier, data } of parts) {
      const object = await newObject(context, {
        id: context.newIdentifier(),
        objectType,
        // The key itself knows better what it is (2.1 §6.1.10).
        asked: asked.filter((candidate) => !isOfKey(candidate)),
        implied: [...attributesOf(block), ...(source === undefined ? [] : protectionOf([source]))],
        usual: usualOf(context, source),
        content: {
          splitKey: {
            splitKeyParts: plan.parts,
            keyPartIdentifier: identifier,
            splitKeyThreshold: plan.threshold,
            splitKeyMethod: plan.method,
            primeFieldSize: plan.primeFieldSize,
            keyBlock: {
              ...block,
              keyValue: { keyMaterial: data, attributes: [] },
            },
          },
        },
        protectionStorageMasks: request.protectionStorageMasks?.protectionStorageMask,
      });
      objects.push(object);
    }
    const [first] = objects;
    return {
      response: { objectType, uniqueIdentifier: objects.map(({ id }) => id) },
      save: objects,
      audit: {
        subject: first && {
          id: first.id,
          objectType,
          state: stateAt(first, context.nowSeconds),
        },
      },
      ...(first !== undefined && { idPlaceholder: first.id }),
    };
  },
);

/** What is split: the key that the request names, or a new one. */
async function secretToSplit(
  context: OperationContext,
  { uniqueIdentifier }: RequestOf<typeof OPERATION_SCHEMAS.CreateSplitKey>,
  asked: readonly Attribute[],
): Promise<{
  readonly source: ManagedObject | undefined;
  /** Of the key, without the Key Value. */
  readonly block: Omit<KeyBlock, 'keyValue' | 'keyWrappingData'>;
  readonly secret: Uint8Array;
}> {
  const source =
    uniqueIdentifier === undefined ? undefined : (await context.find(uniqueIdentifier)).object;
  const content =
    source === undefined ? newSymmetricKey(context, asked).content : context.open(source);
  const block = content.splitKey === undefined ? keyBlockOf(content) : undefined;
  const secret = block && !isWrapped(block) ? keyBytes(block) : undefined;
  if (block === undefined || secret === undefined || secret.length === 0) {
    throw new ClavigerError(
      'unsuitable-key',
      'only a key or a secret can be split, and only while it is not wrapped',
    );
  }
  const { keyValue: _, keyWrappingData: __, ...rest } = block;
  return { source, block: rest, secret };
}

function attributesOf(block: Omit<KeyBlock, 'keyValue' | 'keyWrappingData'>) {
  const { cryptographicAlgorithm: algorithm, cryptographicLength: length } = block;
  return [
    ...(algorithm === undefined ? [] : [attribute('CryptographicAlgorithm', algorithm)]),
    ...(length === undefined ? [] : [attribute('CryptographicLength', length)]),
  ];
}

function usualOf(context: OperationContext, source: ManagedObject | undefined) {
  const mask = source && attributeValue(source, 'CryptographicUsageMask');
  return [
    attribute('OriginalCreationDate', context.nowSeconds),
    ...(mask === undefined ? [] : [attribute('CryptographicUsageMask', mask)]),
  ];
}

function isOfKey({ kind, name }: Attribute): boolean {
  return (
    kind === 'standard' && (name === 'CryptographicAlgorithm' || name === 'CryptographicLength')
  );
}

/** Of several objects only one can have a Name. */
function assertNameless(asked: readonly Attribute[]): void {
  if (attributeValue({ attributes: asked }, 'Name') === undefined) return;
  throw new ClavigerError(
    'invalid-attribute',
    'the parts cannot all have one Name; give each its own by Add Attribute',
  );
}
