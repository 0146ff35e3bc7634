/** Create (1.4 §4.1, 2.1 §6.1.8): the server makes a symmetric key, or a secret of random bytes. */

import { attribute, ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { askedAttributes } from '../objects/defaults.ts';
import { newObject } from '../objects/new-object.ts';
import { newSecret } from '../objects/secret-data.ts';
import { newSymmetricKey } from '../objects/symmetric-key.ts';
import { handler } from './operation-handler.ts';

export const create = handler<'Create'>(OPERATION_SCHEMAS.Create, async (context, request) => {
  const { objectType } = request;
  if (objectType !== 'SymmetricKey' && objectType !== 'SecretData') {
    throw new ClavigerError(
      'invalid-object-type',
      `Create makes objects of type SymmetricKey and SecretData, not ${objectType}`,
    );
  }
  const asked = await askedAttributes(context, objectType, request.attributes);
  const { implied, content } =
    objectType === 'SymmetricKey' ? newSymmetricKey(context, asked) : newSecret(context, asked);
  const object = await newObject(context, {
    id: context.newIdentifier(),
    objectType,
    asked,
    implied,
    usual: [
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
    ],
    content,
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
});
