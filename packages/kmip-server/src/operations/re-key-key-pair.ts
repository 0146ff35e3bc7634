/** Re-key Key Pair (1.4 §4.5, 2.1 §6.1.47): a new pair in the place of another. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  OPERATION_SCHEMAS,
} from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { isDestroyed, stateAt } from '../lifecycle/state.ts';
import { newKeyPair } from '../objects/key-pair.ts';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { inheritedAttributes, replacedBy } from '../objects/replacement.ts';
import type { NewMaterial } from '../objects/symmetric-key.ts';
import { combined, resolveTemplates } from '../objects/templates.ts';
import { type FoundObject, handler, type OperationContext } from './operation-handler.ts';

export const reKeyKeyPair = handler<'ReKeyKeyPair'>(
  OPERATION_SCHEMAS.ReKeyKeyPair,
  async (context, request) => {
    const privateKey = await context.find(request.privateKeyUniqueIdentifier);
    const publicKey = await publicKeyOf(context, privateKey);
    const common = await resolveTemplates(context, request.commonAttributes);
    const ofPrivate = await resolveTemplates(context, request.privateKeyAttributes);
    const ofPublic = await resolveTemplates(context, request.publicKeyAttributes);
    const askedPrivate = combined([common, ofPrivate], context.version);
    const askedPublic = combined([common, ofPublic], context.version);
    const { offset } = request;
    const { nowSeconds } = context;
    const inherited = inheritedAttributes(privateKey.object, {
      offset,
      asked: askedPrivate,
      nowSeconds,
    });
    const pair = await newKeyPair(
      combined([inherited, askedPrivate], context.version),
      context.wipeLater,
    );
    const privateId = context.newIdentifier();
    const publicId = context.newIdentifier();
    const commonMasks = request.commonProtectionStorageMasks?.protectionStorageMask;
    const newPrivate = await replacement(context, {
      id: privateId,
      existing: privateKey.object,
      asked: askedPrivate,
      inherited,
      made: pair.privateKey,
      other: attribute('Link', { linkType: 'PublicKeyLink', linkedObjectIdentifier: publicId }),
      masks: request.privateProtectionStorageMasks?.protectionStorageMask ?? commonMasks,
    });
    const newPublic = await replacement(context, {
      id: publicId,
      existing: publicKey.object,
      asked: askedPublic,
      inherited: inheritedAttributes(publicKey.object, { offset, asked: askedPublic, nowSeconds }),
      made: pair.publicKey,
      other: attribute('Link', { linkType: 'PrivateKeyLink', linkedObjectIdentifier: privateId }),
      masks: request.publicProtectionStorageMasks?.protectionStorageMask ?? commonMasks,
    });
    return {
      response: { privateKeyUniqueIdentifier: privateId, publicKeyUniqueIdentifier: publicId },
      save: [
        replacedBy(privateKey.object, privateId, context),
        replacedBy(publicKey.object, publicId, context),
        newPrivate,
        newPublic,
      ],
      audit: {
        subject: {
          id: privateId,
          objectType: 'PrivateKey',
          state: stateAt(newPrivate, nowSeconds),
        },
      },
      // Of the pair, the private key (1.4 §4.5).
      idPlaceholder: privateId,
    };
  },
);

async function publicKeyOf(
  context: OperationContext,
  { object, state }: FoundObject,
): Promise<FoundObject> {
  assertOnLine(object);
  const id = object.attributes
    .flatMap((each) => (each.kind === 'standard' && each.name === 'Link' ? [each.value] : []))
    .find(({ linkType }) => linkType === 'PublicKeyLink')?.linkedObjectIdentifier;
  const found = typeof id === 'string' ? await context.read(id) : undefined;
  if (object.objectType !== 'PrivateKey' || isDestroyed(state) || found === undefined) {
    throw new ClavigerError(
      'unsuitable-key',
      'only a private key that is not destroyed, and is linked to its public key, can be re-keyed',
    );
  }
  assertOnLine(found.object);
  if (attributeValue(object, 'KeyValuePresent') === false) {
    throw new ClavigerError('key-value-not-present', 'the key is held elsewhere; re-key it there');
  }
  return found;
}

interface Replacement {
  readonly id: string;
  readonly existing: ManagedObject;
  readonly asked: readonly Attribute[];
  readonly inherited: readonly Attribute[];
  readonly made: NewMaterial;
  /** Link to the other key of the pair. */
  readonly other: Attribute;
  readonly masks: readonly number[] | undefined;
}

function replacement(context: OperationContext, parts: Replacement): Promise<ManagedObject> {
  const { id, existing, asked, inherited, made, other, masks } = parts;
  return newObject(context, {
    id,
    objectType: existing.objectType,
    asked,
    implied: made.implied,
    inherited,
    usual: [
      other,
      attribute(
        'Link',
        { linkType: 'ReplacedObjectLink', linkedObjectIdentifier: existing.id },
        other.index + 1,
      ),
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
    ],
    content: made.content,
    protectionStorageMasks: masks,
  });
}
