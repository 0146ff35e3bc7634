/** An object as a client asks for it: its material in a format, wrapped or not (Get and Export). */

import {
  ClavigerError,
  type OPERATION_SCHEMAS,
  type ManagedObject as ProtocolObject,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { isDestroyed } from '../lifecycle/state.ts';
import type { FoundObject, OperationContext } from '../operations/operation-handler.ts';
import { inKeyFormat } from './key-format.ts';
import { hasKeyValue, isWrapped, keyBlockOf, withKeyBlock } from './key-material.ts';
import { unwrapKeyValue, usedWrappingKeys, wrapKeyValue } from './key-wrapping.ts';
import { attributeValue, type ManagedObject, withValues } from './managed-object.ts';
import { inPkcs12 } from './pkcs12-container.ts';

/** The fields by which a client says in which form it wants an object. */
export type AskedForm = Pick<
  RequestOf<typeof OPERATION_SCHEMAS.Get>,
  'keyFormatType' | 'keyWrapType' | 'keyCompressionType' | 'keyWrappingSpecification'
>;

/**
 * @throws ClavigerError `material-destroyed`, `object-archived`, `sensitive`, `not-extractable`,
 * `key-value-not-present`, `key-format-not-supported`, `key-compression-not-supported`,
 * `key-wrap-not-supported` and those of wrapping.
 */
export async function givenObject(
  context: OperationContext,
  { object, state }: FoundObject,
  asked: AskedForm,
): Promise<ProtocolObject> {
  assertGivable({ object, state });
  const { keyWrappingSpecification: specification, keyWrapType } = asked;
  if (specification !== undefined && object.objectType === 'Template') {
    throw new ClavigerError('illegal-operation', 'a Template cannot be wrapped');
  }
  if (asked.keyCompressionType !== undefined) {
    throw new ClavigerError(
      'key-compression-not-supported',
      'key compression is not supported; leave the Key Compression Type out',
    );
  }
  const stored = context.open(object);
  // Of a key that is held elsewhere there are the facts of its Key Block alone (1.4 §3.41).
  if (!hasKeyValue(stored) && specification === undefined) return stored;
  const block = keyBlockOf(stored);
  const staysWrapped =
    block !== undefined &&
    isWrapped(block) &&
    keyWrapType !== 'NotWrapped' &&
    specification === undefined;
  if (staysWrapped) return inKeyFormat(stored, asked.keyFormatType, context.wipeLater);
  if (!conceals(specification)) assertNotSensitive(object);
  const plain = await unwrapKeyValue(context, stored);
  const isContainer = asked.keyFormatType === 'PKCS_12' && specification === undefined;
  const formed = isContainer
    ? await inPkcs12(context, object, plain)
    : inKeyFormat(plain, asked.keyFormatType, context.wipeLater);
  if (specification === undefined) return formed;
  const wrapped = await wrapKeyValue(context, formed, specification, object.attributes);
  return asItCame(stored, wrapped);
}

/** @throws ClavigerError `material-destroyed`, `object-archived`, `not-extractable`. */
export function assertGivable({ object, state }: FoundObject): void {
  if (isDestroyed(state)) {
    throw new ClavigerError(
      'material-destroyed',
      'the object has been destroyed; only its attributes are left',
    );
  }
  assertOnLine(object);
  if (attributeValue(object, 'Extractable') === false) {
    throw new ClavigerError('not-extractable', 'the object is not extractable');
  }
}

/** For material that would leave in the clear. @throws ClavigerError `sensitive`. */
export function assertNotSensitive(object: ManagedObject): void {
  if (attributeValue(object, 'Sensitive') !== true) return;
  throw new ClavigerError(
    'sensitive',
    'the object is sensitive: it leaves the server wrapped only',
  );
}

/**
 * What has changed when an object was given: it is fresh no more, and the keys that wrapped it were used.
 *
 * @param given - What {@link givenObject} has made of it.
 * @throws ClavigerError `usage-limit-exceeded`.
 */
export async function afterGiving(
  context: OperationContext,
  { object }: FoundObject,
  { keyWrappingSpecification: specification }: AskedForm,
  given: ProtocolObject,
): Promise<readonly ManagedObject[]> {
  const used =
    specification === undefined ? [] : await usedWrappingKeys(context, specification, given);
  const others = used.filter(({ id }) => id !== object.id);
  const itself = used.find(({ id }) => id === object.id);
  const handed = handedOut(itself ?? object);
  return [...others, ...(handed.length === 0 && itself !== undefined ? [itself] : handed)];
}

/** The object after its material was handed out: it is fresh no more (1.4 §3.34). */
export function handedOut(object: ManagedObject): readonly ManagedObject[] {
  return attributeValue(object, 'Fresh') === true ? [withValues(object, { Fresh: false })] : [];
}

function conceals(specification: AskedForm['keyWrappingSpecification']): boolean {
  return specification !== undefined && specification.wrappingMethod !== 'MACSign';
}

/** Whoever sent wrapped bytes as Key Material reads them there as well. */
function asItCame(stored: ProtocolObject, wrapped: ProtocolObject): ProtocolObject {
  const before = keyBlockOf(stored);
  const after = keyBlockOf(wrapped);
  const isInside =
    before?.keyWrappingData !== undefined && !(before.keyValue instanceof Uint8Array);
  if (!isInside || !(after?.keyValue instanceof Uint8Array)) return wrapped;
  if (after.keyWrappingData?.encodingOption !== 'NoEncoding') return wrapped;
  return withKeyBlock(wrapped, {
    ...after,
    keyValue: { keyMaterial: after.keyValue, attributes: [] },
  });
}
