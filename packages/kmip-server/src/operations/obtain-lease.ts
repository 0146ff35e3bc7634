/** Obtain Lease (1.4 §4.17, 2.1 §6.1.35). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { LEASE_SECONDS } from '../objects/new-object.ts';
import { handler } from './operation-handler.ts';

export const obtainLease = handler<'ObtainLease'>(
  OPERATION_SCHEMAS.ObtainLease,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    assertOnLine(object);
    if (object.objectType === 'Template') {
      throw new ClavigerError('illegal-operation', 'there is no lease for a Template');
    }
    if (state !== 'PreActive' && state !== 'Active' && state !== 'Deactivated') {
      throw new ClavigerError('wrong-state', `the object is ${state}: no lease is given for it`);
    }
    return {
      response: {
        uniqueIdentifier: object.id,
        leaseTime: attributeValue(object, 'LeaseTime') ?? LEASE_SECONDS,
        lastChangeDate: attributeValue(object, 'LastChangeDate') ?? context.nowSeconds,
      },
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);
