/**
 * Get (1.4 §4.11, 2.1 §6.1.19).
 *
 * A Deactivated or Compromised key is handed out like any other: what it may still be used for is the
 * client's decision, and a virtual machine whose key was revoked must be able to start.
 */

import {
  ClavigerError,
  type EnumerationValue,
  OPERATION_SCHEMAS,
  type ManagedObject as ProtocolObject,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { isDestroyed } from '../lifecycle/state.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const get = handler<'Get'>(OPERATION_SCHEMAS.Get, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  if (isDestroyed(state)) {
    throw new ClavigerError(
      'material-destroyed',
      'the object has been destroyed; only its attributes are left',
    );
  }
  assertPlainForm(request);
  if (attributeValue(object, 'Sensitive') === true) {
    throw new ClavigerError(
      'sensitive',
      'the object is sensitive: it leaves the server wrapped only',
    );
  }
  if (attributeValue(object, 'Extractable') === false) {
    throw new ClavigerError('not-extractable', 'the object is not extractable');
  }
  const material = context.open(object);
  assertFormat(request.keyFormatType, material);
  return {
    response: { objectType: object.objectType, uniqueIdentifier: object.id, ...material },
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});

/** Wrapping and compression are answered with their own reasons until the server can do them. */
function assertPlainForm(request: RequestOf<typeof OPERATION_SCHEMAS.Get>): void {
  if (request.keyWrappingSpecification !== undefined) {
    throw new ClavigerError(
      'feature-not-supported',
      'key wrapping is not supported; leave the Key Wrapping Specification out',
    );
  }
  if (request.keyWrapType !== undefined && request.keyWrapType !== 'NotWrapped') {
    throw new ClavigerError(
      'key-wrap-not-supported',
      'only the Key Wrap Type Not Wrapped is supported',
    );
  }
  if (request.keyCompressionType !== undefined) {
    throw new ClavigerError(
      'key-compression-not-supported',
      'key compression is not supported; leave the Key Compression Type out',
    );
  }
}

function assertFormat(
  asked: EnumerationValue<'KeyFormatType'> | undefined,
  material: ProtocolObject,
): void {
  const format = material.symmetricKey?.keyBlock.keyFormatType;
  if (asked !== undefined && asked !== format) {
    throw new ClavigerError(
      'key-format-not-supported',
      `the key is kept as ${format ?? 'another kind of object'}; ask for that Key Format Type, or for none`,
    );
  }
}
