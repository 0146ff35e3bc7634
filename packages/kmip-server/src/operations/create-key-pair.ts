/** Create Key Pair (1.4 §4.2, 2.1 §6.1.9): the server makes a private and a public key that know each other. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  OPERATION_SCHEMAS,
} from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { missingDefaults } from '../objects/defaults.ts';
import { newKeyPair } from '../objects/key-pair.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { combined, resolveTemplates } from '../objects/templates.ts';
import { handler } from './operation-handler.ts';

export const createKeyPair = handler<'CreateKeyPair'>(
  OPERATION_SCHEMAS.CreateKeyPair,
  async (context, request) => {
    const common = await resolveTemplates(context, request.commonAttributes);
    const ofPrivateKey = await resolveTemplates(context, request.privateKeyAttributes);
    const ofPublicKey = await resolveTemplates(context, request.publicKeyAttributes);
    const { defaults } = await context.rules();
    const whole = (type: 'PrivateKey' | 'PublicKey', own: readonly Attribute[]) => {
      const asked = combined([common, own], context.version);
      return [...asked, ...missingDefaults(defaults, type, asked)];
    };
    const askedPrivate = whole('PrivateKey', ofPrivateKey);
    const askedPublic = whole('PublicKey', ofPublicKey);
    assertUsageMask(askedPrivate, 'private');
    assertUsageMask(askedPublic, 'public');
    const pair = await newKeyPair(askedPrivate, context.wipeLater);
    const privateId = context.newIdentifier();
    const publicId = context.newIdentifier();
    const usual = [
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
    ];
    const commonMasks = request.commonProtectionStorageMasks?.protectionStorageMask;
    const privateKey = await newObject(context, {
      id: privateId,
      objectType: 'PrivateKey',
      asked: askedPrivate,
      implied: pair.privateKey.implied,
      usual: [
        ...usual,
        attribute('Link', { linkType: 'PublicKeyLink', linkedObjectIdentifier: publicId }),
      ],
      content: pair.privateKey.content,
      protectionStorageMasks:
        request.privateProtectionStorageMasks?.protectionStorageMask ?? commonMasks,
    });
    const publicKey = await newObject(context, {
      id: publicId,
      objectType: 'PublicKey',
      asked: askedPublic,
      implied: pair.publicKey.implied,
      usual: [
        ...usual,
        attribute('Link', { linkType: 'PrivateKeyLink', linkedObjectIdentifier: privateId }),
      ],
      content: pair.publicKey.content,
      protectionStorageMasks:
        request.publicProtectionStorageMasks?.protectionStorageMask ?? commonMasks,
    });
    return {
      response: { privateKeyUniqueIdentifier: privateId, publicKeyUniqueIdentifier: publicId },
      save: [privateKey, publicKey],
      audit: {
        subject: {
          id: privateId,
          objectType: 'PrivateKey',
          state: stateAt(privateKey, context.nowSeconds),
        },
      },
      // Of the pair, the private key (1.4 §4.2).
      idPlaceholder: privateId,
    };
  },
);

function assertUsageMask(attributes: readonly Attribute[], which: string): void {
  if (attributeValue({ attributes }, 'CryptographicUsageMask') !== undefined) return;
  throw new ClavigerError(
    'invalid-field',
    `the ${which} key needs the attribute Cryptographic Usage Mask`,
  );
}
