/** Re-key (1.4 §4.4, 2.1 §6.1.46): a new symmetric key in the place of another. */

import { attribute, ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { isDestroyed, stateAt } from '../lifecycle/state.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { inheritedAttributes, replacedBy } from '../objects/replacement.ts';
import { newSymmetricKey } from '../objects/symmetric-key.ts';
import { combined, resolveTemplates } from '../objects/templates.ts';
import { handler } from './operation-handler.ts';

export const reKey = handler<'ReKey'>(OPERATION_SCHEMAS.ReKey, async (context, request) => {
  const { object: existing, state } = await context.find(request.uniqueIdentifier);
  assertOnLine(existing);
  if (existing.objectType !== 'SymmetricKey' || isDestroyed(state)) {
    throw new ClavigerError(
      'unsuitable-key',
      'only a symmetric key that is not destroyed can be re-keyed',
    );
  }
  if (attributeValue(existing, 'KeyValuePresent') === false) {
    throw new ClavigerError('key-value-not-present', 'the key is held elsewhere; re-key it there');
  }
  const asked = await resolveTemplates(context, request.attributes);
  const { offset } = request;
  const inherited = inheritedAttributes(existing, {
    offset,
    asked,
    nowSeconds: context.nowSeconds,
  });
  const { implied, content } = newSymmetricKey(
    context,
    combined([inherited, asked], context.version),
  );
  const object = await newObject(context, {
    id: context.newIdentifier(),
    objectType: 'SymmetricKey',
    asked,
    implied,
    inherited,
    usual: [
      attribute('Link', {
        linkType: 'ReplacedObjectLink',
        linkedObjectIdentifier: existing.id,
      }),
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('RandomNumberGenerator', { rngAlgorithm: 'Unspecified' }),
    ],
    content,
    protectionStorageMasks: request.protectionStorageMasks?.protectionStorageMask,
  });
  return {
    response: { uniqueIdentifier: object.id },
    save: [replacedBy(existing, object.id, context), object],
    audit: {
      subject: {
        id: object.id,
        objectType: 'SymmetricKey',
        state: stateAt(object, context.nowSeconds),
      },
    },
    idPlaceholder: object.id,
  };
});
