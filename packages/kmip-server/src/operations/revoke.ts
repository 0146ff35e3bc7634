/** Revoke (1.4 §4.20, 2.1 §6.1.44). */

import { ClavigerError, isNamedValue, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { AFTER_REVOKE } from '../lifecycle/state.ts';
import { attributeValue, withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const revoke = handler<'Revoke'>(OPERATION_SCHEMAS.Revoke, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  assertOnLine(object);
  if (object.objectType === 'Template') {
    throw new ClavigerError('illegal-operation', 'a Template has no State: it cannot be revoked');
  }
  const { revocationReason, compromiseOccurrenceDate } = request;
  const code = revocationReason.revocationReasonCode;
  if (!isNamedValue(code)) {
    throw new ClavigerError('invalid-field', `the Revocation Reason Code ${code} is not known`);
  }
  const isCompromise = code === 'KeyCompromise' || code === 'CACompromise';
  if (!isCompromise && compromiseOccurrenceDate !== undefined) {
    throw new ClavigerError(
      'invalid-field',
      'a Compromise Occurrence Date goes with a compromise only',
    );
  }
  const next = AFTER_REVOKE[isCompromise ? 'compromise' : 'other'][state];
  if (next === undefined) {
    throw new ClavigerError(
      'not-revocable',
      isCompromise
        ? `the object is ${state} already`
        : `the object is ${state}; only an Active object can be revoked for this reason`,
    );
  }
  const now = context.nowSeconds;
  const revoked = withValues(object, {
    State: next,
    RevocationReason: revocationReason,
    LastChangeDate: now,
    ...(isCompromise
      ? {
          CompromiseDate: now,
          CompromiseOccurrenceDate:
            compromiseOccurrenceDate ?? attributeValue(object, 'InitialDate'),
        }
      : { DeactivationDate: now }),
  });
  return {
    response: { uniqueIdentifier: object.id },
    save: [revoked],
    audit: {
      subject: { id: object.id, objectType: object.objectType, state: next },
      stateBefore: state,
      revocationReason: code,
    },
  };
});
