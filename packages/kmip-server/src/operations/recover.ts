/** Recover (1.4 §4.23, 2.1 §6.1.48): an archived object is on line again; what is not archived stays so. */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { isArchived } from '../lifecycle/archive.ts';
import { withoutInstances } from '../lifecycle/attribute-change.ts';
import { instancesOf, withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const recover = handler<'Recover'>(OPERATION_SCHEMAS.Recover, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  const date = instancesOf(object, { kind: 'standard', name: 'ArchiveDate' });
  return {
    response: { uniqueIdentifier: object.id },
    ...(isArchived(object) && {
      save: [withValues(withoutInstances(object, date), { LastChangeDate: context.nowSeconds })],
    }),
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
