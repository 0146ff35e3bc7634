/** Archive (1.4 §4.22, 2.1 §6.1.4): the object goes off line until it is recovered. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const archive = handler<'Archive'>(OPERATION_SCHEMAS.Archive, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  assertOnLine(object);
  const now = context.nowSeconds;
  return {
    response: { uniqueIdentifier: object.id },
    save: [withValues(object, { ArchiveDate: now, LastChangeDate: now })],
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
