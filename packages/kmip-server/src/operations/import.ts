/**
 * Import (1.4 §4.41, 2.1 §6.1.25): an object with all the attributes that it had elsewhere. What tells of
 * the object as it is here (identifier, digest, place, last change) the server says itself.
 */

import {
  type Attribute,
  type AttributeName,
  attributeRules,
  ClavigerError,
  OPERATION_SCHEMAS,
  type Version,
} from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { assertKeyMaterial } from '../objects/key-material.ts';
import { unwrapKeyValue } from '../objects/key-wrapping.ts';
import {
  assertObjectType,
  attributesOfMaterial,
  objectTypeOf,
} from '../objects/material-attributes.ts';
import { newObject } from '../objects/new-object.ts';
import { handler, type OperationContext } from './operation-handler.ts';

const OF_THIS_SERVER: ReadonlySet<AttributeName> = new Set<AttributeName>([
  'ArchiveDate',
  'Digest',
  'KeyFormatType',
  'LastChangeDate',
  'ObjectType',
  'ProtectionStorageMask',
  'ShortUniqueIdentifier',
  'UniqueIdentifier',
]);

export const importObject = handler<'Import'>(
  OPERATION_SCHEMAS.Import,
  async (context, request) => {
    const {
      uniqueIdentifier,
      objectType: said,
      replaceExisting,
      keyWrapType,
      attributes,
      ...given
    } = request;
    const objectType = said ?? objectTypeOf(given) ?? 'OpaqueObject';
    assertObjectType(objectType, given);
    assertKeyMaterial(given, context.version);
    const existing = await existingObject(context, uniqueIdentifier, replaceExisting === true);
    const content = keyWrapType === 'NotWrapped' ? await unwrapKeyValue(context, given) : given;
    const implied = attributesOfMaterial(content);
    const isImplied = (each: Attribute) =>
      implied.some(({ name }) => each.kind === 'standard' && each.name === name);
    const kept = attributes.filter(
      (each) => each.kind === 'vendor' || !OF_THIS_SERVER.has(each.name),
    );
    const isAsked = (each: Attribute) => isImplied(each) || isOfClients(each, context.version);
    const made = await newObject(context, {
      id: existing?.id ?? context.newIdentifier(),
      objectType,
      asked: kept.filter(isAsked),
      implied,
      usual: kept.filter((each) => !isAsked(each)),
      content,
      replaces: existing,
    });
    const object = { ...made, version: existing?.version ?? 0 };
    return {
      response: { uniqueIdentifier: object.id },
      save: [object],
      audit: {
        subject: { id: object.id, objectType, state: stateAt(object, context.nowSeconds) },
      },
      idPlaceholder: object.id,
    };
  },
);

/** What a client may set of itself; the rest is taken over without asking who sets it. */
function isOfClients(each: Attribute, version: Version): boolean {
  if (each.kind === 'vendor') return each.vendorIdentification !== 'y';
  return (attributeRules(each.name, version)?.setBy ?? 'server') !== 'server';
}

/** @throws ClavigerError `object-already-exists` unless it is to be replaced by one of its type. */
async function existingObject(context: OperationContext, identifier: unknown, isReplaced: boolean) {
  const found = typeof identifier === 'string' ? await context.read(identifier) : undefined;
  if (found === undefined || isReplaced) return found?.object;
  throw new ClavigerError(
    'object-already-exists',
    'there is an object of this Unique Identifier; say Replace Existing to replace it',
  );
}
