/**
 * Get (1.4 §4.11, 2.1 §6.1.19).
 *
 * A Deactivated or Compromised key is handed out like any other: what it may still be used for is the
 * client's decision, and a virtual machine whose key was revoked must be able to start.
 */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { afterGiving, givenObject } from '../objects/given-object.ts';
import { handler } from './operation-handler.ts';

export const get = handler<'Get'>(OPERATION_SCHEMAS.Get, async (context, request) => {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  const material = await givenObject(context, found, request);
  return {
    response: { objectType: object.objectType, uniqueIdentifier: object.id, ...material },
    save: await afterGiving(context, found, request, material),
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
